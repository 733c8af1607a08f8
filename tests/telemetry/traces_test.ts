import { assert, assertEquals } from "@std/assert";
import type { Span } from "../support/otlp_receiver.ts";
import { BATCH_TRACE_IDS, journey, METHOD } from "./journey.ts";

/** Routes that the journey took, and the statuses that are expected somewhere there. */
const ROUTES: [name: string, status: string][] = [
  ["POST /links", "200"],
  ["GET /auth/:service", "200"],
  ["GET /auth/:service", "403"],
  ["POST /auth/:service", "303"],
  ["GET /callback/:provider", "303"],
  ["GET /callback/:provider", "400"],
  ["POST /links/claim", "200"],
  ["_OTHER /token/:service", "405"],
  ["POST /token/:service", "200"],
  ["GET /proxy/:service/*", "200"],
  ["GET /proxy/:service/*", "404"],
  ["POST /mcp", "200"],
  ["GET /oauth/authorize", "200"],
  ["POST /oauth/token", "200"],
  ["POST /oauth/token", "400"],
  ["POST /oauth/register", "201"],
  ["POST /oauth/revoke", "200"],
  ["POST /dashboard/tokens", "200"],
  ["DELETE /connections/:service", "200"],
];

const KEPT =
  /^(http\.(request\.method|response\.status_code|route)|(error|exception)\.type|server\.address|url\.scheme|mcp\.method\.name|gen_ai\.(operation|tool)\.name|db\.(system|operation)\.name)$/;
/** What spans of our own are called. */
const WORK =
  /^(tools\/call( (github_[a-z_]+|notes_look))?|refresh (acme|half|github)|kv (get|list|commit))$/;

