/**
 * What the public suite starts as the client under test: a gateway whose
 * upstream is the scenario's server, and a person with an MCP client in front
 * of it. The person connects where the gateway asks for it, then lists all there
 * is and calls it.
 *
 * The suite adds the server's URL as the last argument; what a scenario has to
 * give (a client's id, calls to be made) stands in variables.
 *
 * @module
 */

import { Browser } from "../support/browser.ts";
import { type ApiAnswer, call, type Gateway, startGateway } from "../support/gateway.ts";
import { exampleOf } from "./example.ts";

/** What a scenario hands to its client; of it, what is used here. */
interface Context {
  client_id?: string;
  client_secret?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}

const NAME = "up";
/** How often a person is sent to connect for one call: to begin with, and to allow more. */
const VISITS = 3;
/** How often a list is asked for until it is there. */
const TRIES = 20;

type Tool = { name: string; inputSchema: Record<string, unknown> };

const url = Deno.args.at(-1)!;
const context: Context = JSON.parse(Deno.env.get("MCP_CONFORMANCE_CONTEXT") ?? "{}");

const { client_id: clientId, client_secret: clientSecret } = context;
const env: Record<string, string> = {
  UPSTREAMS: JSON.stringify([{ name: NAME, url }]),
  ...(clientId !== undefined && { UP_CLIENT_ID: clientId }),
  ...(clientSecret !== undefined && { UP_CLIENT_SECRET: clientSecret }),
};

/** One browser: whoever connects again is still the same person. */
const browser = new Browser();

/** The person opens a link of the gateway's, and says yes; the scenario's server asks nothing. */
async function follow(link: string): Promise<void> {
  const page = await browser.open(link);
  const end = page.forms.length > 0 ? await browser.submit(page) : page;
  console.log(`Connected: ${end.status} at ${new URL(end.url).pathname}`);
}

/** The link that an answer asks the person to open. */
function linkIn({ json }: ApiAnswer): string | undefined {
  return json?.result?.structuredContent?.connect_url ?? json?.error?.data?.connect_url;
}

/** Asks, and asks again after the person has connected. */
async function ask(gateway: Gateway, body: unknown): Promise<ApiAnswer> {
  for (let visits = 0;; visits++) {
    const answer = await gateway.mcp(body);
    const link = linkIn(answer);
    if (link === undefined || visits === VISITS) return answer;
    await follow(link);
  }
}

/** The server's tools, as soon as they are there. A service's own tool that only connects is none. */
async function toolsOf(gateway: Gateway): Promise<Tool[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await gateway.mcp({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const tools: Tool[] = answer.json.result.tools;
    const own = tools.filter(({ name }) => name.startsWith(`${NAME}_`));
    if (own.length === 1 && own[0]!.name === `${NAME}_connect`) {
      await ask(gateway, call(own[0]!.name));
      continue;
    }
    if (own.length > 0) return own;
    // What failed is tried again after a while by the gateway's clock.
    gateway.world.skew += 60_000;
  }
  console.log(`No tools: ${JSON.stringify(gateway.world.events)}`);
  return [];
}

async function features(gateway: Gateway): Promise<void> {
  const list = async (method: string) => {
    const { json } = await gateway.mcp({ jsonrpc: "2.0", id: 1, method });
    return json.result ?? {};
  };
  for (const { uri } of (await list("resources/list")).resources ?? []) {
    await ask(gateway, { jsonrpc: "2.0", id: 2, method: "resources/read", params: { uri } });
  }
  for (const { name } of (await list("prompts/list")).prompts ?? []) {
    await ask(gateway, { jsonrpc: "2.0", id: 2, method: "prompts/get", params: { name } });
  }
}

await using gateway = await startGateway({ env });
const tools = await toolsOf(gateway);
const schemas = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]));
const calls = context.toolCalls?.map(({ name, arguments: args }) => ({
  name: `${NAME}_${name}`,
  args,
})) ?? tools.map(({ name, inputSchema }) => ({
  name,
  // An echo is given the richest schema of its neighbours: whether all of it went through is seen.
  args: exampleOf(inputSchema, { schema: schemas.get(`${NAME}_json_schema_2020_12_tool`) }),
}));
for (const [id, { name, args }] of calls.entries()) {
  const { status, text } = await ask(gateway, call(name, args, `call-${id}`));
  console.log(`${name}: ${status} ${text.slice(0, 500)}`);
}
await features(gateway);
