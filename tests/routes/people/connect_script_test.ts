/** Each branch of `connect.js`, in a window of the test's. In a real browser: `tests/browser/`. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { BACK_MS, connectScript, MAX_SCRIPT_BYTES } from "../../../routes/people/connect_script.ts";
import { type AppWindow, appWindow, Channels, GATEWAY } from "../../support/app_window.ts";

const LINK = `${GATEWAY}/auth/calendar?user_id=u&link=x`;
const NOTHING = { listeners: 0, timers: 0, channels: 0 };
/** Looks until a page that has the focus takes its pop-up for closed. */
const LOOKS = BACK_MS / 500 + 1;

/** How a call ended, or that it has not. */
function ending(call: Promise<unknown>): { is(): Promise<unknown> } {
  let end: unknown = "waiting";
  call.then((value) => end = value, (error) => {
    const { code, service, access } = error;
    end = { rejected: code, ...(service && { service }), ...(access && { access }) };
  });
  return { is: () => settled().then(() => end) };
}

/** Promises that follow each other are through. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A call whose pop-up is at its link. */
async function connecting(app: AppWindow) {
  const end = ending(app.switchboard.connect(LINK));
  await settled();
  const popup = app.popups.at(-1)!;
  const say = (data: Record<string, unknown>) =>
    app.message({ source: popup, data: { switchboard: popup.nonce, ...data } });
  return { end, popup, say };
}