Deno.test("what is exported of a whole journey", async (t) => {
  const { secrets, otlp, asked, traceId, callTraceId, ...said } = await journey();
  const { output } = said;
  const of = (span: Span, name: string) => span.attributes.find(([key]) => key === name)?.[1];
  const isCall = (span: Span) => of(span, "mcp.method.name") !== undefined;
  const served = otlp.spans.filter((span) => span.kind === 2 && !isCall(span));
  const calls = otlp.spans.filter(isCall);
  const fetched = otlp.spans.filter(({ kind }) => kind === 3);

  await t.step("spans, logs and metrics did arrive", () => {
    assert(served.length > 40, `${served.length} spans of requests`);
    assert(fetched.length > 10, `${fetched.length} spans of fetches`);
    assert(otlp.logs.some((text) => text.includes("listening")), "log lines");
    assert(otlp.metrics.some((text) => text.includes("http.server.request.duration")), "metrics");
    assert(served.some((span) => span.traceId === traceId), "a caller's trace goes on here");
    assert(!output.includes("spans_not_guarded"), output);
  });

  await t.step("each request has its route, method and status, each fetch its host", () => {
    const seen = served.map((span) => `${span.name} ${of(span, "http.response.status_code")}`);
    for (const [name, status] of ROUTES) {
      assert(
        seen.includes(`${name} ${status}`),
        `${name} ${status} in\n${[...new Set(seen)].join("\n")}`,
      );
    }
    for (const span of served) {
      assertEquals(span.name, `${of(span, "http.request.method")} ${of(span, "http.route")}`);
    }
    for (const span of fetched.filter((span) => of(span, "url.scheme") !== "data")) {
      assert(
        /^127\.0\.0\.1:\d+$|^localhost:\d+$/.test(of(span, "server.address") ?? ""),
        span.text,
      );
    }
    assert(fetched.some((span) => of(span, "error.type") === "TypeError"), "one failed");
  });

  await t.step("no span has an attribute that is not known to be harmless", () => {
    for (const span of otlp.spans) {
      assert(!span.text.includes(METHOD), span.text);
      for (const [name] of span.attributes) assert(KEPT.test(name), `${name} in ${span.text}`);
      const aside = span.links.length === 0 ? /"(events|links)":\[[^\]]/ : /"events":\[[^\]]/;
      assert(!aside.test(span.text), span.text);
      assert(/"status":\{"message":"",/.test(span.text), span.text);
    }
  });

  const byId = new Map(otlp.spans.map((span) => [span.spanId, span]));
  const parentOf = (span: Span) => byId.get(span.parentSpanId);
  const childrenOf = ({ spanId, traceId }: Span) =>
    otlp.spans.filter((span) => span.parentSpanId === spanId && span.traceId === traceId);

  await t.step(
    "a request, its call, its fetch and what the database was asked are one trace",
    () => {
      const found = calls.find(({ name }) => name === "tools/call github_search_issues");
      assertEquals(parentOf(found!)?.name, "POST /mcp");
      assertEquals(of(found!, "gen_ai.tool.name"), "github_search_issues");
      assertEquals(of(found!, "gen_ai.operation.name"), "execute_tool");
      const inside = childrenOf(found!);
      assert(inside.some(({ kind, name }) => kind === 3 && !name.startsWith("kv")), "the fetch");
      assert(inside.some(({ name }) => /^kv (get|list)$/.test(name)), "reads of the database");
      for (const span of otlp.spans.filter(({ name }) => name.startsWith("kv "))) {
        assert(parentOf(span) !== undefined, `${span.name} is part of something`);
        assertEquals(parentOf(span)!.traceId, span.traceId);
        assertEquals(of(span, "db.operation.name"), span.name.slice(3));
      }
    },
  );

  await t.step("a refresh stands below who asked for it, and its fetch below the refresh", () => {
    const refresh = otlp.spans.find(({ name }) => name === "refresh acme");
    assertEquals(parentOf(refresh!)?.name, "POST /token/:service");
    const inside = childrenOf(refresh!);
    assert(inside.some(({ kind }) => kind === 3), "the fetch");
    assert(inside.some(({ name }) => name === "kv commit"), "the commit");
  });

  await t.step("a call that failed says so in a word", () => {
    const failures = calls.map((span) => of(span, "error.type")).filter((word) => word);
    assert(failures.length > 0);
    for (const word of failures) assert(/^[a-z_]+$/.test(word!), word);
  });

  await t.step("a call belongs to the trace that its client names, if that is one", () => {
    const named = calls.filter((span) => span.traceId === callTraceId);
    assertEquals(named.length, 1);
    const [call] = named;
    assertEquals(call!.parentSpanId, "00f067aa0ba902b7");
    assertEquals(call!.links.map((id) => byId.get(id)?.name), ["POST /mcp"]);
    assert(childrenOf(call!).some(({ kind }) => kind === 3), "what it asks goes along");
    const batch = BATCH_TRACE_IDS.map((id) => calls.filter(({ traceId }) => traceId === id));
    for (const own of batch) {
      assertEquals(own.length, 1, "each call of a batch belongs to its own");
      assertEquals(own[0]!.parentSpanId, "00f067aa0ba902b7");
      assert(childrenOf(own[0]!).some(({ kind }) => kind === 3), "what it asks goes along");
      assertEquals(own[0]!.links.map((id) => byId.get(id)?.name), ["POST /mcp"]);
    }
    const ofTheirOwn = [call, ...batch.flat()];
    for (const other of calls.filter((span) => !ofTheirOwn.includes(span))) {
      assertEquals([parentOf(other)?.name, other.links], ["POST /mcp", []]);
    }
  });

  await t.step("what spans of ours are called are words of ours", () => {
    const ours = otlp.spans.filter((span) =>
      !served.includes(span) && !/^[A-Z_]+$/.test(span.name)
    );
    for (const { name } of ours) assert(WORK.test(name) || name === "guard", name);
  });

  await t.step("no secret, code, state, search or person is in what was exported or logged", () => {
    expectNone({ "what was exported": otlp.raw(), "the log": output }, secrets);
  });

  await t.step("no secret is in headers, or in the record of who it is about", () => {
    // Where persons stand, and nothing that anybody could come in by.
    const about = /person|user id|e-mail|^MCP client$|looked for|search|nowhere|METHOD/;
    const keys = new Map([...secrets].filter(([what]) => !about.test(what)));
    assert(keys.size > 25, `${keys.size} secrets`);
    expectNone({ headers: said.headers, "the record": said.record }, keys);
  });

  await t.step("no trace, and nothing that a caller's trace says, goes to a provider", () => {
    assert(asked.length > 6, `${asked.length} requests`);
    const [toProvider, toOwn] = [asked, asked].map((all, at) =>
      all.filter(({ url }) => (url.pathname === "/mcp") === (at === 1))
    );
    for (const { url, headers } of toProvider!) {
      for (const name of ["traceparent", "tracestate", "baggage"]) {
        assertEquals(headers.get(name), null, `${name} at ${url.pathname}`);
      }
    }
    // The operator's own server hears of the trace, from us, and of nothing that a caller said in it.
    const heard = toOwn!.filter(({ body }) => body.includes('"tools/call"'));
    assert(heard.length > 3, `${heard.length} calls`);
    for (const { headers, body } of heard) {
      const traceparent = headers.get("traceparent");
      const [, trace, span] = /^00-(\w{32})-(\w{16})-01$/.exec(traceparent ?? "") ?? [];
      assertEquals([calls.find(({ spanId }) => spanId === span)?.traceId, typeof trace], [
        trace,
        "string",
      ]);
      assertEquals(JSON.parse(body).params._meta.traceparent, traceparent);
      for (const name of ["tracestate", "baggage"]) {
        assertEquals([headers.get(name), JSON.parse(body).params._meta[name]], [null, undefined]);
      }
    }
  });
});

function decoded(text: string): string {
  return text.replaceAll(
    /%[0-9a-f]{2}/gi,
    (one) => String.fromCharCode(parseInt(one.slice(1), 16)),
  );
}

/** Looks for each secret in all that was said, however it may have been written. */
function expectNone(said: Record<string, string>, secrets: Map<string, string>): void {
  for (const [where, plain] of Object.entries(said)) {
    for (const text of [plain, decoded(plain)]) {
      for (const [what, secret] of secrets) {
        for (const form of formsOf(secret)) {
          const at = text.indexOf(form);
          const before = text.slice(Math.max(0, at - 300), at + 100);
          assert(at < 0, `${what} (${form}) in ${where}: …${before}`);
        }
      }
    }
  }
}

/** As it is, in an address, in hexadecimal, and in base64 wherever in a longer text it begins. */
function formsOf(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const shifted = [0, 1, 2].flatMap((before) => {
    const all = new Uint8Array([...new Uint8Array(before), ...bytes]);
    // Without the characters that hold bits of what stands before and behind.
    const text = btoa(String.fromCharCode(...all)).replaceAll("=", "");
    const inner = text.slice(before === 0 ? 0 : before + 1, all.length % 3 === 0 ? undefined : -1);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toHex(),
    bytes.toHex().toUpperCase(),
    ...shifted,
  ];
}
