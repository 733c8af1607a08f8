/**
 * Spans of what the program does for a request: a call of a tool, a refresh, what the database is
 * asked. What they are called, and what they say, are words of ours; `spans.ts` lets nothing else
 * pass. Deno's own spans of the request and of fetches are their parents and children.
 *
 * @module
 */

import {
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import type { Spans } from "../broker/core/world.ts";
import { readTraceparent, writeTraceparent } from "./traceparent.ts";

/** Spans by way of whatever provides OpenTelemetry. */
export function createSpans(version: string): Spans {
  const tracer = trace.getTracer("switchboard", version);
  return {
    within({ name, attributes = {}, isAsked = false, caller }, work, failure) {
      const now = context.active();
      const { parent, asked } = parentOf(now, caller);
      const kind = isAsked ? SpanKind.SERVER : SpanKind.INTERNAL;
      const span = tracer.startSpan(name, { kind, attributes }, parent);
      if (asked !== undefined) span.addLink({ context: asked.spanContext() });
      const end = (word?: string) => endOf(span, word);
      // With its caller's trace, and all else that goes along with the request.
      return ended(() => context.with(trace.setSpan(now, span), work), end, failure);
    },
    part(name, attributes) {
      // Housekeeping would be a trace for each record that it looks at.
      if (trace.getActiveSpan() === undefined) return () => {};
      const span = tracer.startSpan(name, { attributes });
      return (word) => endOf(span, word);
    },
    traceparent() {
      const span = trace.getActiveSpan();
      return span?.isRecording() ? writeTraceparent(span.spanContext()) : undefined;
    },
  };
}

/**
 * Whose child a call is, and which request brought it. OpenTelemetry's conventions for MCP (in
 * development, November 2026) have what `_meta` says as the parent, and the HTTP request as a link:
 * one request may bring several messages. Where both are of one trace the request stays the parent.
 *
 * A caller chooses by this into which trace its call is put, and nothing else: flags, `tracestate`
 * and `baggage` are not taken over, so nobody's calls are left out of the traces by their own word,
 * and what a caller has said goes nowhere. It is asked for only of callers who have proved who they
 * are. Who knows the id of another's trace, which are 128 random bits, could add a call of its own to
 * it, under its own name in the log. It reads nothing there, since traces are the operator's alone.
 */
function parentOf(
  now: Context,
  caller: string | undefined,
): { parent: Context; asked?: Span | undefined } {
  const given = caller === undefined ? undefined : readTraceparent(caller);
  const asked = trace.getSpan(now);
  if (given === undefined || asked?.spanContext().traceId === given.traceId) return { parent: now };
  const traceFlags = TraceFlags.SAMPLED;
  const parent = trace.setSpanContext(now, { ...given, traceFlags, isRemote: true });
  return { parent, asked };
}

function ended<T>(
  work: () => T | Promise<T>,
  end: (failure?: string) => void,
  failure: (outcome: T) => string | undefined = () => undefined,
): T | Promise<T> {
  const over = (outcome: T) => {
    end(failure(outcome));
    return outcome;
  };
  const thrown = (error: unknown): never => {
    end("_OTHER");
    throw error;
  };
  let outcome;
  try {
    outcome = work();
  } catch (error) {
    return thrown(error);
  }
  return outcome instanceof Promise ? outcome.then(over, thrown) : over(outcome);
}

function endOf(span: Span, failure: string | undefined): void {
  if (failure !== undefined) {
    span.setAttribute("error.type", failure);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
