import { assert, assertEquals } from "@std/assert";
import { startOtlpReceiver } from "../support/otlp_receiver.ts";
import { runDeno } from "../support/process.ts";

Deno.test("a guarded span keeps only what is known, in whatever way it is filled", async () => {
  await using otlp = startOtlpReceiver();
  await using program = runDeno(["run", "-A", "tests/telemetry/spans_worker.ts"], otlp.env);
  assertEquals((await program.ended).code, 0, program.output());
  const [filled] = otlp.spans.filter(({ name }) => name === "filled");
  assert(otlp.spans.some(({ name }) => name === "active"), otlp.raw());
  assertEquals(filled!.attributes, [["http.route", "/kept"], ["http.request.method", "_OTHER"]]);
  for (const kept of ["KeptError", "TypeError", '"name":"timed"', '"traceId"']) {
    assert(filled!.text.includes(kept), `${kept} in ${filled!.text}`);
  }
  assertEquals(/secret-\d+/.exec(otlp.raw())?.[0], undefined);
});

Deno.test("a runtime that fills its spans in another way is found out", async () => {
  await using otlp = startOtlpReceiver();
  await using program = runDeno(["run", "-A", "tests/telemetry/spans_worker.ts"], otlp.env);
  await program.said(/guarded true, by a runtime that goes another way false/);
  await program.ended;
});

Deno.test("without OpenTelemetry there is nothing to guard", async () => {
  await using program = runDeno(["run", "-A", "tests/telemetry/spans_worker.ts"], {});
  await program.said(/guarded true, by a runtime that goes another way true/);
});
