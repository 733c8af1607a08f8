/**
 * Other programs that hand out a person's provider token, on Cloudflare's
 * runtime.
 *
 * @module
 */

import type { Question } from "./caller.ts";
import { peerVersion, workerdBinary } from "./packages.ts";
import { type Started, started } from "./started.ts";
import { ask, PERSON, tokenQuestion } from "./switchboard.ts";

/** One of them. */
export interface TokenPeer {
  name: string;
  start(): Promise<Started>;
  /** What it is asked for the token. */
  question(target: Started): Promise<Question>;
}

const here = new URL("peers/", import.meta.url);
/** The Host that the OAuth provider is told it has. */
const HOST = { "Host": "localhost" };
const REDIRECT_URI = "http://localhost/cb";
/** RFC 7636, appendix B. */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const RESOURCE = "http://localhost/api";

async function startWorker(file: string): Promise<Started> {
  const binary = await workerdBinary();
  return await started({
    command: binary,
    args: (port) => [
      ...["serve", new URL(file, here).pathname],
      ...["--socket-addr", `http=127.0.0.1:${port}`],
    ],
    ready: { method: "GET", path: "/health" },
  });
}

/** Registers a client, consents for the person, and takes an access token. */
async function signIn({ port }: Started): Promise<string> {
  const json = { ...HOST, "Content-Type": "application/json" };
  const form = { ...HOST, "Content-Type": "application/x-www-form-urlencoded" };
  const client = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: "none" };
  const registered = await ask(port, {
    ...{ method: "POST", path: "/oauth/register", headers: json },
    body: JSON.stringify(client),
  });
  const { client_id } = JSON.parse(registered.body);
  const asked = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: REDIRECT_URI,
    scope: "tokens",
    state: "x",
    resource: RESOURCE,
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
  });
  const consented = await ask(port, { method: "GET", path: `/authorize?${asked}`, headers: HOST });
  const [, location = ""] = /^location: (\S+)/mi.exec(consented.rawHead) ?? [];
  const code = new URL(location).searchParams.get("code") ?? "";
  const exchanged = await ask(port, {
    ...{ method: "POST", path: "/oauth/token", headers: form },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      ...{ code, client_id, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER },
      resource: RESOURCE,
    }).toString(),
  });
  return JSON.parse(exchanged.body).access_token;
}

/** All of them. */
export const tokenPeers: TokenPeer[] = [
  {
    name: `a worker that reads plain JSON from KV and asks nobody who calls, workerd ${
      peerVersion("workerd")
    }`,
    start: () => startWorker("plain_worker.capnp"),
    question: () => Promise.resolve(tokenQuestion(PERSON)),
  },
  {
    name: `@cloudflare/workers-oauth-provider ${
      peerVersion("@cloudflare/workers-oauth-provider")
    }, workerd`,
    start: () => startWorker("oauth_provider_worker.capnp"),
    async question(target) {
      const headers = { ...HOST, "Authorization": `Bearer ${await signIn(target)}` };
      return { method: "GET", path: "/api", headers };
    },
  },
];
