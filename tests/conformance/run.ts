/**
 * `deno task conformance`: the public MCP conformance suite against a gateway
 * with emulated providers. Prints every scenario, and fails when one that
 * applies does.
 *
 * @module
 */

import { obtainTokens, openGateway, signedIn, withToken } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import type { Gateway } from "../support/gateway.ts";
import { decide, newClient, signIn } from "../support/mcp_client.ts";
import { type Fixture, startFixture2025, startFixture2026 } from "./fixture_server.ts";
import { type Facts, missingFor, missingForCheck } from "./needs.ts";
import { startProxy } from "./proxy.ts";
import { type Check, type Outcome, Suite } from "./suite.ts";
import { freePort } from "../support/free_port.ts";

/** The server behind the gateway, which speaks the revision that its scenarios are of. */
const FIXTURES: Record<string, () => Fixture> = {
  "2025-11-25": startFixture2025,
  "2026-07-28": startFixture2026,
};
/** Says only that what was answered fits the protocol's schema. */
const SCHEMA_CHECK = "wire-schema-valid";

type Verdict = "pass" | "fail" | "skipped" | "not applicable";

interface Result {
  group: string;
  scenario: string;
  verdict: Verdict;
  notes: string[];
}

/** What the gateway offers; the needs of scenarios are held against it. */
async function factsOf(gateway: Gateway, token: string): Promise<Facts> {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "conformance", version: "1" },
  };
  const initialize = { jsonrpc: "2.0", id: 1, method: "initialize", params };
  const { json, headers } = await withToken(gateway, token, initialize);
  const list = await withToken(gateway, token);
  return {
    tools: list.json.result.tools.map(({ name }: { name: string }) => name),
    listing: list.text,
    capabilities: json.result.capabilities,
    headers: [...headers.keys()],
  };
}

const noteOf = ({ id, status, errorMessage = "" }: Check) =>
  `${status.toLowerCase()}: ${id}${errorMessage && `: ${errorMessage}`}`;

function judge(group: string, { scenario, checks }: Outcome, facts: Facts): Result {
  const missing = missingFor(scenario, group, facts);
  // Whatever a scenario is about, what comes back must be well-formed.
  const malformed = checks.filter(({ id, status }) => id === SCHEMA_CHECK && status === "FAILURE");
  if (missing !== undefined && malformed.length === 0) {
    return { group, scenario, verdict: "not applicable", notes: [missing] };
  }
  const applicable = missing === undefined
    ? checks.filter(({ id }) => missingForCheck(id, facts) === undefined)
    : malformed;
  const left = checks.filter((check) => !applicable.includes(check))
    .map(({ id }) => `not applicable: ${id}: ${missingForCheck(id, facts) ?? missing}`);
  const of = (...wanted: Check["status"][]) =>
    applicable.filter(({ status }) => wanted.includes(status));
  const passed = of("SUCCESS").filter(({ id }) => id !== SCHEMA_CHECK);
  const verdict = of("FAILURE").length > 0 ? "fail" : passed.length > 0 ? "pass" : "skipped";
  const notes = [...of("FAILURE", "WARNING", "SKIPPED").map(noteOf), ...left];
  return { group, scenario, verdict, notes };
}

/** What a revision's scenarios find through a gateway in front of the fixture. */
async function revisionResults(suite: Suite, revision: string): Promise<[Result[], Facts]> {
  await using fixture = FIXTURES[revision]!();
  // With its own names: they are what the scenarios ask for.
  const upstreams = [{ name: "fixture", url: fixture.url, prefix: "" }];
  await using gateway = await openGateway({ env: { UPSTREAMS: JSON.stringify(upstreams) } });
  const person = await signedIn(gateway);
  const { access_token } = await obtainTokens(gateway, await newClient(gateway), person);
  const facts = await factsOf(gateway, access_token);
  await using proxy = await startProxy(gateway.url, access_token);
  const outcomes = await suite.server(`${proxy.url}/mcp`, revision);
  return [outcomes.map((outcome) => judge(revision, outcome, facts)), facts];
}

