import { assert, assertEquals } from "@std/assert";
import { Hono } from "hono";
import {
  CONSOLE_KINDS,
  HOME_KINDS,
  type Said,
  saidIn,
  setSaid,
  takeSaid,
} from "../../../routes/http/said_cookie.ts";

const AT = Date.UTC(2026, 10, 27, 14, 5);
const SAID: Said<"revoked"> = { kind: "revoked", values: { account: "octocat" }, at: AT };

/** One press, and the page after it; `carry` is what the browser does with the cookie. */
function appOf(
  { secure = false, said = SAID as Said, kinds = HOME_KINDS as readonly string[] } = {},
) {
  const app = new Hono();
  app.post("/", (c) => {
    setSaid(c, { secure }, said);
    return c.redirect("/", 303);
  });
  app.get("/", (c) => c.json(takeSaid(c, { secure }, kinds) ?? null));
  return app;
}

const page = async (app: Hono, cookie = "") => {
  const response = await app.request("/", { headers: { Cookie: cookie } });
  return { said: await response.json(), set: response.headers.getSetCookie() };
};

for (const secure of [false, true]) {
  Deno.test(`what is said is said once, and not to scripts (${secure ? "https" : "http"})`, async () => {
    const app = appOf({ secure });
    const pressed = await app.request("/", { method: "POST" });
    const [set = "", ...others] = pressed.headers.getSetCookie();
    assertEquals(others, []);
    const name = secure ? "__Host-sb_said" : "sb_said";
    assert(set.startsWith(`${name}=`), set);
    for (const flag of ["Max-Age=60", "HttpOnly", "Path=/", "SameSite=Lax"]) {
      assert(set.includes(flag), `${flag} in ${set}`);
    }
    assertEquals(set.includes("Secure"), secure);
    const next = await page(app, set.split(";")[0]);
    assertEquals(next.said, SAID);
    // The browser is told to forget it, by the very name that it has.
    const [gone = ""] = next.set;
    assert(gone.startsWith(`${name}=;`) && /Max-Age=0/.test(gone), gone);
    assertEquals(await page(app), { said: null, set: [] });
    // The other scheme's cookie is not looked at.
    const other = `${secure ? "sb_said" : "__Host-sb_said"}=${set.split(";")[0]!.split("=")[1]}`;
    assertEquals((await page(app, other)).said, null);
  });
}

Deno.test("a cookie that this program did not write says nothing, and breaks nothing", async () => {
  const app = appOf();
  const hostile = [
    "",
    "%",
    "%ff%fe",
    "null",
    "[]",
    "{}",
    "{",
    "1e999",
    '"revoked"',
    "[".repeat(3000),
    JSON.stringify({ ...SAID, kind: "__proto__" }),
    JSON.stringify({ ...SAID, kind: "toString" }),
    JSON.stringify({ ...SAID, kind: ["revoked"] }),
    JSON.stringify({ ...SAID, at: "now" }),
    JSON.stringify({ ...SAID, at: null }),
    `{"kind":"revoked","values":{},"at":1e999}`,
    `{"kind":"revoked","values":{},"at":8.65e15}`,
    JSON.stringify({ ...SAID, values: null }),
    JSON.stringify({ ...SAID, values: "octocat" }),
    JSON.stringify({ ...SAID, values: { account: { toString: "x" } } }),
    JSON.stringify({ ...SAID, values: { account: 1 } }),
  ];
  for (const text of hostile) {
    assertEquals(saidIn(text, HOME_KINDS), undefined, text);
    const { said } = await page(app, `sb_said=${encodeURIComponent(text)}`);
    assertEquals(said, null, text);
    assertEquals((await page(app, `sb_said=${text}`)).said, null, text);
  }
});

Deno.test("a page says what is its own to say, and nothing of another page's", () => {
  const text = JSON.stringify(SAID);
  assertEquals(saidIn(text, HOME_KINDS), SAID);
  assertEquals(saidIn(text, CONSOLE_KINDS), undefined);
  const removed = JSON.stringify({ ...SAID, kind: "removed" });
  assertEquals(saidIn(removed, HOME_KINDS), undefined);
  assertEquals(saidIn(removed, CONSOLE_KINDS)?.kind, "removed");
});

Deno.test("the longest names that there are fit into a cookie that browsers keep", async () => {
  for (const letter of ["x", "\u{1f600}", "\ud800", "ß", '"', "\u0000"]) {
    const long = letter.repeat(5000);
    const said = { kind: "connected", values: { service: long, account: long }, at: AT };
    const app = appOf({ said });
    const pressed = await app.request("/", { method: "POST" });
    const [set = ""] = pressed.headers.getSetCookie();
    const pair = set.split(";")[0]!;
    // RFC 6265bis §5.6: a name and a value of more than 4096 bytes are dropped.
    assert(pair.length <= 4096, `${pair.length} bytes of ${JSON.stringify(letter)}`);
    const next = await page(app, pair);
    const cut = letter.repeat(100);
    assertEquals(next.said, { ...said, values: { service: cut, account: cut } });
  }
});
