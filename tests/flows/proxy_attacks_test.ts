/**
 * What a caller could get at through the proxy, and what a provider could: both
 * ends are strangers to each other, and the answer comes from our origin.
 */

import { assert, assertEquals } from "@std/assert";
import { type AcmeGateway, startAcmeGateway } from "../support/acme_gateway.ts";
import { API_KEY, USER } from "../support/gateway.ts";

Deno.test("of a caller's headers only those of an API's business reach the provider", async () => {
  await using started = await startAcmeGateway({ spec: { proxy_headers: ["X-Acme-Version"] } });
  const passed = {
    "Accept": "application/vnd.acme+json",
    "Content-Type": "application/x-thing",
    "If-Match": '"v1"',
    "Range": "bytes=0-9",
    "User-Agent": "a-backend/1",
    "X-Acme-Version": "2026-11-01",
  };
  const kept = {
    "Authorization": `Bearer ${API_KEY}`,
    "Cookie": "sb_session=stolen",
    "Forwarded": "for=10.0.0.1",
    "Origin": started.gateway.url,
    "Referer": "https://voice.example/calls/grace",
    "Proxy-Authorization": "Basic x",
    "Via": "1.1 inside",
    "X-Forwarded-For": "10.0.0.1",
    "X-Real-IP": "10.0.0.1",
    "CF-Connecting-IP": "10.0.0.1",
    "True-Client-IP": "10.0.0.1",
    "X-HTTP-Method-Override": "DELETE",
    "X-Method-Override": "DELETE",
    "X-Original-URL": "/admin",
    "X-Rewrite-URL": "/admin",
    "X-Acme-Admin": "yes",
    "X-Account": "",
    "X-User-Email": "grace@voice.example",
    "Sec-Fetch-Site": "same-origin",
    "DNT": "1",
    // They begin as others do that may pass.
    "Accept-Charset": "utf-8",
    "X-Acme-Version-Of": "1",
    "Accept-Encoding": "gzip, zstd",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "baggage": "person=grace",
  };
  // Whatever is named there belongs to this connection, even where it could pass.
  const hops = { "Connection": "If-None-Match", "If-None-Match": '"hop"' };
  const { proxy, calls, gateway } = started;
  const response = await proxy("/things", {
    method: "PATCH",
    body: "{}",
    headers: { ...passed, ...kept, ...hops, "X-Account": "acme-person-4711" },
  });
  assertEquals(await response.json(), { fine: true });
  const [{ headers }] = calls() as [ReturnType<typeof calls>[number]];
  for (const [name, value] of Object.entries(passed)) assertEquals(headers.get(name), value, name);
  assertEquals(headers.get("Accept-Encoding"), "identity");
  assert(headers.get("Authorization")?.startsWith("Bearer acme-access-"));
  const usual = ["host", "authorization", "accept-encoding", "accept-language", "content-length"];
  const names = [...usual, ...Object.keys(passed).map((name) => name.toLowerCase())];
  assertEquals([...headers.keys()].filter((name) => !names.includes(name)), []);
  const all = JSON.stringify([...headers]);
  for (const secret of [API_KEY, USER, gateway.url, "10.0.0.1", "grace"]) {
    assert(!all.includes(secret), `${secret} in ${all}`);
  }
});

