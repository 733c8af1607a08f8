/**
 * Fills spans in every way that there is, after they were guarded. What it fills
 * in has "secret" in it.
 */
import { trace } from "@opentelemetry/api";
import { guardSpans } from "../../telemetry/spans.ts";

const check = guardSpans();
const tracer = trace.getTracer("worker");
const attributes = { "url.full": "secret-1", "client.address": "secret-2" };
const span = tracer.startSpan("filled", { attributes });
span.setAttribute("http.url", "secret-3").setAttribute("http.target", "secret-4");
span.setAttributes({ "user_agent.original": "secret-5", "http.route": "/kept" });
span.setAttributes({ "http.request.method": "secret-14" });
span.addEvent("event", { "url.query": "secret-6", "error.type": "KeptError" }, new Date());
span.addEvent("timed", Date.now());
span.recordException(new TypeError("secret-7"));
span.recordException("secret-8");
span.addLink({ context: span.spanContext(), attributes: { "url.path": "secret-9" } });
span.addLinks([{ context: span.spanContext(), attributes: { "url.path": "secret-10" } }]);
span.setStatus({ code: 2, message: "secret-11" });
span.end();
tracer.startActiveSpan("active", { attributes: { "url.full": "secret-12" } }, (active) => {
  active.setAttribute("url.query", "secret-13");
  active.end();
});
const silent = () => Promise.resolve(new Response());
console.log(
  `guarded ${await check(fetch)}, by a runtime that goes another way ${await check(silent)}`,
);
// What is exported is exported at the latest here.
Deno.exit();
