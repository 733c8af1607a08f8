import { assert, assertEquals } from "@std/assert";
import type { Span } from "../support/otlp_receiver.ts";
import { journey, METHOD } from "./journey.ts";

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
  /^(http\.(request\.method|response\.status_code|route)|(error|exception)\.type|server\.address|url\.scheme)$/;

Deno.test("what is exported of a whole journey", async (t) => {
  const { secrets, otlp, asked, traceId, output } = await journey();
  const of = (span: Span, name: string) => span.attributes.find(([key]) => key === name)?.[1];
  const served = otlp.spans.filter(({ kind }) => kind === 2);
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
      assert(!/"(events|links)":\[[^\]]/.test(span.text), span.text);
      assert(/"status":\{"message":"",/.test(span.text), span.text);
    }
  });

  await t.step("no secret, code, state, search or person is in anything that was exported", () => {
    const raw = otlp.raw();
    for (const text of [raw, decoded(raw)]) {
      for (const [what, secret] of secrets) {
        for (const form of [secret, encodeURIComponent(secret), btoa(secret).replaceAll("=", "")]) {
          const at = text.indexOf(form);
          assert(at < 0, `${what} (${form}) in …${text.slice(Math.max(0, at - 300), at + 100)}`);
        }
      }
    }
  });

  await t.step("no trace, and nothing that a caller's trace says, goes to a provider", () => {
    assert(asked.length > 6, `${asked.length} requests`);
    for (const { url, headers } of asked) {
      for (const name of ["traceparent", "tracestate", "baggage"]) {
        assertEquals(headers.get(name), null, `${name} at ${url.pathname}`);
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
