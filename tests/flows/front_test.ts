import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { lazily } from "../../broker/core/lazily.ts";
import { createFront } from "../../start/front.ts";
import { startProgram } from "../support/program.ts";
import { testWorld } from "../support/world.ts";

/** All that an answer says, but when. */
async function said(response: Response) {
  const headers = Object.fromEntries(response.headers);
  delete headers.date;
  // Deno's own word of what it compresses; 2.5 has it for bodies alone.
  delete headers.vary;
  return { status: response.status, headers, body: await response.text() };
}

for (const publicUrl of [undefined, "https://switchboard.example.com"]) {
  Deno.test(`before the app is loaded, /health says the same as after it (${publicUrl ?? "here"})`, async () => {
    await using program = await startProgram({
      env: publicUrl === undefined ? {} : { PUBLIC_URL: publicUrl, HOST: "127.0.0.1" },
    });
    const ask = async () => await said(await fetch(`${program.url}/health`));
    const before = await ask();
    // The app's to answer.
    const head = await said(await fetch(`${program.url}/health`, { method: "HEAD" }));
    assertEquals(await ask(), before);
    assertEquals(before.status, 200);
    assertEquals({ ...head.headers, "content-length": "" }, {
      ...before.headers,
      "content-length": "",
    });
  });
}

const info = {} as Deno.ServeHandlerInfo;
const at = (path: string, init?: RequestInit) => new Request(`http://localhost:8000${path}`, init);

function front({ fails = 0, health = () => Promise.resolve({}) } = {}) {
  const seen = { loads: 0, asked: [] as string[], probes: 0 };
  const world = testWorld();
  const app = lazily(() => {
    seen.loads += 1;
    if (seen.loads <= fails) return Promise.reject(new TypeError("secret-1 was not found"));
    return Promise.resolve({
      handle(request: Request) {
        seen.asked.push(`${request.method} ${new URL(request.url).pathname}`);
        return new Response("from the app");
      },
    });
  });
  const checkHealth = () => {
    seen.probes += 1;
    return health();
  };
  const handle = createFront({ world, version: "1", checkHealth, secure: false, app });
  return { seen, world, handle: async (request: Request) => await handle(request, info) };
}

Deno.test("only a plain question for /health is answered without the app", async () => {
  for (
    const request of [
      at("/health?deep"),
      at("/health?"),
      at("/health/"),
      at("/x/health"),
      at("/health", { method: "HEAD" }),
      at("/health", { method: "POST" }),
      at("//health"),
      at("/?/health"),
      at("/HEALTH"),
    ]
  ) {
    const { seen, handle } = front();
    assertEquals(await (await handle(request)).text(), "from the app", request.url);
    assertEquals(seen.probes, 0);
  }
  const { seen, handle } = front();
  const response = await handle(at("/health"));
  assertEquals(await response.json(), { status: "ok", version: "1" });
  assertEquals([seen.loads, seen.probes], [0, 1]);
});

Deno.test("an app that cannot be loaded is an error of that request, and tried again for the next", async () => {
  const { seen, world, handle } = front({ fails: 1 });
  const [one, other] = await Promise.all([handle(at("/mcp")), handle(at("/token/github"))]);
  for (const response of [one, other]) {
    assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
    assertEquals(response.headers.get("cache-control"), "no-store");
    const body = await response.text();
    assertStringIncludes(body, '"error":"server_error"');
    assert(!body.includes("secret-1"));
  }
  const lines = world.events.filter(({ event }) => event === "app_not_loaded");
  assertEquals(lines.length, 2);
  assert(!JSON.stringify(lines).includes("secret-1"));
  assertEquals(await (await handle(at("/mcp"))).text(), "from the app");
  assertEquals([seen.loads, seen.asked], [2, ["GET /mcp"]]);
});

Deno.test("however many ask for /health at once, the store is asked once", async () => {
  const { promise, resolve } = Promise.withResolvers<Record<string, never>>();
  const { seen, handle } = front({ health: () => promise });
  const all = Promise.all(Array.from({ length: 50 }, () => handle(at("/health"))));
  resolve({});
  assertEquals(new Set((await all).map(({ status }) => status)), new Set([200]));
  for (const response of await all) assertEquals((await response.json()).status, "ok");
  assertEquals(seen.probes, 1);
  await handle(at("/health"));
  assertEquals(seen.probes, 2);
});

Deno.test("a store that is out is said, and asked again", async () => {
  let isOut = true;
  const health = () => isOut ? Promise.reject(new Error("out")) : Promise.resolve({});
  const { handle } = front({ health });
  const response = await handle(at("/health"));
  assertEquals(response.status, 503);
  assertEquals(await response.json(), { status: "store_unavailable", version: "1" });
  isOut = false;
  assertEquals((await handle(at("/health"))).status, 200);
});
