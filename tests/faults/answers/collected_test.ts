/**
 * What is ended stays ended, though garbage is collected meanwhile: a signal
 * that fetch was given does not reach a body after that.
 */

import { assertMatch } from "@std/assert";
import { headOf, startHostile, trickle } from "../../support/hostile_server.ts";
import { runDeno, type Running } from "../../support/process.ts";
import { startUpstream, stream } from "../../support/scripted_upstream.ts";

function run(deed: string, url: string) {
  const file = new URL("collected.ts", import.meta.url).pathname;
  const options = ["-A", "--no-check", "--quiet", "--v8-flags=--expose-gc"];
  return runDeno(["run", ...options, file, deed, url], {});
}

const ENDS: Record<string, RegExp> = {
  body: /ended Error: ended/,
  account: /ended TimeoutError/,
  token: /ended .*no answer in time/,
  proxy: /ended Error: ended/,
};

/** Tells a process that its answer has begun: from then on it collects, and ends soon. */
function tell({ child }: Running): void {
  child.kill("SIGUSR1");
}

for (const [deed, ended] of Object.entries(ENDS)) {
  Deno.test(`collecting garbage keeps no answer alive: ${deed}`, async () => {
    const slow = trickle("application/json", "{");
    const begun = Promise.withResolvers<void>();
    await using server = startHostile(async (send, request) => {
      if (request.path === "/user") {
        return void await send(
          headOf(200, ["Content-Type: application/json"]) + '{"id":1,"login":"octocat"}',
        );
      }
      begun.resolve();
      await slow(send, request);
    });
    await using child = run(deed, server.url);
    await begun.promise;
    tell(child);
    const [said] = await child.said(/ended .*\n/);
    assertMatch(said, ended);
    await server.hungUp;
  });
}

for (const type of ["application/json", "text/event-stream"]) {
  Deno.test(`collecting garbage keeps no answer alive: an upstream's ${type}, whose caller has left`, async () => {
    const slow = stream(() => " ", 10);
    const begun = Promise.withResolvers<void>();
    await using upstream = startUpstream({
      "tools/call": () => {
        begun.resolve();
        return new Response(slow.response.body, { headers: { "Content-Type": type } });
      },
    });
    await using child = run("upstream", upstream.url);
    await begun.promise;
    tell(child);
    await child.said(/ended /);
    await slow.hungUp;
  });
}
