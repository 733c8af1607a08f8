/**
 * `traceparent`, by which a trace goes on elsewhere (W3C Trace Context, §3.2).
 *
 * @module
 */

/** The trace that something belongs to, and what of it has caused it. */
export interface TraceParent {
  traceId: string;
  spanId: string;
}

/** Version 00 alone, in lower case, as §3.2.2 has it. What a later version says we do not know. */
const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const ZEROS = /^0+$/;

/** Reads one that somebody gave; `undefined`: it is none. */
export function readTraceparent(given: string): TraceParent | undefined {
  const [, traceId, spanId] = FORM.exec(given) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return ZEROS.test(traceId) || ZEROS.test(spanId) ? undefined : { traceId, spanId };
}

/** Writes one, of a trace that is recorded. */
export function writeTraceparent({ traceId, spanId }: TraceParent): string {
  return `00-${traceId}-${spanId}-01`;
}