async function serverResults(suite: Suite): Promise<Result[]> {
  const results: Result[] = [];
  let facts: Facts | undefined;
  for (const revision of Object.keys(FIXTURES)) {
    const [found, those] = await revisionResults(suite, revision);
    results.push(...found);
    facts = those;
  }
  const seen = results.map(({ scenario }) => scenario);
  const unseen = (await suite.serverScenarios()).filter((name) => !seen.includes(name));
  results.push(...unseen.map((scenario): Result => {
    const missing = missingFor(scenario, "", facts!);
    const notes = [missing ?? `in no requirements of ${Object.keys(FIXTURES).join(" or ")}`];
    const verdict = missing === undefined ? "skipped" : "not applicable";
    return { group: "other", scenario, verdict, notes };
  }));
  return results;
}

/** Scenarios of a revision that the public requirements do not name any more. */
const OLDER = [
  "auth/2025-03-26-oauth-metadata-backcompat",
  "auth/2025-03-26-oauth-endpoint-fallback",
];

/** What the suite's servers see of the gateway, when it is their client. */
async function clientResults(suite: Suite): Promise<Result[]> {
  const none: Facts = { tools: [], listing: "", capabilities: {}, headers: [] };
  const results: Result[] = [];
  const chosen = OLDER.map((scenario) => ({ scenario, revision: "2025-03-26" }));
  for (const revision of Object.keys(FIXTURES)) {
    const names = await suite.clientScenarios(revision);
    chosen.push(...names.map((scenario) => ({ scenario, revision })));
  }
  for (const { scenario, revision } of chosen) {
    const group = `client ${revision}`;
    const missing = missingFor(scenario, group, none);
    if (missing !== undefined) {
      results.push({ group, scenario, verdict: "not applicable", notes: [missing] });
      continue;
    }
    try {
      const outcomes = await suite.client(scenario, revision);
      results.push(...outcomes.map((each) => judge(group, each, none)));
    } catch (error) {
      // One that hangs says nothing of the others.
      results.push({ group, scenario, verdict: "fail", notes: [`no result: ${error}`] });
    }
  }
  return results;
}

/** The person's part, without a screen. */
async function approve(url: string): Promise<void> {
  const browser = new Browser();
  const back = await decide(browser, await signIn(browser, await browser.open(url)));
  await (await fetch(back)).body?.cancel();
}

async function authorizationResults(suite: Suite): Promise<Result[]> {
  await using gateway = await openGateway();
  const port = freePort();
  const { id } = await newClient(gateway, `http://127.0.0.1:${port}/callback`);
  const approvals: Promise<void>[] = [];
  const outcomes = await suite.authorization({
    issuer: gateway.url,
    clientId: id,
    resource: `${gateway.url}/mcp`,
    port,
    open: (url) => void approvals.push(approve(url)),
  });
  await Promise.all(approvals);
  const none: Facts = { tools: [], listing: "", capabilities: {}, headers: [] };
  return outcomes.map((outcome) => judge("authorization", outcome, none));
}

function print({ group, scenario, verdict, notes }: Result): void {
  console.log(`${verdict.padEnd(15)} ${group.padEnd(18)} ${scenario}`);
  for (const note of notes) console.log(`${" ".repeat(36)}${note}`);
}

/** What the suite tests: us for its clients, for its servers, and as what signs people in. */
const PARTS: Record<string, (suite: Suite) => Promise<Result[]>> = {
  authorization: authorizationResults,
  server: serverResults,
  client: clientResults,
};

await using suite = await Suite.create();
const results: Result[] = [];
for (const [part, run] of Object.entries(PARTS)) {
  // All of it, or the parts that are named.
  if (Deno.args.length === 0 || Deno.args.includes(part)) results.push(...await run(suite));
}
results.forEach(print);
console.log();
const count = (wanted: Verdict) => results.filter(({ verdict }) => verdict === wanted).length;
const verdicts: Verdict[] = ["pass", "fail", "skipped", "not applicable"];
console.log(verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(", "));
Deno.exitCode = count("fail") === 0 && count("pass") > 0 ? 0 : 1;
