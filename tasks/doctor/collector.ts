/**
 * Where spans and logs are exported to, as Deno reads it: whether anybody
 * listens there, and whether anything is exported at all.
 *
 * @module
 */

import type { Env } from "../../broker/config/env.ts";
import { networkFaultOf } from "../../broker/core/network_fault.ts";
import { parseUrl } from "../../broker/core/addresses.ts";
import type { Finding } from "./finding.ts";
import type { Ways } from "./ways.ts";

const WHAT = "telemetry";
/** As OpenTelemetry has it where nothing is set. */
const USUAL = "http://localhost:4318";

/** What `OTEL_…` says; nothing where it says nothing. */
export async function collectorFindings(env: Env, { fetch, patience }: Ways): Promise<Finding[]> {
  const { OTEL_DENO, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = env;
  if (OTEL_DENO !== "true" && OTEL_DENO !== "1") {
    return endpoint === undefined ? [] : [{
      what: WHAT,
      state: "note",
      found: "OTEL_EXPORTER_OTLP_ENDPOINT is set, and nothing is exported.",
      cure: "Set OTEL_DENO=true as well, or leave it out.",
    }];
  }
  if (env.OTEL_EXPORTER_OTLP_PROTOCOL === "console") return [];
  const url = parseUrl(endpoint ?? USUAL);
  if (url === undefined) {
    const found = "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL.";
    return [{ what: WHAT, state: "fault", found, cure: `Such as ${USUAL}.` }];
  }
  try {
    const signal = AbortSignal.timeout(patience.answerMs);
    await (await fetch(url.origin, { redirect: "manual", signal })).body?.cancel();
    return [{ what: WHAT, state: "ok", found: `${url.origin} is there.` }];
  } catch (error) {
    const { why, cure } = networkFaultOf(error);
    return [{
      what: WHAT,
      state: "fault",
      found: `${url.origin} ${why}: spans and logs are lost.`,
      cure: `${cure} Or leave OTEL_DENO out.`,
    }];
  }
}
