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
import { startGateway } from "../support/gateway.ts";
import { exampleOf } from "./example.ts";
import { type Answer, clientOf } from "./person.ts";

/** What a scenario hands to its client; of it, what is used here. */
interface Context {
  client_id?: string;
  client_secret?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}

const NAME = "up";
/** How often a person is sent to connect for one call: to begin with, and to allow more. */
const VISITS = 4;
/** How often a list is asked for until it is there. */
const TRIES = 6;

const url = Deno.args.at(-1)!;
const context: Context = JSON.parse(Deno.env.get("MCP_CONFORMANCE_CONTEXT") ?? "{}");
const revision = Deno.env.get("MCP_CONFORMANCE_PROTOCOL_VERSION") ?? "2025-11-25";

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

/** Calls, and calls again after the person has connected. */
async function call(name: string, args: Record<string, unknown>, most = VISITS) {
  for (let visits = 0; visits <= most; visits++) {
    const answer: Answer = await client.callTool({ name, arguments: args });
    console.log(`${name}: ${JSON.stringify(answer).slice(0, 500)}`);
    const link = answer.structuredContent?.connect_url;
    if (link === undefined) return;
    await follow(link);
  }
}

await using gateway = await startGateway({ env });
const client = await clientOf(gateway, revision);

/** The server's tools, as soon as they are there. A service's own tool that only connects is none. */
async function tools() {
  for (let tries = 0; tries < TRIES; tries++) {
    const all = (await client.listTools()).tools.filter(({ name }) => name.startsWith(`${NAME}_`));
    const own = all.filter(({ name }) => name !== `${NAME}_connect`);
    if (own.length > 0) return own;
    if (all.length > 0) await call(`${NAME}_connect`, {}, 0);
    // What failed, or was looked for, is so again after a while by the gateway's clock.
    gateway.world.skew += 61_000;
  }
  console.log(`No tools: ${JSON.stringify(gateway.world.events)}`);
  return [];
}

/** Whatever a server has beside tools, where it has it. */
async function features() {
  const { resources } = await client.listResources().catch(() => ({ resources: [] }));
  for (const { uri } of resources) await client.readResource({ uri }).catch(said);
  const { prompts } = await client.listPrompts().catch(() => ({ prompts: [] }));
  for (const { name } of prompts) await client.getPrompt({ name }).catch(said);
}

function said(error: unknown): void {
  console.log(String(error));
}

const listed = await tools();
const schemas = new Map(listed.map(({ name, inputSchema }) => [name, inputSchema]));
const calls = context.toolCalls?.map(({ name, arguments: args }) => ({
  name: `${NAME}_${name}`,
  args,
})) ?? listed.map(({ name, inputSchema }) => ({
  name,
  // An echo is given the richest schema of its neighbours: whether all of it went through is seen.
  args: exampleOf(inputSchema, { schema: schemas.get(`${NAME}_json_schema_2020_12_tool`) }),
}));
for (const { name, args } of calls) await call(name, args).catch(said);
await features();
await client.close();
