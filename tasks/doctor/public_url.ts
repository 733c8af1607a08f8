/**
 * A running gateway, as it looks from where its callers are: through whatever
 * stands in front of it.
 *
 * @module
 */

import { isLoopback } from "../../broker/core/addresses.ts";
import { parseChallenge } from "../../broker/core/challenge.ts";
import { ask, type PublicLook, type Read, read } from "./asking.ts";
import { type Finding, findingsAbout } from "./finding.ts";
import { initialize } from "./rpc.ts";
import { blockade, isCached, wayFindings } from "./way_in.ts";

const WHAT = "public URL";
const { fault, note } = findingsAbout(WHAT);

/** All that shows without a credential. `isThere`: whether it is worth asking more. */
export async function publicFindings(
  look: PublicLook,
): Promise<{ findings: Finding[]; isThere: boolean }> {
  const { url } = look;
  const first = await health(look);
  if ("finding" in first) return { findings: [first.finding], isThere: false };
  // `/health` is answered under every name, and nothing else is.
  const { json } = await read(look, AUTHORIZATION_SERVER, ORIGIN);
  if (json?.error === "forbidden_host") {
    const cure =
      "nginx: `proxy_set_header Host $host;`. Where the proxy passes it on, this is not " +
      "PUBLIC_URL of the gateway: ask it by that, or add the name to ALLOWED_HOSTS.";
    const found =
      `${url} does not reach the program under its own name: the proxy in front puts in ` +
      "another Host.";
    return { findings: [fault(found, cure)], isThere: false };
  }
  const [challenged, ...documents] = await Promise.all([
    challenge(look),
    metadata(look),
    resource(look),
  ]);
  // Another address, or paths that are kept, show in both; the challenge says no more then.
  const found = documents.flat().filter(({ state, cure }, at, all) =>
    state !== "fault" || all.findIndex((one) => one.cure === cure) === at
  );
  const isOther = found.some(({ state }) => state === "fault");
  if (isOther || challenged.isElsewhere) {
    const more = isOther && challenged.isElsewhere !== true ? [] : challenged.findings;
    return { findings: [...first.findings, ...found, ...more], isThere: false };
  }
  const rest = await Promise.all([
    headerPasses(look),
    wayFindings(look, first.headers),
    ...(url.startsWith("https:") ? [transport(look, first.headers)] : []),
  ]);
  const all = [...first.findings, ...found, ...challenged.findings, ...rest.flat()];
  return { findings: all, isThere: true };
}

async function health(
  look: PublicLook,
): Promise<{ finding: Finding } | { findings: Finding[]; headers: Headers }> {
  const { url, seen, mayBeDown } = look;
  let answer: Read;
  try {
    answer = await ask(look, "/health");
  } catch {
    const { why, cure } = seen.findLast(({ origin, fault }) => origin === url && fault)?.fault ??
      { why: "sends an answer that breaks off", cure: "See what stands in front of it." };
    const isHere = isLoopback(new URL(url).hostname);
    const state = mayBeDown && isHere && /nobody listens/.test(why) ? "note" : "fault";
    return { finding: { what: WHAT, state, found: `${url} ${why}.`, cure } };
  }
  const { status, headers, json } = answer;
  const stop = (found: string, cure: string) => ({ finding: fault(`${url} ${found}`, cure) });
  const blocked = json?.version === undefined ? blockade(answer, url) : undefined;
  if (blocked !== undefined) return { finding: blocked };
  if (status >= 300 && status < 400) {
    const to = originOf(headers.get("Location"), url);
    return stop(
      `leads on to ${to}: clients compare addresses, and follow none with a key in hand.`,
      `Set PUBLIC_URL to where it leads (${to}), or end the redirect.`,
    );
  }
  if (typeof json?.status !== "string" || typeof json.version !== "string") {
    const isEmpty = status >= 502 && status <= 504;
    return isEmpty
      ? stop(
        `answers with ${status}: the proxy in front reaches nobody behind it.`,
        "Start the gateway, and compare its PORT with what the proxy asks.",
      )
      : stop(
        `is answered by something else (/health: status ${status}).`,
        "Compare PUBLIC_URL with the host, path and port that lead to the gateway.",
      );
  }
  if (status !== 200) {
    return stop(
      `answers, and says ${json.status.slice(0, 40)}.`,
      "See its log: the database is out, or it is ending.",
    );
  }
  const found = `${url} answers, version ${json.version.slice(0, 20)}.`;
  const findings: Finding[] = [{ what: WHAT, state: "ok", found }];
  if (json.keys !== undefined) {
    findings.push(fault(
      "the gateway lacks a key that sealed some of what it has stored.",
      'Run this where it runs, with its variables, and see "keys".',
    ));
  }
  return { findings, headers };
}

const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
const RESOURCE = "/.well-known/oauth-protected-resource/mcp";
/** As a client in a browser asks. */
const ORIGIN = { headers: { Origin: "https://client.example" } };

