/**
 * Telemetry, where it is on: metrics, and spans that are guarded. Where it is
 * off, which is usual outside of Deno Deploy, OpenTelemetry is not even loaded.
 *
 * @module
 */

import type { Metrics, Spans } from "../broker/core/world.ts";

/** What the rest of the program needs of it. */
export interface Telemetry {
  metrics: Metrics;
  /** Absent where nothing is traced. */
  spans?: Spans | undefined;
  /** A `fetch` that tells nobody outside which trace it belongs to. */
  quietFetch(way: typeof fetch): typeof fetch;
  /** Names the span of the request that is being served; absent where there is none. */
  nameRequest?: ((method: string, route: () => string) => void) | undefined;
  /** Whether this version of Deno fills its spans where they are guarded. */
  isGuarded(way: typeof fetch): Promise<boolean>;
}

/** Nothing is counted, and there are no spans. */
const OFF: Telemetry = {
  metrics: { refresh() {}, waited() {}, takeover() {} },
  quietFetch: (way) => way,
  isGuarded: () => Promise.resolve(true),
};

/** To be called once, before the first request: from then on spans hold only what may be told. */
export async function startTelemetry(version: string): Promise<Telemetry> {
  if (!isOn()) return OFF;
  const [{ createMetrics }, { createQuietFetch, guardSpans, nameRequest }, { createSpans }] =
    await Promise.all([
      import("./metrics.ts"),
      import("./spans.ts"),
      import("./work_spans.ts"),
    ]);
  const isGuarded = guardSpans();
  return {
    metrics: createMetrics(version),
    spans: createSpans(version),
    quietFetch: createQuietFetch,
    nameRequest,
    isGuarded,
  };
}

/**
 * Whether anybody provides telemetry, and be it of a version that is not known yet: whoever does,
 * Deno too, puts itself where the API of OpenTelemetry looks, before the program begins.
 */
function isOn(): boolean {
  return Object.getOwnPropertySymbols(globalThis).some(({ description }) =>
    description?.startsWith("opentelemetry.js.api.")
  );
}