Deno.test("of a provider's headers only those of an API's business reach the caller", async () => {
  const passed = {
    "Content-Type": "application/json",
    "Content-Disposition": "attachment; filename=x",
    "ETag": '"v1"',
    "Last-Modified": "Wed, 25 Nov 2026 00:00:00 GMT",
    "Link": "<https://acme.example/?page=2>; rel=next",
    "Location": "https://acme.example/things/1",
    "Retry-After": "7",
    "X-RateLimit-Remaining": "59",
    "RateLimit-Remaining": "59",
    "X-Acme-Cost": "3",
  };
  const kept = {
    "Set-Cookie": "sb_session=planted; Path=/",
    "Clear-Site-Data": '"*"',
    "Refresh": "0; url=https://evil.example/",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Content-Security-Policy": "default-src *",
    "Content-Security-Policy-Report-Only": "default-src *",
    "X-Frame-Options": "ALLOWALL",
    "WWW-Authenticate": 'Bearer resource_metadata="https://evil.example/"',
    "Proxy-Authenticate": "Basic",
    "Alt-Svc": 'h3="evil.example:443"',
    "NEL": "{}",
    "Report-To": "{}",
    "Reporting-Endpoints": 'x="https://evil.example/"',
    "Service-Worker-Allowed": "/",
    "SourceMap": "https://evil.example/x.map",
    "X-SourceMap": "https://evil.example/x.map",
    "Server-Timing": "db;dur=53",
    "Timing-Allow-Origin": "*",
    "Strict-Transport-Security": "max-age=0",
    "Public-Key-Pins": "x",
    "Permissions-Policy": "camera=*",
    "Referrer-Policy": "unsafe-url",
    "Cache-Control": "public, max-age=31536000",
    "Expires": "Wed, 25 Nov 2037 00:00:00 GMT",
    "Speculation-Rules": '"https://evil.example/rules.json"',
    "Critical-CH": "Sec-CH-UA",
    "Origin-Trial": "x",
    "Set-Login": "logged-in",
    "Activate-Storage-Access": "load",
    "Server": "acme/1",
    "X-Powered-By": "acme",
    "X-Accel-Redirect": "/internal/secrets",
    "X-Sendfile": "/etc/passwd",
    "X-Acme-Secret": "x",
    "X-Acme-Costs": "3",
    "ETags": "x",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "acme=1",
    "Vary": "*",
    "Age": "3",
    "X-Provider-Request-Id": "planted",
    "X-Provider-RateLimit": "planted",
  };
  await using started = await startAcmeGateway({
    api: () => Response.json({ fine: true }, { status: 201, headers: { ...passed, ...kept } }),
    spec: { proxy_headers: ["X-Acme-Cost"] },
  });
  const response = await started.proxy("/things");
  await response.body?.cancel();
  for (const [name, value] of Object.entries(passed)) {
    assertEquals(response.headers.get(name), value, name);
  }
  for (const [name, value] of Object.entries(kept)) {
    assert(response.headers.get(name) !== value, name);
  }
  assertEquals(response.headers.get("Cache-Control"), "no-store, no-transform");
});

Deno.test("an API's answer cannot pass its request's id or its limits off as ours", async () => {
  const said = [
    ["X-Request-Id", "acme-4711"],
    ["X-Request-Id", 'x","level":"error'],
    ["X-Request-Id", "acme-access-"],
    ["Request-Id", "req_4711"],
  ] as const;
  await using started: AcmeGateway = await startAcmeGateway({
    spec: { proxy_headers: ["x-*", "server-*", "ratelimit*"] },
    api: ({ url, headers }) => {
      const [name, id] = said[Number(url.searchParams.get("n"))]!;
      const token = headers.get("Authorization")!.slice("Bearer ".length);
      const value = id === "acme-access-" ? token : id;
      return Response.json({}, {
        headers: {
          [name]: value,
          "RateLimit": '"subject";r=0;t=86400',
          "RateLimit-Policy": '"subject";q=1;w=86400',
          "Server-Timing": "vault;dur=9999",
          "Link": '</connections/github?user_id=bo>; rel="next"',
          "Content-Type": "text/event-stream",
          "X-Accel-Redirect": "/internal/secrets",
          "X-Accel-Buffering": "yes",
          "X-Sendfile": "/etc/passwd",
        },
      });
    },
  });
  const { gateway, acme } = started;
  for (const [n, [name, id]] of said.entries()) {
    const { headers, body } = await started.proxy(`/things?n=${n}`);
    await body?.cancel();
    const line = JSON.parse(gateway.requests.at(-1)!);
    assertEquals(headers.get("X-Request-Id"), line.request_id);
    assertEquals(line.provider_request_id, n === 0 || n === 3 ? id : undefined, name);
    if (n < 2) assertEquals(headers.get("X-Provider-Request-Id"), id);
    // Orders to the proxy in front are ours: to send a file of its own, or to gather a stream.
    assertEquals([headers.get("X-Accel-Redirect"), headers.get("X-Sendfile")], [null, null]);
    assertEquals(headers.get("X-Accel-Buffering"), "no");
    assert(!headers.get("RateLimit")!.includes("86400"), headers.get("RateLimit")!);
    assert(!headers.get("RateLimit-Policy")!.includes("86400"));
    assertEquals(headers.get("X-Provider-RateLimit"), '"subject";r=0;t=86400');
    assert(!headers.get("Server-Timing")!.includes("9999"));
    assertEquals(headers.get("Link"), `<${acme.url}/connections/github?user_id=bo>; rel="next"`);
  }
  assert(!gateway.requests.join().includes("acme-access-"), "no token is in the log");
});

Deno.test("a redirect without a host leads to the provider's, not to ours", async () => {
  const locations = [
    "/sign-in?return_to=/",
    "../x",
    "?page=2",
    "https://other.example/x",
    "https://[",
  ];
  await using started = await startAcmeGateway({
    api: ({ url }) =>
      new Response(null, {
        status: 302,
        headers: { Location: locations[Number(url.searchParams.get("n"))]! },
      }),
  });
  const led: (string | null)[] = [];
  for (const n of locations.keys()) {
    const { headers, body } = await started.proxy(`/a/b?n=${n}`);
    led.push(headers.get("Location"));
    await body?.cancel();
  }
  const { url } = started.acme;
  const expected = [`${url}/sign-in?return_to=/`, `${url}/api/x`, `${url}/api/a/b?page=2`];
  // What is no address leads back to where it was said.
  assertEquals(led, [...expected, locations[3]!, `${url}/api/a/b?n=4`]);
});