/** RFC 8414 §3.3: the issuer is the address that was asked, letter by letter. */
async function metadata(look: PublicLook): Promise<Finding[]> {
  const { url } = look;
  const { status, json, headers } = await read(look, AUTHORIZATION_SERVER, ORIGIN);
  if (json === undefined || status !== 200) return [noDocument(AUTHORIZATION_SERVER, status)];
  if (json.issuer !== url) {
    return [other(AUTHORIZATION_SERVER, "issuer", json.issuer, url, isCached(headers))];
  }
  const names = ["authorization_endpoint", "token_endpoint", "registration_endpoint"];
  const strange = names.find((name) => !String(json[name]).startsWith(`${url}/`));
  if (strange !== undefined) return [other(AUTHORIZATION_SERVER, strange, json[strange], url)];
  const findings: Finding[] = [
    {
      what: WHAT,
      state: "ok",
      found: "the authorization server's metadata are as clients want them.",
    },
  ];
  if (headers.get("Access-Control-Allow-Origin") === null) {
    findings.push(note(
      "clients in browsers cannot read the metadata: no Access-Control-Allow-Origin arrives.",
      "Let the proxy in front pass the program's headers on.",
    ));
  }
  return findings;
}

/** RFC 9728 §3.3. */
async function resource(look: PublicLook): Promise<Finding[]> {
  const { url } = look;
  const { status, json } = await read(look, RESOURCE, ORIGIN);
  if (json === undefined || status !== 200) return [noDocument(RESOURCE, status)];
  if (json.resource !== `${url}/mcp`) {
    return [other(RESOURCE, "resource", json.resource, `${url}/mcp`)];
  }
  const servers = Array.isArray(json.authorization_servers) ? json.authorization_servers : [];
  if (!servers.includes(url)) return [other(RESOURCE, "authorization_servers", servers[0], url)];
  return [{
    what: WHAT,
    state: "ok",
    found: "the MCP endpoint's metadata are as clients want them.",
  }];
}

/** `isElsewhere`: something else answers for it, so that nothing more is to be learnt there. */
async function challenge(
  look: PublicLook,
): Promise<{ findings: Finding[]; isElsewhere?: boolean }> {
  const { url } = look;
  const answer = await read(look, "/mcp", initialize());
  const { status, headers, json } = answer;
  if (status !== 401) {
    const blocked = json?.error === undefined ? blockade(answer, url) : undefined;
    const other = fault(
      `/mcp answers somebody unknown with ${status}, in the place of 401.`,
      [403, 404, 405].includes(status)
        ? "Let the proxy in front pass POST on, and the path as it is (nginx: `proxy_pass` with no " +
          "path of its own)."
        : "See whether the proxy in front, or a login page of its own, answers for it.",
    );
    return { findings: [blocked ?? other], isElsewhere: true };
  }
  if (json?.error === undefined) {
    return {
      findings: [fault(
        "the proxy in front puts pages of its own in the place of the program's refusals.",
        "Let it pass them on (nginx: no `proxy_intercept_errors`): clients read what they say.",
      )],
    };
  }
  const { resourceMetadata } = parseChallenge(headers.get("WWW-Authenticate")) ?? {};
  if (resourceMetadata === url + RESOURCE) {
    return {
      findings: [{ what: WHAT, state: "ok", found: "/mcp tells clients where to sign in." }],
    };
  }
  return {
    findings: [fault(
      resourceMetadata === undefined
        ? "/mcp does not tell clients where to sign in: no WWW-Authenticate arrives."
        : `/mcp leads clients to ${originOf(resourceMetadata, url)} for signing in.`,
      "Let the proxy in front pass WWW-Authenticate on; PUBLIC_URL of the gateway must be this address.",
    )],
  };
}

/** A token that nobody knows is refused otherwise than none: else it does not arrive. */
async function headerPasses(look: PublicLook): Promise<Finding[]> {
  const unknown = { Authorization: "Bearer switchboard-doctor-made-this-up" };
  const { json } = await read(look, "/mcp", initialize(unknown));
  if (json?.error !== "login_required") return [];
  return [fault(
    "the Authorization header does not arrive: every caller is unknown.",
    "Let the proxy in front pass Authorization on.",
  )];
}

/** What only https has; `headers`: of an answer by https. */
async function transport(look: PublicLook, headers: Headers): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (headers.get("Strict-Transport-Security") === null) {
    findings.push(note(
      "no Strict-Transport-Security arrives, though the program sends it.",
      "Let the proxy in front pass it on.",
    ));
  }
  const { hostname, port } = new URL(look.url);
  if (port !== "") return findings;
  try {
    const plain = await ask({ ...look, url: `http://${hostname}`, seen: [] }, "/health");
    if (plain.status >= 200 && plain.status < 300) {
      findings.push(fault(
        `http://${hostname} answers, too: keys and tokens can travel in clear.`,
        "Let the proxy in front lead http to https (301 or 308), and answer nothing by http.",
      ));
    }
  } catch {
    // Nobody listens there: so it should be.
  }
  return findings;
}

function noDocument(path: string, status: number): Finding {
  return fault(
    `${path} is not there (status ${status}): MCP clients cannot sign in.`,
    "Let the proxy in front pass on all paths, /.well-known/ too.",
  );
}

function other(
  path: string,
  member: string,
  said: unknown,
  wanted: string,
  isOld = false,
): Finding {
  return fault(
    `${path} has ${member} ${originOf(said, wanted)}, and clients compare it with ${wanted}.`,
    isOld
      ? "It comes out of a cache: empty that, and keep nothing under /.well-known/ there."
      : `Set PUBLIC_URL of the gateway to ${
        new URL(wanted).origin
      }, or ask it by the address that it has.`,
  );
}

/** Where something leads; of another's answer no more than that is repeated. */
function originOf(text: unknown, base: string): string {
  const url = typeof text === "string" ? URL.parse(text, base) : null;
  return url === null ? "none" : url.origin;
}
