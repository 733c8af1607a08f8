import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Context, Hono } from "hono";
import {
  any,
  type Area,
  type AreaEnv,
  del,
  get,
  mount,
  post,
  sayErrorOf,
  sayJson,
  sayPage,
} from "../../../routes/http/area.ts";
import { refuse } from "../../../routes/http/errors.ts";
import { testWorld } from "../../support/world.ts";

const HOSTS = { publicUrl: "https://sb.example", allowedHosts: ["other.example"] };
const world = testWorld();
const nobody = { session: () => Promise.resolve(undefined) };
const reader = { world, secure: false, gateway: nobody };

/** What the program hands over with each request. */
const noted = () => ({ request: { id: "r-1" } });

function appOf(area: Partial<Area>) {
  const app = new Hono<AreaEnv>();
  app.onError((error, c) => sayErrorOf(world)(c, error));
  mount(app, { routes: [], sayError: sayJson(world), ...area }, HOSTS);
  return (path: string, { method = "GET", headers = {} as Record<string, string> } = {}) =>
    app.request(path, { method, headers: { Host: "sb.example", ...headers } }, noted());
}

Deno.test("mount() tells the methods of an address, and takes no other", async () => {
  const ok = () => new Response("ok");
  const ask = appOf({ routes: [get("/x", ok), post("/x", ok), del("/y", ok), any("/z", ok)] });
  for (const method of ["GET", "POST", "HEAD"]) {
    assertEquals((await ask("/x", { method })).status, 200, method);
  }
  for (const [path, allow] of [["/x", "GET, POST"], ["/y", "DELETE"]] as const) {
    const refused = await ask(path, { method: "PUT" });
    assertEquals([refused.status, refused.headers.get("Allow")], [405, allow]);
    assertEquals((await refused.json()).error, "method_not_allowed");
  }
  const page = await appOf({ routes: [get("/x", ok)], sayError: sayPage(reader) })("/x", {
    method: "PUT",
  });
  assertEquals([page.status, page.headers.get("Allow")], [405, "GET"]);
  assertEquals((await ask("/z", { method: "PATCH" })).status, 200);
});

Deno.test("mount() lets nothing be stored that does not say so", async () => {
  const ask = appOf({
    routes: [
      get("/token", () => Response.json({ token: "secret" })),
      get("/page", (c) => c.html("<p>")),
      get("/metadata", (c) => {
        c.header("Cache-Control", "public, max-age=60");
        return c.json({});
      }),
      get("/refused", () => refuse({ code: "invalid_client" })),
    ],
  });
  for (const path of ["/token", "/page", "/refused"]) {
    assertEquals((await ask(path)).headers.get("Cache-Control"), "no-store", path);
  }
  assertEquals((await ask("/metadata")).headers.get("Cache-Control"), "public, max-age=60");
});

Deno.test("mount() says errors as its area says them", async () => {
  const routes = [get("/x", () => refuse({ code: "link_expired" }))];
  const json = await appOf({ routes })("/x");
  assertEquals([json.status, (await json.json()).error], [410, "expired_link"]);
  const ask = appOf({ routes, sayError: sayPage(reader) });
  const page = await ask("/x", { headers: { Accept: "text/html,*/*;q=0.8" } });
  assertEquals(page.status, 410);
  assertStringIncludes(page.headers.get("Content-Type") ?? "", "text/html");
  const html = await page.text();
  for (const words of ["This link is too old<", "ask your app for a new link"]) {
    assertStringIncludes(html, words);
  }
});

Deno.test("sayPage() answers a program in JSON: whoever takes no page, or sends JSON", async () => {
  const routes = [any("/x", () => refuse({ code: "link_expired" }))];
  const hint = () => "Look elsewhere.";
  const ask = appOf({ routes, sayError: sayPage(reader, { hint }) });
  const programs: { method?: string; headers?: Record<string, string> }[] = [
    {},
    { headers: { Accept: "*/*" } },
    { headers: { Accept: "application/json, text/event-stream" } },
    { headers: { Accept: "text/htmlx" } },
    { headers: { Accept: "text/html", "Content-Type": "application/json" }, method: "POST" },
    { headers: { Accept: "text/html", "Content-Type": "application/x+json;a=b" }, method: "POST" },
  ];
  for (const init of programs) {
    const answer = await ask("/x", init);
    const said = {
      error: "expired_link",
      error_description: "This link is too old. Look elsewhere.",
      request_id: "r-1",
    };
    assertEquals([answer.status, await answer.json()], [410, said], JSON.stringify(init));
  }
  const form = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" };
  for (const headers of [form, { Accept: "application/xml, TEXT/HTML;q=0.5" }]) {
    const answer = await ask("/x", { headers });
    assertStringIncludes(answer.headers.get("Content-Type") ?? "", "text/html");
  }
});

