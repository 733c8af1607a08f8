/** What a provider's API may answer to a tool: bombs, streams without end, far too much of it. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { deadlineIn } from "../../../broker/core/deadline.ts";
import { MAX_ANSWER_BYTES, MAX_REFUSAL_BYTES } from "../../../mcp/api_answer.ts";
import { createApiClient, MAX_CALL_BYTES, MAX_CALL_REQUESTS } from "../../../mcp/api_client.ts";
import { CALL_TIMEOUT_MS } from "../../../mcp/call.ts";
import { github } from "../../../providers/github/github.ts";
import { gmailTools } from "../../../providers/google/gmail/tools.ts";
import { google } from "../../../providers/google/google.ts";
import type { ApiClient } from "../../../providers/provider.ts";
import { answeredBy, callTool, faultOf, tokenSetOf } from "../../support/api.ts";
import {
  bomb,
  ENCODINGS,
  endless,
  headOf,
  packed,
  startHostile,
  trickle,
} from "../../support/hostile_server.ts";
import { testWorld } from "../../support/world.ts";

const JSON_TYPE = "application/json";
const Anything = z.unknown();

function clientAt(url: string, signal = new AbortController().signal): ApiClient {
  const settings = { clientId: "x", clientSecret: "x", redirectUri: "http://localhost/cb", fetch };
  return createApiClient({
    world: testWorld(),
    provider: github.create({ ...settings, baseUrl: url }),
    tokens: () => Promise.resolve(tokenSetOf("t")),
    fetch,
    limit: { signal },
  });
}

Deno.test("an API's answer is not unpacked beyond its limit", async () => {
  for (const encoding of ENCODINGS) {
    const bytes = await bomb(encoding, 11, ['{"pad":"', '"}']);
    assert(bytes.length < MAX_ANSWER_BYTES / 10, `${encoding} is no bomb`);
    await using server = startHostile(packed(encoding, bytes, JSON_TYPE));
    const api = clientAt(server.url);
    const fault = await faultOf(api.json("/x", Anything));
    assertEquals(fault.message, "GitHub gave an answer that is too long.");
    const { text, truncated } = await clientAt(server.url).text("/x", 1_000);
    assertEquals([text.length, truncated], [1_000, true]);
  }
});

Deno.test("an API's refusal is known by its status where its words are too long", async () => {
  const words = "a".repeat(MAX_REFUSAL_BYTES);
  const api = answeredBy(github, () => Response.json({ message: words }, { status: 404 }));
  assertEquals((await faultOf(api.json("/x", Anything))).kind, "not_found");
  await using server = startHostile(async (send) => {
    await send(headOf(403, [`Content-Type: ${JSON_TYPE}`]));
    while (await send("a".repeat(64 * 1024)));
  });
  assertEquals((await faultOf(clientAt(server.url).json("/x", Anything))).kind, "forbidden");
  await server.hungUp;
});

Deno.test("an API's answer without end is given up", async () => {
  await using server = startHostile(endless(JSON_TYPE, '{"pad":"'));
  const fault = await faultOf(clientAt(server.url).json("/x", Anything));
  assertEquals(fault.message, "GitHub gave an answer that is too long.");
  await server.hungUp;
});

Deno.test("an API's answer that trickles in ends with the call's time", async () => {
  await using server = startHostile(trickle(JSON_TYPE, '{"pad":'));
  const world = testWorld();
  world.speed = 100;
  using deadline = deadlineIn(world, CALL_TIMEOUT_MS);
  const api = clientAt(server.url, deadline.signal);
  const fault = await faultOf(api.json("/x", Anything));
  assertEquals(fault.message, "GitHub did not answer in time.");
  await server.hungUp;
});

Deno.test("an API's answer whose length is a lie is none", async () => {
  await using server = startHostile(async (send) => {
    await send(headOf(200, [`Content-Type: ${JSON_TYPE}`, "Content-Length: 1000000000"]) + "{}");
  });
  const fault = await faultOf(clientAt(server.url).json("/x", Anything));
  assertEquals(fault.message, "GitHub broke off its answer.");
});

Deno.test("the answers of one call are bounded together", async () => {
  const large = "a".repeat(MAX_ANSWER_BYTES - 100);
  const api = answeredBy(github, () => Response.json({ large }));
  for (let bytes = 0; bytes < MAX_CALL_BYTES - MAX_ANSWER_BYTES; bytes += large.length) {
    await api.json("/x", Anything);
  }
  const fault = await faultOf(api.json("/x", Anything).then(() => api.json("/x", Anything)));
  assertEquals(fault.message, "GitHub gave answers that are too long.");
});

Deno.test("a list that names far more than was asked for makes no flood of requests", async () => {
  let requests = 0;
  const messages = Array.from({ length: 10_000 }, (_, index) => ({ id: `m${index}` }));
  const gmail = answeredBy(google, ({ url }) => {
    requests += 1;
    const isList = new URL(url).pathname.endsWith("/messages");
    return Response.json(
      isList
        ? { messages }
        : { id: "m", threadId: "t", internalDate: "0", payload: { headers: [] } },
    );
  });
  // No more than were asked for are looked at, however many the list names.
  const { data } = await callTool(gmailTools, "search_messages", { query: "x", limit: 5 }, gmail);
  assertEquals([data.messages.length, requests], [5, 6]);

  // A tool that would go on has an end as well.
  requests = 0;
  const fault = await faultOf((async () => {
    for (;;) await gmail.json("/gmail/v1/users/me/messages", z.unknown());
  })());
  assertStringIncludes(fault.message, "asked too often");
  assertEquals(requests, MAX_CALL_REQUESTS - 6);
});
