/**
 * Receives what a process exports by OpenTelemetry (OTLP over HTTP, as JSON).
 *
 * @module
 */

import { serve } from "./serve.ts";

/** A span as it was exported. */
export interface Span {
  name: string;
  /** 2: a request that was served. 3: a fetch. */
  kind: number;
  traceId: string;
  spanId: string;
  /** Empty where it is a trace's first. */
  parentSpanId: string;
  /** Spans that it has to do with, by their ids. */
  links: string[];
  /** Every pair, since a name may come twice. */
  attributes: [name: string, value: string][];
  text: string;
}

/** What came in. */
export interface OtlpReceiver extends AsyncDisposable {
  /** What a process needs to export to it. */
  env: Record<string, string>;
  spans: Span[];
  logs: string[];
  metrics: string[];
  /** Resolves when there is such a span. */
  next(is: (span: Span) => boolean): Promise<void>;
  /** Every byte, as it came. */
  raw(): string;
}

/** Starts one. */
export function startOtlpReceiver(): OtlpReceiver {
  const bodies: string[] = [];
  const waiting = new Set<() => void>();
  const receiver = { spans: [] as Span[], logs: [] as string[], metrics: [] as string[] };
  const { port, close } = serve(async (request) => {
    const text = await request.text();
    bodies.push(text);
    const body = JSON.parse(text);
    const { pathname } = new URL(request.url);
    if (pathname === "/v1/traces") receiver.spans.push(...spansOf(body));
    waiting.forEach((check) => check());
    if (pathname === "/v1/logs") receiver.logs.push(text);
    if (pathname === "/v1/metrics") receiver.metrics.push(text);
    return Response.json({});
  });
  return {
    ...receiver,
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    },
    next: (is) =>
      new Promise((resolve) => {
        const check = () => {
          if (!receiver.spans.some(is)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    raw: () => bodies.join("\n"),
    [Symbol.asyncDispose]: close,
  };
}

// deno-lint-ignore no-explicit-any -- OTLP's own nesting
function spansOf({ resourceSpans }: any): Span[] {
  // deno-lint-ignore no-explicit-any
  const all = resourceSpans.flatMap(({ scopeSpans }: any) => scopeSpans)
    // deno-lint-ignore no-explicit-any
    .flatMap(({ spans }: any) => spans);
  // deno-lint-ignore no-explicit-any
  return all.map((span: any): Span => ({
    name: span.name,
    kind: span.kind,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? "",
    // deno-lint-ignore no-explicit-any
    links: (span.links ?? []).map(({ spanId }: any) => spanId),
    // deno-lint-ignore no-explicit-any
    attributes: span.attributes.map(({ key, value }: any) => [key, String(value.stringValue)]),
    text: JSON.stringify(span),
  }));
}
