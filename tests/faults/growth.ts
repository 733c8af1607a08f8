/**
 * A process in which the program answers people, each once, in rounds that lie
 * an hour apart: it says what is alive in its heap after each. Run by
 * growth_test.ts.
 *
 * @module
 */

import { API_KEY, call, startGateway } from "../support/gateway.ts";

const { gc } = globalThis as unknown as { gc(): void };
const [rounds = 0, people = 0] = Deno.args.map(Number);
/** What is remembered of somebody is over by then. */
const LONG_MS = 60 * 60_000;

await using gateway = await startGateway({ kvPath: ":memory:" });

/** By turns: what a new person's program asks first. */
const BODIES: ((person: string) => [path: string, body: unknown])[] = [
  () => ["/mcp", { jsonrpc: "2.0", id: 1, method: "tools/list" }],
  () => ["/mcp", call("github_list_repositories", { nonsense: 5 })],
  () => ["/mcp", call("github_list_repositories")],
  () => ["/mcp", call("github_create_issue", { repo: "octocat/hello", title: "x" })],
  (person) => ["/token/github", { user_id: person }],
];

async function ask(count: number): Promise<void> {
  const person = `person-${count}`;
  const [path, body] = BODIES[count % BODIES.length]!(person);
  const answer = await gateway.handle(
    new Request(gateway.url + path, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${API_KEY}`,
        "Content-Type": "application/json",
        "Host": new URL(gateway.url).host,
        "X-User-Id": person,
      },
      body: JSON.stringify(body),
    }),
  );
  const text = await answer.text();
  if (answer.status !== (path === "/mcp" ? 200 : 404)) throw new Error(text);
}

let asked = 0;

/** Everybody up to `most`, some at a time; resolves with the bytes that are alive then. */
async function aliveAfter(most: number): Promise<number> {
  const some = async () => {
    while (asked < most) await ask(asked += 1);
  };
  await Promise.all(Array.from({ length: 16 }, some));
  // What is begun and not waited for ends first.
  await gateway.broker.idle();
  // The test's own memory of what happened.
  for (const list of [gateway.world.secrets, gateway.world.events, gateway.requests]) {
    list.length = 0;
  }
  for (let times = 0; times < 3; times++) {
    await new Promise((resolve) => setTimeout(resolve));
    gc();
  }
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

const alive: number[] = [];
for (let round = 1; round <= rounds; round++) {
  alive.push(await aliveAfter(round * people));
  gateway.world.skew += LONG_MS;
}
console.log(`ended ${JSON.stringify(alive)}`);
Deno.exit(0);
