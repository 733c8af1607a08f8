/**
 * What is counted, as OpenTelemetry instruments.
 *
 * @module
 */

import { metrics } from "@opentelemetry/api";
import type { Metrics } from "../broker/core/world.ts";

/** No exporter, no cost: Deno exports these by itself where OpenTelemetry is switched on. */
export function createMetrics(version: string): Metrics {
  const meter = metrics.getMeter("switchboard", version);
  const refreshes = meter.createCounter("switchboard.refreshes", {
    description: "Refreshes of provider tokens, by how they ended",
  });
  const waits = meter.createHistogram("switchboard.refresh.wait", {
    description: "How long callers waited for a refresh",
    unit: "ms",
  });
  const takeovers = meter.createCounter("switchboard.lease.takeovers", {
    description: "Leases taken over from a process that had died",
  });
  return {
    refresh: (provider, outcome) => refreshes.add(1, { provider, outcome }),
    waited: (provider, ms) => waits.record(ms, { provider }),
    takeover: (provider) => takeovers.add(1, { provider }),
  };
}
