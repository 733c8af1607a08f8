/**
 * Whether providers take this program's client: a made-up code is sent to the
 * token endpoint, and the answer tells. A server that knows the client says
 * that the code is wrong (`invalid_grant`), one that does not, says that
 * (`invalid_client`). Some look at the code first, and say the same whatever the
 * secret is: so what looks right is asked once more with a secret that is
 * wrong, and counts only where that is answered otherwise.
 *
 * Answers are read by the provider's own code, as a sign-in has it: each has a
 * dialect, such as GitHub's 200 with `incorrect_client_credentials`.
 *
 * @module
 */

import { isClientFault, type TokenAnswer } from "../../broker/core/authorization_server.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { variable } from "../../broker/core/variable.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Finding } from "./finding.ts";
import { mismatch, type SetUp } from "./redirects.ts";
import { type Seen, watched, type Ways } from "./ways.ts";

const WHAT = "clients";

/** A provider whose client can be tried. */
export interface Trial extends SetUp {
  /** The same provider, with the secret that is set or another one, and another way out. */
  make(fetch: typeof globalThis.fetch, clientSecret?: string): Provider;
}

/** Tries one; `seen` is where its answers are noted. */
export async function clientFinding(trial: Trial, ways: Ways, seen: Seen[]): Promise<Finding> {
  const { provider: { name, credential } } = trial;
  const note = (found: string): Finding => ({ what: WHAT, state: "note", found });
  if (credential.kind !== "oauth") return note(`${name}: has no client to try.`);
  if (credential.tokenOrigin === undefined) {
    return note(`${name}: each customer has a host there, so the secret cannot be tried.`);
  }
  const first = await tried(trial, ways, seen, undefined);
  if (first.answer.kind === "failed") return silence(trial, first.answer, first.last);
  const { answer } = first;
  if (answer.kind === "issued") {
    return note(`${name}: issues tokens for a made-up code: an emulator, or no provider at all.`);
  }
  if (isMissing(first.last)) return noEndpoint(trial, first.last!);
  const { code } = answer;
  if (isClientFault(code)) return refused(trial, code);
  if (/redirect/.test(code)) return mismatch(trial);
  const control = (await tried(trial, ways, seen, "switchboard-doctor-wrong-secret")).answer;
  if (control.kind === "rejected" && isClientFault(control.code)) {
    const found = `${name}: takes the client id and secret.`;
    return { what: WHAT, state: "ok", found };
  }
  const why = control.kind === "rejected" && control.code === code
    ? `answers ${code} to a made-up code, whatever the secret is`
    : `answers ${code} to a made-up code`;
  return note(`${name}: ${why}: whether the secret is right shows when somebody connects.`);
}

async function tried(
  { make }: Trial,
  ways: Ways,
  seen: Seen[],
  secret: string | undefined,
): Promise<{ answer: TokenAnswer; last: Seen | undefined }> {
  const own = watched(ways);
  const { credential } = make(own.fetch, secret);
  if (credential.kind !== "oauth") throw new TypeError("Cannot try it: it is no OAuth");
  const answer = await credential.exchange(`switchboard-doctor-${randomSecret()}`, randomSecret());
  seen.push(...own.seen);
  return { answer, last: own.seen.at(-1) };
}

function refused({ provider: { name }, console }: Trial, code: string): Finding {
  const [id, secret] = ["CLIENT_ID", "CLIENT_SECRET"].map((suffix) => variable(name, suffix));
  return code === "invalid_client"
    ? {
      what: WHAT,
      state: "fault",
      found: `${name}: does not take ${id} and ${secret} (${code}).`,
      cure: `Copy both anew, from ${console}: one of them is of another app, was replaced, or is ` +
        "not whole.",
    }
    : {
      what: WHAT,
      state: "fault",
      found: `${name}: knows the client, and does not let it exchange codes (${code}).`,
      cure: `Allow the app the authorization code grant, as a web app with a secret, at ${console}`,
    };
}

function silence(trial: Trial, { reason }: { reason: string }, last: Seen | undefined): Finding {
  const { provider: { name }, baseUrl } = trial;
  const set = variable(name, "BASE_URL");
  if (last?.fault !== undefined) {
    const { origin, fault: { why, cure } } = last;
    const mine = baseUrl === undefined ? "" : ` Compare ${set}.`;
    return {
      what: WHAT,
      state: "fault",
      found: `${name}: ${origin} ${why}.`,
      cure: `${cure}${mine}`,
    };
  }
  if (last !== undefined && isMissing(last)) return noEndpoint(trial, last);
  const found = `${name}: cannot be tried now (${reason}).`;
  return { what: WHAT, state: "note", found, cure: "Run this again in a while." };
}

/** A page, a redirect or 404 where tokens should be issued. */
function isMissing(last: Seen | undefined): boolean {
  const { status = 0 } = last ?? {};
  return status === 404 || status === 405 || status === 410 ||
    (status >= 300 && status < 400);
}

function noEndpoint({ provider: { name }, baseUrl }: Trial, { origin, status }: Seen): Finding {
  const set = variable(name, "BASE_URL");
  return {
    what: WHAT,
    state: "fault",
    found: `${name}: ${origin} issues no tokens there (status ${status}).`,
    cure: baseUrl === undefined
      ? "Its address may have moved: see whether a newer version of this program knows it."
      : `Compare ${set}: most want scheme and host alone, without a path.`,
  };
}