Deno.test("no wish of an operator passes credentials, identities or orders to browsers", async () => {
  const wished = [
    "x-*",
    "access-*",
    "set-*",
    "auth*",
    "coo*",
    "con*",
    "tra*",
    "bag*",
    "hos*",
    "ref*",
    "ser*",
    "str*",
    "cle*",
    "alt*",
    "tim*",
  ];
  await using started = await startAcmeGateway({
    spec: { proxy_headers: wished },
    api: () =>
      new Response("{}", {
        headers: {
          "Set-Cookie": "a=b",
          "Refresh": "0; url=https://evil.example/",
          "Access-Control-Allow-Origin": "*",
          "Content-Security-Policy": "default-src *",
          "Set-Login": "logged-in",
          "Clear-Site-Data": '"*"',
          "Alt-Svc": 'h3="evil.example:443"',
          "Strict-Transport-Security": "max-age=0",
          "Service-Worker-Allowed": "/",
          "Timing-Allow-Origin": "*",
          "X-SourceMap": "https://evil.example/x.map",
          "X-Provider-Request-Id": "planted",
          "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "X-Acme": "yes",
        },
      }),
  });
  const response = await started.proxy("/things", {
    headers: { "Cookie": "a=b", "X-Acme": "yes", "X-Forwarded-For": "10.0.0.1", "baggage": "a=b" },
    method: "POST",
    body: "{}",
  });
  await response.body?.cancel();
  assertEquals(response.headers.get("X-Acme"), "yes");
  const none = ["Set-Cookie", "Refresh", "Access-Control-Allow-Origin", "Set-Login", "Alt-Svc"];
  const more = ["Clear-Site-Data", "Strict-Transport-Security", "Service-Worker-Allowed"];
  const last = ["Timing-Allow-Origin", "X-SourceMap", "X-Provider-Request-Id", "traceparent"];
  for (const name of [...none, ...more, ...last]) {
    assertEquals(response.headers.get(name), null, name);
  }
  assert(!response.headers.get("Content-Security-Policy")!.includes("*"));
  const { headers } = started.calls()[0]!;
  assertEquals(headers.get("X-Acme"), "yes");
  const kept = ["Cookie", "X-Forwarded-For", "X-Api-Key", "X-User-Id", "baggage"];
  for (const name of kept) assertEquals(headers.get(name), null, name);
  assert(headers.get("Authorization")!.startsWith("Bearer acme-access-"));
});

Deno.test("a provider's page cannot run in a browser at our origin", async () => {
  const script = "<script>fetch('/')</script><form action=/dashboard/tokens method=post>";
  await using started = await startAcmeGateway({
    api: () => new Response(script, { headers: { "Content-Type": "text/html" } }),
  });
  const { headers, body } = await started.proxy("/page");
  await body?.cancel();
  const policy = headers.get("Content-Security-Policy")!.split("; ");
  for (
    const rule of ["sandbox", "default-src 'none'", "form-action 'none'", "frame-ancestors 'none'"]
  ) {
    assert(policy.includes(rule), `${rule} in ${policy}`);
  }
  assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
  assertEquals(headers.get("Cross-Origin-Resource-Policy"), "same-origin");
  const refused = await fetch(`${started.gateway.url}/proxy/acme/page`);
  assertEquals(refused.status, 401);
  assert(
    refused.headers.get("Content-Security-Policy")!.includes("sandbox"),
    "our own refusals too",
  );
  await refused.body?.cancel();
  const own = await fetch(`${started.gateway.url}/sign-in`);
  assert(!own.headers.get("Content-Security-Policy")!.includes("sandbox"), "and no page of ours");
  await own.body?.cancel();
});

