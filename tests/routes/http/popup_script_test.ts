/** The script of our pages in a pop-up, in a window of the test's, and who may run it. */

import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { withScript } from "../../../routes/http/opener.ts";
import { POPUP_DATA_ID, POPUP_SCRIPT } from "../../../routes/http/page/popup_script.ts";
import { POPUP_SCRIPT_HASH } from "../../../routes/http/page/popup_script_hash.ts";

const ORIGIN = "https://app.example.com";
const BACK = `${ORIGIN}/connected?code=c&service=mail`;
const NONCE = "0b0f7f2e-5d0b-4b0e-9a3b-2f6c8d1e7a55";
const told = { code: "c", service: "mail" };

interface Shown {
  origin?: string;
  trip?: string;
  told?: Record<string, string>;
  redirectTo?: string;
}

/** A page of ours with the script on it; `storage`: the tab's. */
function pageOf(
  shown: Shown,
  { hash = "", storage = new Map<string, string>(), opened = true } = {},
) {
  const posted: [data: unknown, origin: string][] = [];
  const opener = { postMessage: (...message: [unknown, string]) => posted.push(message) };
  const listeners = new Map<string, (event?: unknown) => void>();
  const blocks = ["told", "lost"].map((when) => ({ dataset: { when }, hidden: true }));
  const timers = new Map<number, () => void>();
  const left: string[] = [];
  const page = { closed: false };
  const data = JSON.stringify({ origin: ORIGIN, trip: "trip", ...shown });
  const scope = {
    opener: opened ? opener : null,
    document: {
      getElementById: (id: string) =>
        id === POPUP_DATA_ID ? { dataset: { popup: data } } : undefined,
      querySelectorAll: () => blocks,
    },
    location: { hash, replace: (url: string) => left.push(url) },
    sessionStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
    },
    addEventListener: (name: string, listen: () => void) => listeners.set(name, listen),
    setTimeout: (run: () => void) => (timers.set(timers.size + 1, run), timers.size),
    clearTimeout: (timer: number) => timers.delete(timer),
    close: () => void (page.closed = true),
  };
  new Function(...Object.keys(scope), POPUP_SCRIPT)(...Object.values(scope));
  return {
    page,
    posted,
    left,
    storage,
    happens: (name: string, event?: unknown) => listeners.get(name)?.(event),
    listens: () => [...listeners.keys()],
    hears: (event: { source?: unknown; origin?: string; data: unknown }) =>
      listeners.get("message")!({ source: opener, origin: ORIGIN, ...event }),
    timeout() {
      for (const run of timers.values()) run();
      timers.clear();
    },
    /** What a person sees. */
    shows: () => blocks.filter(({ hidden }) => !hidden).map(({ dataset }) => dataset.when),
  };
}

/** A tab in which the nonce came with the link. */
function kept(): Map<string, string> {
  const { storage, happens } = pageOf({}, { hash: `#switchboard=${NONCE}` });
  happens("pageshow");
  return storage;
}

Deno.test("the digest that is written down is the script's", () => {
  const hash = createHash("sha256").update(POPUP_SCRIPT).digest("base64");
  assertEquals(POPUP_SCRIPT_HASH, `sha256-${hash}`);
});

Deno.test("the script ends nowhere before its end, and is allowed by its digest alone", () => {
  assert(!/<\/script|<!--/i.test(POPUP_SCRIPT));
  const policy = withScript("default-src 'none'; base-uri 'none'", "sha256-x");
  assertEquals(policy, "default-src 'none'; base-uri 'none'; script-src 'sha256-x'");
  const more = withScript("default-src 'none'; script-src 'sha256-y'; base-uri 'none'", "sha256-x");
  assertEquals(more, "default-src 'none'; script-src 'sha256-x' 'sha256-y'; base-uri 'none'");
  assertEquals(withScript("", "sha256-x"), "script-src 'sha256-x'");
});

Deno.test("the page behind a link says that it is there, and that it is left, to the origin alone", () => {
  const { happens, posted, left } = pageOf({}, { hash: `#switchboard=${NONCE}` });
  happens("pageshow");
  happens("submit");
  // Back by the button of the browser.
  happens("pageshow");
  assertEquals(posted, [
    [{ switchboard: NONCE, here: true }, ORIGIN],
    [{ switchboard: NONCE, here: false }, ORIGIN],
    [{ switchboard: NONCE, here: true }, ORIGIN],
  ]);
  assertEquals(left, []);
});

Deno.test("a link that nobody's call has opened says nothing to anybody", () => {
  for (const hash of ["", "#", "#switchboard=", "#switchboard=short", `#x&switchboard=${NONCE}`]) {
    const { happens, posted, storage } = pageOf({}, { hash });
    happens("pageshow");
    happens("submit");
    assertEquals([posted, [...storage]], [[], []], hash);
  }
  const evil = `#switchboard=${NONCE}"><script>`;
  assertEquals([...pageOf({}, { hash: evil }).storage], []);
});

Deno.test("the end is told with the nonce that came with the link, and the answer closes the window", () => {
  const { posted, hears, page, left, timeout, shows } = pageOf({ told, redirectTo: BACK }, {
    storage: kept(),
  });
  assertEquals(posted, [[{ switchboard: NONCE, ...told }, ORIGIN]]);
  assertEquals([left, shows()], [[], ["told"]]);
  hears({ data: NONCE });
  assertEquals(page.closed, true);
  timeout();
  assertEquals(left, []);
});

Deno.test("an answer of somebody else's is none", () => {
  const { hears, page, left, timeout } = pageOf({ told, redirectTo: BACK }, { storage: kept() });
  hears({ data: NONCE, origin: "https://evil.example" });
  hears({ data: NONCE, source: {} });
  hears({ data: { switchboard: NONCE } });
  hears({ data: "" });
  assertEquals(page.closed, false);
  timeout();
  assertEquals(left, [`${BACK}#switchboard=${NONCE}`]);
});

Deno.test("where nobody answers, or nobody is there, it goes to the app with the nonce in the fragment", () => {
  const unheard = pageOf({ told, redirectTo: BACK }, { storage: kept() });
  assertEquals(unheard.left, []);
  unheard.timeout();
  const severed = pageOf({ told, redirectTo: BACK }, { storage: kept(), opened: false });
  for (const { left } of [unheard, severed]) assertEquals(left, [`${BACK}#switchboard=${NONCE}`]);
  assertEquals(severed.posted, []);
});

Deno.test("a trip that no call began goes to the app, whoever has opened it", () => {
  const others = [{}, { opened: false }, { storage: new Map([["switchboard:other", NONCE]]) }];
  for (const options of others) {
    const { left, posted } = pageOf({ told, redirectTo: BACK }, options);
    assertEquals([left, posted], [[BACK], []]);
  }
});

Deno.test("without anywhere to go the window says that nobody was there to hear", () => {
  const unheard = pageOf({ told }, { storage: kept() });
  assertEquals(unheard.shows(), ["told"]);
  unheard.timeout();
  const severed = pageOf({ told }, { storage: kept(), opened: false });
  for (const { left, shows } of [unheard, severed]) assertEquals([left, shows()], [[], ["lost"]]);
});

Deno.test("a link that is over when it is opened is told with the nonce of its own address", () => {
  const over = { error: "expired_link", service: "mail" };
  const { posted } = pageOf({ told: over }, { hash: `#switchboard=${NONCE}` });
  assertEquals(posted, [[{ switchboard: NONCE, ...over }, ORIGIN]]);
});
