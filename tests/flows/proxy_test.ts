import { assert, assertEquals } from "@std/assert";
import { JUST_ISSUED_MS } from "../../broker/tokens/freshness.ts";
import { API_KEY, startGateway, USER } from "../support/gateway.ts";

/** What a provider was asked, in the place of a provider. */
interface Seen {
  url: string;
  method: string;
  headers: Headers;
  body: string;
}

async function startRecording(answer: (seen: Seen, count: number) => Response | undefined) {
  const seen: Seen[] = [];
  const gateway = await startGateway({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (/\/login\/|\/oauth2?\/|\/user$/.test(request.url)) return await fetch(request);
      const { url, method, headers } = request;
      seen.push({ url, method, headers, body: await request.text() });
      return answer(seen.at(-1)!, seen.length) ?? Response.json({ fine: true });
    },
  });
  await gateway.connect("github");
  const proxy = (path: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}/proxy${path}`, {
      redirect: "manual",
      ...init,
      headers: { "X-Api-Key": API_KEY, "X-User-Id": USER, ...init.headers },
    });
  return Object.assign(gateway, { seen, proxy });
}

Deno.test("the proxy calls the provider's API with the token put in", async () => {
  await using gateway = await startRecording(() =>
    Response.json({ login: "octocat" }, {
      headers: {
        "Set-Cookie": "session=1",
        "X-RateLimit-Remaining": "59",
        "Link": "<x>; rel=next",
      },
    })
  );
  const response = await gateway.proxy("/github/repos/o/r/issues?state=open&page=2", {
    method: "PATCH",
    body: '{"title":"x"}',
    headers: {
      "Content-Type": "application/json",
      "Cookie": "mine=1",
      "Connection": "X-Secret-Hop",
      "X-Secret-Hop": "1",
      "X-Forwarded-For": "10.0.0.1",
      "Accept": "application/vnd.github.raw",
    },
  });
  assertEquals(await response.json(), { login: "octocat" });
  assertEquals(response.headers.get("X-RateLimit-Remaining"), "59");
  assertEquals(response.headers.get("Link"), `<${gateway.emulators.github}/repos/o/r/x>; rel=next`);
  assertEquals(response.headers.get("Location"), null);
  assertEquals(response.headers.get("Set-Cookie"), null);
  assertEquals(response.headers.get("Cache-Control"), "no-store, no-transform");
  const [seen] = gateway.seen;
  assertEquals(seen!.url, `${gateway.emulators.github}/repos/o/r/issues?state=open&page=2`);
  assertEquals([seen!.method, seen!.body], ["PATCH", '{"title":"x"}']);
  assert(seen!.headers.get("Authorization")?.startsWith("Bearer gho_"));
  assertEquals(seen!.headers.get("Accept"), "application/vnd.github.raw");
  for (const name of ["Cookie", "X-Api-Key", "X-User-Id", "X-Secret-Hop", "X-Forwarded-For"]) {
    assertEquals(seen!.headers.get(name), null, name);
  }
});

Deno.test("the proxy leads nowhere but to the provider's API", async () => {
  await using gateway = await startRecording(() => undefined);
  const host = new URL(gateway.emulators.github).host;
  for (
    const path of [
      "/github//evil.example/x",
      "/github/@evil.example/x",
      "/github/%2f%2fevil.example",
      "/github/..%2f..%2f",
      "/github/x?y=https://evil.example",
      "/github/:80@evil.example/",
    ]
  ) {
    await (await gateway.proxy(path)).body?.cancel();
    for (const { url } of gateway.seen) assertEquals(new URL(url).host, host, path);
  }
  const status = async (path: string, headers: Record<string, string> = {}) => {
    const response = await gateway.proxy(path, { headers });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status("/nothing/x"), 404);
  assertEquals(await status("/github/x", { "X-Api-Key": "no" }), 401);
  assertEquals(await status("/github/x", { "X-User-Id": "" }), 400);
  assertEquals(await status("/calendar/x"), 404, "not connected");
});

Deno.test("the proxy hands a redirect to the caller and does not follow it", async () => {
  await using gateway = await startRecording(() => Response.redirect("https://evil.example/", 302));
  const response = await gateway.proxy("/github/x");
  await response.body?.cancel();
  assertEquals([response.status, response.headers.get("Location")], [302, "https://evil.example/"]);
  assertEquals(gateway.seen.length, 1);
});

Deno.test("the proxy asks for a reconnect where the provider refuses the token for good", async () => {
  await using gateway = await startRecording(() => new Response(null, { status: 401 }));
  const response = await gateway.proxy("/github/x");
  assertEquals(response.status, 409);
  const { error, connect_url } = await response.json();
  assertEquals(error, "reauthorization_required");
  assert(connect_url.startsWith(gateway.url));
});

Deno.test("the proxy refreshes once after a 401 and sends the body again", async () => {
  let refusals = 0;
  await using gateway = await startRecording(() => {
    refusals += 1;
    return refusals === 1 ? new Response(null, { status: 401 }) : undefined;
  });
  await gateway.connect("calendar");
  gateway.world.skew += JUST_ISSUED_MS;
  const response = await gateway.proxy("/google/calendar/v3/calendars/primary/events", {
    method: "POST",
    body: '{"summary":"x"}',
    headers: { "Content-Type": "application/json" },
  });
  assertEquals(await response.json(), { fine: true });
  const [first, second] = gateway.seen;
  assertEquals(second!.body, '{"summary":"x"}');
  assert(first!.headers.get("Authorization") !== second!.headers.get("Authorization"));
});

Deno.test("the proxy hands a refusal on where another try could not differ", async () => {
  await using gateway = await startRecording(() => new Response(null, { status: 401 }));
  await gateway.connect("calendar");
  const post = async (body: BodyInit) => {
    const response = await gateway.proxy("/google/calendar/v3/x", { method: "POST", body });
    await response.body?.cancel();
    return response.status;
  };
  // The token is new: it is the API that refuses.
  assertEquals([await post("{}"), gateway.seen.length], [401, 1]);
  gateway.world.skew += JUST_ISSUED_MS;
  // A stream is gone once it is sent.
  assertEquals([await post(new Blob(["{}"]).stream()), gateway.seen.length], [401, 2]);
});

Deno.test("an API's own status says nothing of our callers, nor of a fault of ours", async () => {
  let given = 0;
  await using gateway = await startRecording(() => new Response("its own", { status: given }));
  for (given of [499, 500]) {
    const response = await gateway.proxy("/github/user/repos");
    assertEquals([response.status, await response.text()], [given, "its own"]);
    const { status, level, error } = JSON.parse(gateway.requests.at(-1)!);
    assertEquals([status, level, error], [given, "warn", `status_${given}`]);
  }
});

Deno.test("the proxy streams what is large", async () => {
  const size = 8 * 1024 * 1024;
  await using gateway = await startRecording(() => new Response(new Uint8Array(size)));
  const response = await gateway.proxy("/github/blob", {
    method: "POST",
    body: new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(size));
        controller.close();
      },
    }),
  });
  assertEquals((await response.arrayBuffer()).byteLength, size);
  assertEquals(gateway.seen[0]!.body.length, size);
});
