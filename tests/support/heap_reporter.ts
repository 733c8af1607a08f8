/**
 * Lets a test ask a whole process what is alive in its heap: at each SIGUSR2 it
 * collects garbage and says what is left. It is loaded before the program:
 * `deno run --v8-flags=--expose-gc --preload="file:///…/heap_reporter.ts" …`.
 *
 * @module
 */

const { gc } = globalThis as unknown as { gc(): void };

let reports = 0;
Deno.addSignalListener("SIGUSR2", () => {
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  console.log(JSON.stringify({ report: reports += 1, alive: heapUsed + external }));
});