Deno.test("the script is less than 2 KB, wherever it is served", () => {
  for (const origin of [GATEWAY, `https://${"x".repeat(63)}.example.com:65535`]) {
    const script = connectScript(origin);
    assert(new TextEncoder().encode(script).length < MAX_SCRIPT_BYTES, `${script.length}`);
    assertMatch(script, /^\/\/ .*README\n\(\(\) => \{\n/);
  }
});

Deno.test("connect() opens the link with a nonce in the fragment, and gives what it is told", async () => {
  const app = appWindow();
  const { end, popup, say } = await connecting(app);
  assertEquals(popup.features, "popup,width=520,height=720");
  assertEquals(popup.location, `${LINK}#switchboard=${popup.nonce}`);
  assertMatch(popup.nonce, /^[\w-]{36}$/);
  say({ here: true });
  say({ here: false });
  assertEquals(await end.is(), "waiting");
  say({ code: "c", service: "calendar" });
  assertEquals(await end.is(), { code: "c", service: "calendar" });
  // The pop-up hears that it was heard, and whoever stands there instead of it does not.
  assertEquals(popup.got, [[popup.nonce, GATEWAY]]);
  assertEquals([popup.closed, app.left()], [true, NOTHING]);
  const other = await connecting(app);
  assert(other.popup.nonce !== popup.nonce);
});

Deno.test("it rejects with the reason, as the gateway says it", async () => {
  const app = appWindow();
  for (
    const said of [
      { error: "access_denied", service: "calendar" },
      { error: "temporarily_unavailable", service: "calendar", access: "taken_back" },
      { error: "expired_link", service: "calendar" },
    ]
  ) {
    const { end, popup, say } = await connecting(app);
    say(said);
    const { error, ...rest } = said;
    assertEquals(await end.is(), { rejected: error, ...rest });
    assertEquals([popup.closed, app.left()], [true, NOTHING]);
  }
});

Deno.test("nothing counts that is not from the gateway, the pop-up and this very call", async () => {
  const app = appWindow();
  const first = await connecting(app);
  first.say({ error: "access_denied" });
  const { end, popup, say } = await connecting(app);
  const { nonce } = popup;
  const told = { switchboard: nonce, code: "stolen", service: "calendar" };
  const wrong: [source: unknown, data: unknown, origin?: string][] = [
    [popup, told, "https://evil.example"],
    [popup, told, `${GATEWAY}.evil.example`],
    [popup, told, "null"],
    [popup, told, ""],
    [first.popup, told],
    [null, told],
    [undefined, told],
    [{}, told],
    [popup, { ...told, switchboard: first.popup.nonce }],
    [popup, { ...told, switchboard: undefined }],
    [popup, { ...told, switchboard: "" }],
    [popup, { ...told, switchboard: true }],
    [popup, { code: "stolen" }],
    [popup, nonce],
    [popup, null],
    [popup, undefined],
    [popup, [nonce]],
  ];
  for (const [source, data, origin = GATEWAY] of wrong) app.message({ source, data, origin });
  assertEquals([await end.is(), popup.got, popup.closed], ["waiting", [], false]);
  say({ code: "c", service: "calendar" });
  assertEquals(await end.is(), { code: "c", service: "calendar" });
});

Deno.test("a link that comes later is waited for, in a pop-up that is open already", async () => {
  const app = appWindow();
  const link = Promise.withResolvers<string>();
  const end = ending(app.switchboard.connect(link.promise, { width: 400, height: 500 }));
  const [popup] = app.popups;
  assertEquals([popup!.location, popup!.features], ["about:blank", "popup,width=400,height=500"]);
  link.resolve(LINK);
  await settled();
  assertEquals([popup!.location.split("#")[0], await end.is()], [LINK, "waiting"]);
});

Deno.test("what is no link of the gateway is opened nowhere", async () => {
  for (
    const url of [
      "https://evil.example/auth/x",
      `${GATEWAY}.evil.example/auth/x`,
      `${GATEWAY}@evil.example/`,
      "javascript:alert(1)",
      "/auth/calendar",
      "",
      undefined,
    ]
  ) {
    const app = appWindow();
    const end = ending(app.switchboard.connect(url));
    await settled();
    const [popup] = app.popups;
    assertEquals([popup!.location, popup!.closed], ["about:blank", true]);
    assertEquals([await end.is(), app.left()], [{ rejected: "no_link" }, NOTHING]);
  }
  const cause = new Error("the backend is down");
  const error = await assertRejects(
    () => appWindow().switchboard.connect(Promise.reject(cause)),
    Error,
  );
  assertEquals([error.message, error.cause], ["no_link", cause]);
});

Deno.test("a pop-up that the browser blocks is a reason of its own", async () => {
  const app = appWindow({ blocked: true });
  const down = () => Promise.reject(new Error("the backend is down, too"));
  for (const url of [() => LINK, down]) {
    const end = ending(app.switchboard.connect(url()));
    assertEquals([await end.is(), app.left()], [{ rejected: "popup_blocked" }, NOTHING]);
  }
});

Deno.test("a second call closes the first one's pop-up, and is heard alone", async () => {
  const app = appWindow();
  const first = await connecting(app);
  const second = await connecting(app);
  assertEquals(await first.end.is(), { rejected: "superseded" });
  assertEquals([first.popup.closed, second.popup.closed], [true, false]);
  first.say({ code: "of the first" });
  app.tick(LOOKS);
  assertEquals(await second.end.is(), "waiting");
  second.say({ code: "c", service: "calendar" });
  assertEquals([await second.end.is(), app.left()], [{ code: "c", service: "calendar" }, NOTHING]);
});

Deno.test("a second call while the first one's link is on its way sends no pop-up there later", async () => {
  const app = appWindow();
  const link = Promise.withResolvers<string>();
  const first = ending(app.switchboard.connect(link.promise));
  const second = await connecting(app);
  link.resolve(LINK);
  assertEquals(await first.is(), { rejected: "superseded" });
  assertEquals([app.popups[0]!.closed, await second.end.is()], [true, "waiting"]);
});

Deno.test("a pop-up that is closed before it leaves for the provider is closed at once", async () => {
  const app = appWindow();
  const { end, popup, say } = await connecting(app);
  say({ here: true });
  popup.closed = true;
  app.tick();
  assertEquals([await end.is(), app.left()], [{ rejected: "closed" }, NOTHING]);
  const link = Promise.withResolvers<string>();
  const blank = ending(app.switchboard.connect(link.promise));
  app.popups.at(-1)!.closed = true;
  app.tick();
  assertEquals(await blank.is(), { rejected: "closed" });
  link.resolve(LINK);
});

Deno.test("one that a provider has cut off is waited for, until the person is back", async () => {
  const app = appWindow();
  const { end, popup, say } = await connecting(app);
  say({ here: true });
  say({ here: false });
  popup.closed = true;
  app.tick(1000);
  assertEquals(await end.is(), "waiting");
  // They look at the page for a moment, and go on.
  for (let times = 0; times < 5; times++) {
    app.page.hasFocus = true;
    app.tick(LOOKS - 1);
    app.page.hasFocus = false;
    app.tick();
  }
  assertEquals(await end.is(), "waiting");
  app.page.hasFocus = true;
  app.tick(LOOKS);
  assertEquals([await end.is(), app.left()], [{ rejected: "closed" }, NOTHING]);
});

Deno.test("a page that has the focus beside an open pop-up does not give it up", async () => {
  const app = appWindow();
  const { end } = await connecting(app);
  app.page.hasFocus = true;
  app.tick(1000);
  assertEquals(await end.is(), "waiting");
});

Deno.test("the page at return_to hands on what it was told, and closes", async () => {
  for (
    const [search, end] of [
      ["?mine=1&code=c&service=calendar", { code: "c", service: "calendar" }],
      ["?error=access_denied&service=calendar", { rejected: "access_denied", service: "calendar" }],
      // The server has claimed it, and has taken the code out of the address.
      ["?mine=1", { code: undefined, service: undefined }],
    ] as const
  ) {
    const app = appWindow();
    const call = await connecting(app);
    call.popup.closed = true;
    const { channels } = app;
    const back = appWindow({ search, hash: `#switchboard=${call.popup.nonce}`, channels });
    assertEquals(await call.end.is(), end);
    assertEquals([await back.switchboard.handedOn, back.page.closed], [true, true]);
  }
});

Deno.test("a page at return_to for which nobody waits keeps what it was told, and stays", async () => {
  const app = appWindow();
  const { end, popup } = await connecting(app);
  const { channels } = app;
  const search = "?code=c&service=calendar";
  for (const hash of [`#switchboard=${crypto.randomUUID()}`, `#switchboard=${popup.nonce}x`]) {
    const back = appWindow({ search, hash, channels });
    await settled();
    back.timeout();
    assertEquals([await back.switchboard.handedOn, back.page.closed], [false, false]);
  }
  for (const hash of ["", "#", "#switchboard=", `#x&switchboard=${popup.nonce}`]) {
    const plain = appWindow({ search, hash, channels: new Channels() });
    plain.timeout();
    assertEquals(await plain.switchboard.handedOn, false);
    assertEquals(plain.channels.said, [], "a page that was opened in the usual way says nothing");
  }
  assertEquals(await end.is(), "waiting");
});