Deno.test("an area may ask who it is before it says that a method is none", async () => {
  const admit = (c: Context) =>
    c.req.header("X-Known") === undefined
      ? refuse({ code: "credential_missing" })
      : Promise.resolve();
  const ask = appOf({ routes: [post("/x", () => new Response())], admit });
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH"]) {
    assertEquals((await ask("/x", { method })).status, 401, method);
    const known = await ask("/x", { method, headers: { "X-Known": "yes" } });
    assertEquals([known.status, known.headers.get("Allow")], [405, "POST"], method);
  }
});

Deno.test("an origin of ALLOWED_ORIGINS may call where desktop apps may, and nowhere else", async () => {
  const routes = [post("/x", () => new Response())];
  const hosts = { ...HOSTS, allowedOrigins: ["app://-", "vscode-file://vscode-app"] };
  const status = async (origin: string, desktopApps: boolean) => {
    const app = new Hono<AreaEnv>();
    app.onError((error, c) => sayErrorOf(world)(c, error));
    mount(app, { routes, sayError: sayJson(world), desktopApps }, hosts);
    const headers = { Host: "sb.example", Origin: origin };
    return (await app.request("/x", { method: "POST", headers }, noted())).status;
  };
  for (const origin of hosts.allowedOrigins) {
    assertEquals([await status(origin, true), await status(origin, false)], [200, 403], origin);
  }
  for (
    const origin of [
      "app://--",
      "app://",
      "APP://-",
      "app://-/",
      "null",
      "",
      "https://evil.example",
    ]
  ) assertEquals(await status(origin, true), 403, origin);
});

Deno.test("mount() refuses strange hosts and origins before anything runs", async () => {
  let ran = 0;
  const routes = [post("/x", () => {
    ran += 1;
    return new Response();
  })];
  const evil = { Origin: "https://evil.example" };
  const own = appOf({ routes });
  const code = async (response: Response) => (await response.json()).error;
  const ask = (headers: Record<string, string>, at = own) => at("/x", { method: "POST", headers });
  assertEquals(await code(await ask({ Host: "evil.example" })), "forbidden_host");
  assertEquals(await code(await ask(evil)), "forbidden_origin");
  assertEquals(await code(await ask({ Origin: "null" })), "forbidden_origin");
  assertEquals(ran, 0);
  assertEquals((await ask(evil)).headers.get("Cache-Control"), "no-store");
  assertEquals((await ask({ Host: "other.example:444" })).status, 200);
  assertEquals((await ask({ Origin: "https://sb.example" })).status, 200);
  const open = appOf({ routes, anyOrigin: true });
  assertEquals((await ask(evil, open)).status, 200);
  assertEquals(await code(await ask({ ...evil, Host: "evil.example" }, open)), "forbidden_host");
  assertEquals(ran, 3);
  const watched = appOf({ routes, anyHost: true });
  assertEquals((await ask({ ...evil, Host: "10.0.0.1" }, watched)).status, 200);
});

Deno.test("the operator's log says which Host came, once a minute, and the answer does not", async () => {
  const own = testWorld();
  const app = new Hono<AreaEnv>();
  app.onError((error, c) => sayErrorOf(own)(c, error));
  mount(app, { routes: [get("/x", () => new Response())], sayError: sayJson(own) }, HOSTS);
  const ask = async (Host: string) =>
    await (await app.request("/x", { headers: { Host } }, noted())).text();
  assertEquals((await ask("127.0.0.1:8000")).includes("127.0.0.1"), false);
  await ask("10.0.0.1");
  own.skew += 60_000;
  await ask(`${"a".repeat(200)}.example`);
  const lines = own.events.filter(({ event }) => event === "forbidden_host");
  assertEquals(lines.map(({ host }) => host), ["127.0.0.1:8000", "…"]);
  assertStringIncludes(String(lines[0]!.detail), "sb.example is served");
  assertStringIncludes(String(lines[0]!.detail), "proxy_set_header Host $host;");
});

Deno.test("who hangs up is no fault of ours, and nobody else's fault is taken for it", async () => {
  const own = testWorld();
  const app = new Hono<AreaEnv>();
  app.onError((error, c) => sayErrorOf(own)(c, error));
  const abort = () => Promise.reject(new DOMException("gone", "AbortError"));
  const faults = {
    "/fault": new TypeError("a defect"),
    "/late": new DOMException("late", "TimeoutError"),
    "/named": Object.assign(new Error("a defect"), { name: "AbortError" }),
  };
  const routes = Object.entries(faults).map(([path, error]) =>
    get(path, () => Promise.reject(error))
  );
  const area = { routes: [get("/abort", abort), ...routes], sayError: sayJson(own) };
  mount(app, area, HOSTS);
  const headers = { Host: "sb.example" };
  const hungUp = { headers, signal: AbortSignal.abort() };
  assertEquals((await app.request("/abort", hungUp, noted())).status, 499);
  assertEquals(own.events, []);
  assertEquals((await app.request("/abort", { headers }, noted())).status, 500);
  for (const path of Object.keys(faults)) {
    assertEquals((await app.request(path, hungUp, noted())).status, 500, path);
  }
  assertEquals(own.events.map(({ name }) => name), [
    "AbortError",
    "TypeError",
    "TimeoutError",
    "AbortError",
  ]);
});