/** Sends a request line as it is: `fetch` would tidy it up. */
async function rawStatus(url: string, target: string, more = "", method = "GET"): Promise<number> {
  const { hostname, port, host } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nX-Api-Key: ${API_KEY}\r\n` +
    `X-User-Id: ${USER}\r\nConnection: close\r\n${more}\r\n`;
  await connection.write(new TextEncoder().encode(head));
  const bytes = new Uint8Array(4096);
  const count = await connection.read(bytes) ?? 0;
  return Number(new TextDecoder().decode(bytes.subarray(0, count)).split(" ")[1]);
}

Deno.test("no path leads out of the API, however it is written", async () => {
  // As most are: the API is a part of its host.
  await using started = await startAcmeGateway();
  const { gateway, acme } = started;
  const before = acme.asked.length;
  for (
    const path of [
      "/../token",
      "/x/../../token",
      "/%2e%2e/token",
      "/%2E%2E/token",
      "/.%2e/token",
      "/..%2ftoken",
      "/..%2Ftoken",
      "/x%2f..%2f..%2ftoken",
      "/%2e%2e%2ftoken",
      "/%252e%252e%252ftoken",
      "/%25252e%25252e/token",
      "/..\\token",
      "/..%5ctoken",
      "/%5c..%5c..%5ctoken",
      "/..;/token",
      "/..;x=1/token",
      "/..%3b/token",
      "/..%253b/token",
      "/x/..",
      "/x/%2e%2e",
      "/x%2f..",
      "/x%2f.%2fy",
    ]
  ) {
    const status = await rawStatus(gateway.url, `/proxy/acme${path}`);
    assert(status === 400 || status === 404, `${status} for ${path}`);
  }
  assertEquals(acme.asked.slice(before).map(({ url }) => url.href), []);
  // Before anything is asked for: nothing is connected there.
  assertEquals(await rawStatus(gateway.url, "/proxy/github/..%2ftoken"), 400);
});

Deno.test("no path and no address leads to another host", async () => {
  await using started = await startAcmeGateway();
  const { gateway, calls, acme } = started;
  const { host } = new URL(acme.url);
  const before = acme.asked.length;
  for (
    const target of [
      "/proxy/acme//evil.example/x",
      "/proxy/acme/\\evil.example/x",
      "/proxy/acme/\\\\evil.example/x",
      "/proxy/acme/%5c%5cevil.example/x",
      "/proxy/acme/%2f%2fevil.example/x",
      "/proxy/acme/https://evil.example/x",
      "/proxy/acme/http:%2f%2fevil.example/x",
      "/proxy/acme/@evil.example/x",
      "/proxy/acme/:80@evil.example/x",
      "/proxy/acme/.evil.example/x",
      "/proxy/acme/x%00.evil.example/",
      "/proxy/acme/x%0d%0aHost:%20evil.example/",
    ]
  ) {
    await rawStatus(gateway.url, target);
  }
  for (const path of ["/proxy/acme@evil.example/x", "/proxy/acme:80@evil.example/x"]) {
    assertEquals(await rawStatus(gateway.url, path), 404, path);
  }
  assertEquals(await rawStatus(gateway.url, "/proxy/acme"), 400);
  // RFC 9112 §3.2.2: what it names is ours or is refused, and is nowhere to go to.
  await rawStatus(gateway.url, "http://evil.example/proxy/acme/x");
  for (const { url, headers } of acme.asked.slice(before)) {
    assertEquals([url.host, headers.get("Host")], [host, host]);
    assert(url.pathname.startsWith("/api/"), url.href);
  }
  assert(calls().length > 6, "they were passed on");
});

Deno.test("a slash, a per cent sign and dots in a name stay as they are", async () => {
  await using started = await startAcmeGateway();
  const { gateway, calls } = started;
  for (
    const path of [
      "/projects/group%2Fproject?ref=a%2Fb&x=%20",
      "/files/100%25.txt",
      "/files/..hidden",
      "/files/a..b",
      "/files/...",
      "/compare/v1...v2",
      "/%67ithub",
    ]
  ) {
    assertEquals(await rawStatus(gateway.url, `/proxy/acme${path}`), 200, path);
    const { pathname, search } = calls().at(-1)!.url;
    assertEquals(pathname + search, `/api${path}`);
  }
  assertEquals(await rawStatus(gateway.url, "/proxy/%61cme/x"), 200, "the service's name, encoded");
  assertEquals(calls().at(-1)!.url.pathname, "/api/x");
});

Deno.test("only an API's methods are passed on, and no body where none belongs", async () => {
  await using started = await startAcmeGateway();
  const { gateway, acme } = started;
  const before = acme.asked.length;
  const target = "/proxy/acme/x";
  for (const method of ["TRACE", "OPTIONS", "PROPFIND", "TRACK", "patch", "QUERY"]) {
    assertEquals(await rawStatus(gateway.url, target, "", method), 405, method);
  }
  for (
    const body of [
      "Content-Length: 2\r\n\r\nhi",
      "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n",
    ]
  ) {
    for (const method of ["GET", "HEAD"]) {
      assertEquals(await rawStatus(gateway.url, target, body, method), 400, `${method} ${body}`);
    }
  }
  assertEquals(acme.asked.length, before);
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
    const more = method === "GET" || method === "HEAD" ? "" : "Content-Length: 0\r\n";
    assertEquals(await rawStatus(gateway.url, target, more, method), 200, method);
    assertEquals(acme.asked.at(-1)!.method, method);
  }
});
