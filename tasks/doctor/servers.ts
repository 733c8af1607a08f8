/**
 * MCP servers: whether each answers, where its people sign in, and whether this
 * program can register there, as far as that goes without a person.
 *
 * @module
 */

import { discard } from "../../broker/core/bodies.ts";
import type { CarefulFetch } from "../../broker/core/careful_fetch.ts";
import { reasonOf } from "../../broker/core/refusal.ts";
import type { LocalUpstream, RemoteUpstream, UpstreamSpec } from "../../broker/core/upstream.ts";
import { carefulFetchFor } from "../../net/careful_fetch.ts";
import { discover } from "../../providers/discovered/discovery.ts";
import type { DiscoveredProvider } from "../../providers/discovered/provider.ts";
import { type Finding, findingsAbout } from "./finding.ts";
import { initialize } from "./rpc.ts";
import { type Seen, watched, type Ways } from "./ways.ts";
import { isServer, whatIsInstead } from "./wrong_server.ts";

const { ok, note, fault } = findingsAbout("MCP servers");

/** What looking at one takes. */
export interface ServerLook {
  ways: Ways;
  careful: CarefulFetch;
  /** Where what answered is noted. */
  seen: Seen[];
  /** Those that people connect, over the store; absent where there is none. */
  connectable: DiscoveredProvider[];
}

/** Of one server. */
export async function serverFinding(spec: UpstreamSpec, look: ServerLook): Promise<Finding> {
  if (spec.kind === "stdio") return await localFinding(spec);
  // What others meet meanwhile is not this one's.
  const seen: Seen[] = [];
  try {
    const own = { ...look, seen };
    return spec.oauth === undefined ? await plainFinding(spec, own) : await askedFinding(spec, own);
  } finally {
    look.seen.push(...seen);
  }
}

async function localFinding({ name, command }: LocalUpstream): Promise<Finding> {
  const isPath = /[/\\]/.test(command);
  if (isPath && !await isFile(command)) {
    const found = `${name}: its command is no file of this machine.`;
    return fault(found, "Compare the path in UPSTREAMS; install what should be there.");
  }
  if (!isPath && !await isOnPath(command)) {
    const found = `${name}: its command is in no folder of PATH.`;
    return fault(found, "Install it, or write its path out in UPSTREAMS.");
  }
  return note(`${name}: a local process, which is not started to look at it.`);
}

async function isOnPath(command: string): Promise<boolean> {
  const [between, ends] = Deno.build.os === "windows" ? [";", ["", ".exe", ".cmd"]] : [":", [""]];
  for (const folder of (Deno.env.get("PATH") ?? "").split(between)) {
    for (const end of ends) if (await isFile(`${folder}/${command}${end}`)) return true;
  }
  return false;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/** One that people do not connect: it is greeted as the gateway greets it, without a person's token. */
async function plainFinding(spec: RemoteUpstream, { ways, seen }: ServerLook): Promise<Finding> {
  const { name, url, headers, provider } = spec;
  const own = watched(ways, seen);
  let response: Response;
  try {
    response = await own.fetch(url, { redirect: "manual", ...initialize(headers) });
  } catch {
    return unreachable(name, own);
  }
  const { status } = response;
  if (status === 401 || status === 403) {
    await discard(response);
    if (provider !== undefined) {
      return ok(`${name}: answers, and wants the person's token of ${provider}.`);
    }
    return fault(
      `${name}: does not take the headers that are set for it (status ${status}).`,
      'Correct "headers" in UPSTREAMS, or leave them out where people connect it themselves.',
    );
  }
  const wasOk = response.ok && await isServer(response);
  return wasOk ? ok(`${name}: answers as an MCP server.`) : await noMcp(spec, status, ways);
}

async function noMcp({ name, url }: RemoteUpstream, status: number, ways: Ways): Promise<Finding> {
  const instead = await whatIsInstead(url, ways);
  return fault(
    `${name}: ${instead?.found ?? `what answers is no MCP server (status ${status}).`}`,
    instead?.cure ?? "Compare its address with its vendor's page: the path counts, mostly /mcp.",
  );
}

/** One that people connect, if it asks for it. */
async function askedFinding(spec: RemoteUpstream, look: ServerLook): Promise<Finding> {
  const { ways, careful, seen, connectable } = look;
  const { name, url, isPrivate, oauth } = spec;
  const own = watched(ways, seen);
  const ownCareful = watched({ ...ways, fetch: careful }, own.seen);
  const fetch = carefulFetchFor(url, { careful: ownCareful.fetch, plain: own.fetch, isPrivate });
  const signal = AbortSignal.timeout(2 * ways.patience.answerMs);
  const found = await discover(url, { fetch, now: ways.now(), signal, isPrivate });
  switch (found.kind) {
    case "open":
      if (!await greets(url, ways)) return await noMcp(spec, 200, ways);
      return oauth === "always"
        ? note(`${name}: answers without asking who calls, though UPSTREAMS has "oauth": true.`)
        : ok(`${name}: answers, and asks nobody who they are.`);
    case "failed":
      if (own.seen.some((each) => each.fault !== undefined)) return unreachable(name, own);
      return fault(`${name}: ${found.reason}.`, "Run this again in a while, or ask its operator.");
    case "unknown": {
      const instead = await whatIsInstead(url, ways);
      if (instead !== undefined) return fault(`${name}: ${instead.found}`, instead.cure);
      return fault(
        `${name}: nobody can connect it: ${found.reason}.`,
        "Compare its address with its vendor's page; where it takes a static key, set it in " +
          '"headers" in UPSTREAMS.',
      );
    }
    case "protected": {
      const { issuer } = found.discovered;
      const provider = connectable.find((each) => each.name === name);
      if (provider?.credential.kind !== "found") {
        return ok(`${name}: people sign in at ${issuer}.`);
      }
      return await registered(name, issuer, provider);
    }
  }
}

/** Any JSON is an answer to the discovery. */
async function greets(url: string, { fetch, patience }: Ways): Promise<boolean> {
  const signal = AbortSignal.timeout(patience.answerMs);
  try {
    return await isServer(await fetch(url, { redirect: "manual", ...initialize(), signal }));
  } catch {
    return true;
  }
}

/** As the first person who connects it would have it; what is registered is kept for them. */
async function registered(
  name: string,
  issuer: string,
  { credential }: DiscoveredProvider,
): Promise<Finding> {
  if (credential.kind !== "found") throw new TypeError("Cannot register: it is not found");
  try {
    await credential.begin([]);
    return ok(`${name}: people sign in at ${issuer}, and this program is registered there.`);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    const said = reason.code === "provider_refused" ? ` (${reason.providerCode})` : "";
    return fault(
      `${name}: people sign in at ${issuer}, which does not register this program${said}.`,
      "Some register only clients that they know: make one there, and set it as " +
        `${name.toUpperCase()}_CLIENT_ID and ${name.toUpperCase()}_CLIENT_SECRET.`,
    );
  }
}

function unreachable(name: string, { seen }: { seen: Seen[] }): Finding {
  const last = seen.findLast((each) => each.fault !== undefined);
  const { why, cure } = last?.fault ??
    { why: "cannot be reached", cure: "Compare its address in UPSTREAMS." };
  return fault(`${name}: ${last?.origin ?? "its address"} ${why}.`, cure);
}
