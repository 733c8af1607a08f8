/**
 * What Deno may export of its own spans: of a served request its route, of a
 * fetch its host, of both method, status and time. Never an address.
 *
 * Where OpenTelemetry is on (on Deno Deploy it always is, and cannot be
 * configured there), Deno makes a span of each request and each fetch, and puts
 * `url.full`, `url.path` and `url.query` into it: the secret of a connect link, a
 * provider's code and state, what a person searches for. An attribute that is set
 * again does not take the first one's place, both are exported (seen with 2.5.7
 * and 2.9.6, November 2026). So the one way is before they are set: Deno sets them
 * by the public methods of its span class, and {@linkcode guardSpans} lets those
 * pass on only what is listed here. What a later version of Deno adds is left out.
 *
 * @module
 */

import { context, createContextKey, type Span, trace } from "@opentelemetry/api";

/** Fixed words and numbers: none of their values is chosen by a person or holds a secret. */
const KEPT = new Set([
  "db.operation.name",
  "db.system.name",
  "error.type",
  "exception.type",
  "gen_ai.operation.name",
  "gen_ai.tool.name",
  "http.request.method",
  "http.response.status_code",
  "http.route",
  "mcp.method.name",
  "server.address",
  "url.scheme",
]);
const ADDRESS = "url.full";
/** As OpenTelemetry's conventions have it: the word for every other is `_OTHER`. */
const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
/** Of the OpenTelemetry SDK. With it in the context Deno's fetch adds no `traceparent` or `baggage`. */
const SUPPRESSED = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
const HOST = createContextKey("switchboard host");

/**
 * From now on spans hold only what is listed here. To be called before the first
 * request. Returns a check whether Deno really fills its spans where they are
 * guarded; where it makes none there is nothing to guard.
 */
export function guardSpans(): (way: typeof fetch) => Promise<boolean> {
  const probe = trace.getTracer("switchboard").startSpan("guard");
  if (!probe.isRecording()) return () => Promise.resolve(true);
  let addresses = 0;
  guard(Object.getPrototypeOf(probe), () => addresses += 1);
  return async (way) => {
    const before = addresses;
    // Makes a span like every other, and reaches nothing.
    const response = await way("data:,");
    await response.body?.cancel();
    return addresses > before;
  };
}

/** Puts the guards in the place of the methods by which Deno, too, fills its spans. */
function guard(spans: Span, onAddress: () => void): void {
  const { setAttribute, addEvent, addLink, setStatus } = spans;
  spans.setAttribute = function (this: Span, name, value) {
    if (name === ADDRESS) onAddress();
    // Set where the program itself asks somebody: see createQuietFetch().
    const host = name === ADDRESS ? context.active().getValue(HOST) : undefined;
    if (typeof host === "string") setAttribute.call(this, "server.address", host);
    if (!KEPT.has(name)) return this;
    return setAttribute.call(this, name, name === "http.request.method" ? known(value) : value);
  };
  spans.setAttributes = function (this: Span, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.setAttribute(name, value);
    }
    return this;
  };
  spans.addEvent = function (this: Span, name, attributes, time) {
    const isTime = typeof attributes !== "object" || Array.isArray(attributes) ||
      attributes instanceof Date;
    return addEvent.call(this, name, isTime ? attributes : kept(attributes), time);
  };
  spans.addLink = function (this: Span, { context }) {
    return addLink.call(this, { context });
  };
  // The message is an error's, and 2.5.7 has the whole address in it.
  spans.setStatus = function (this: Span, { code }) {
    return setStatus.call(this, { code });
  };
}

function kept<T extends object>(attributes: T): T {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => KEPT.has(name))) as T;
}

function known<T>(method: T): T | "_OTHER" {
  return METHODS.some((one) => one === method) ? method : "_OTHER";
}

/** Names the span of the request that is being served after its route, such as `/auth/:service`. */
export function nameRequest(method: string, route: () => string): void {
  const span = trace.getActiveSpan();
  // Without telemetry, which is usual outside of Deno Deploy, nobody looks the route up.
  if (span === undefined) return;
  const path = route();
  span.updateName(`${known(method)} ${path}`);
  span.setAttribute("http.route", path);
}

/**
 * A fetch that tells nobody outside which trace it belongs to. Deno would send
 * a caller's `baggage` on to the provider as it came, and the caller's trace id
 * with it, by which two strangers to each other could compare notes of a person.
 */
export function createQuietFetch(way: typeof fetch): typeof fetch {
  return (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const quiet = context.active().setValue(SUPPRESSED, true)
      .setValue(HOST, URL.parse(address)?.host || undefined);
    return context.with(quiet, () => way(input, init));
  };
}
