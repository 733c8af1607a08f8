/**
 * What hostile answers cost in memory, in a process of its own: 200 MB out of
 * 200 KB, and streams that never end.
 */

import { assert, assertStringIncludes } from "@std/assert";
import { bomb, endless, headOf, packed, startHostile } from "../../support/hostile_server.ts";
import { runDeno } from "../../support/process.ts";
import { eventOf, startUpstream, stream } from "../../support/scripted_upstream.ts";

const MEGABYTE = 1024 * 1024;
/** Generous: without limits it was 500 to 1,000. */
const MOST = 150 * MEGABYTE;

/** Runs a deed of measured.ts; gives how it ended. */
async function outcomeOf(deed: string, url = ""): Promise<string> {
  const file = new URL("measured.ts", import.meta.url).pathname;
  await using child = runDeno(["run", "-A", "--no-check", "--quiet", file, deed, url], {});
  const [, json = ""] = await child.said(/ended (.*)\n/);
  const { outcome, grown } = JSON.parse(json);
  assert(grown < MOST, `${deed} took ${Math.round(grown / MEGABYTE)} MB: ${outcome}`);
  return outcome;
}

const isLinux = Deno.build.os === "linux";

const ANSWER: [string, string] = [
  '{"id":"1","email":"a@example.com","access_token":"t","pad":"',
  '"}',
];
const LIMITED = { userinfo: "TooLong", token: "longer than", api: "too long" };

for (const [deed, said] of Object.entries(LIMITED)) {
  Deno.test({
    name: `200 MB out of 200 KB do not fill the memory: ${deed}`,
    ignore: !isLinux,
    async fn() {
      const bytes = await bomb("gzip", 200, ANSWER);
      assert(bytes.length < MEGABYTE);
      await using server = startHostile(packed("gzip", bytes, "application/json"));
      assertStringIncludes(await outcomeOf(deed, server.url), said);
    },
  });
}

Deno.test({
  name: "200 MB out of 200 KB do not fill the memory: an upstream, as JSON and as an event",
  ignore: !isLinux,
  async fn() {
    const before = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"';
    for (const streamed of [false, true]) {
      const around: [string, string] = [
        `${streamed ? "data: " : ""}${before}`,
        `"}]}}${streamed ? "\n\n" : ""}`,
      ];
      const bytes = await bomb("gzip", 200, around) as Uint8Array<ArrayBuffer>;
      const type = streamed ? "text/event-stream" : "application/json";
      const headers = { "Content-Type": type, "Content-Encoding": "gzip" };
      await using upstream = startUpstream({
        "tools/call": () => new Response(bytes, { headers }),
      });
      assertStringIncludes(await outcomeOf("upstream", upstream.url), "could not be used just now");
    }
  },
});

Deno.test({
  name: "an upstream's stream without end does not fill the memory",
  ignore: !isLinux,
  async fn() {
    const text = eventOf({
      method: "notifications/message",
      params: { data: "a".repeat(900_000) },
    });
    await using upstream = startUpstream({ "tools/call": () => stream(() => text).response });
    assertStringIncludes(await outcomeOf("upstream", upstream.url), "could not be used just now");
  },
});

Deno.test({
  name: "a local server's line of 150 MB does not fill the memory",
  ignore: !isLinux,
  async fn() {
    assertStringIncludes(await outcomeOf("process"), "could not be used just now");
  },
});

Deno.test({
  name: "the proxy keeps nothing of an answer without end, however slowly it is read",
  ignore: !isLinux,
  async fn() {
    const answerAll = endless("application/octet-stream", "a");
    await using server = startHostile(async (send, request) => {
      if (request.path === "/endless") return await answerAll(send, request);
      await send(headOf(200, ["Content-Type: application/json"]) + '{"id":1,"login":"octocat"}');
    });
    assertStringIncludes(await outcomeOf("proxy", server.url), "read true");
    // With the caller's end the provider's comes, too.
    await server.hungUp;
    assert(server.sent() < 300 * MEGABYTE, `${server.sent()} bytes were taken`);
  },
});
