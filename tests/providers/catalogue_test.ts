import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import * as arctic from "arctic";
import { oauthFlowOf } from "../../broker/core/credential.ts";
import type { OAuthFlow } from "../../broker/core/authorization_server.ts";
import { catalogue, catalogueModules } from "../../providers/catalogue/catalogue.ts";
import { tokenSetOf } from "../support/api.ts";

const ID = "client:1";
/** Every way of encoding it looks different. */
const SECRET = "s+é/ =&";
const REDIRECT_URI = "https://switchboard.example/callback/x";
const [STATE, CODE, VERIFIER, REFRESH, ACCESS] = ["s", "c/1", "v".repeat(43), "r+1", "a+1"];

const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

/** What arctic's classes have in common; some take no verifier. */
interface ArcticClient {
  createAuthorizationURL(...args: unknown[]): URL;
  validateAuthorizationCode(...args: unknown[]): Promise<unknown>;
  refreshAccessToken?(refreshToken: string): Promise<unknown>;
  revokeToken?(token: string): Promise<void>;
}

/** Those of the catalogue that arctic does not know: nothing to compare them with. */
const UNKNOWN_TO_ARCTIC: string[] = [];

function arcticClient(name: string): ArcticClient {
  const classes = Object.entries(arctic).filter(([key]) => key.toLowerCase() === name);
  assertEquals(classes.length, 1, `${name} is not arctic's: say so in UNKNOWN_TO_ARCTIC`);
  const Class = classes[0]![1] as unknown as new (...args: string[]) => ArcticClient;
  return new Class(ID, SECRET, REDIRECT_URI);
}

/** A request, without what does not matter: the order of parameters, and who sent it. */
interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  form: Record<string, string>;
}

async function read(request: Request): Promise<Sent> {
  const headers = new Headers(request.headers);
  for (const name of ["User-Agent", "Content-Length"]) headers.delete(name);
  const form = Object.fromEntries(new URLSearchParams(await request.text()));
  return { url: request.url, method: request.method, headers: Object.fromEntries(headers), form };
}

const answer = () => Promise.resolve(Response.json({ access_token: "a", token_type: "bearer" }));

/** What arctic sends, by the global fetch that it calls. */
async function sentByArctic(send: () => Promise<unknown> | undefined): Promise<Sent | undefined> {
  const requests: Request[] = [];
  const platformFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    requests.push(new Request(input, init));
    return answer();
  };
  try {
    await send();
  } finally {
    globalThis.fetch = platformFetch;
  }
  return requests[0] && await read(requests[0]);
}

async function sentByUs(
  name: string,
  send: (flow: OAuthFlow) => Promise<unknown>,
): Promise<Sent | undefined> {
  const requests: Request[] = [];
  await send(flowOf(name, (input, init) => {
    requests.push(new Request(input, init));
    return answer();
  }));
  return requests[0] && await read(requests[0]);
}

function flowOf(name: string, request: typeof fetch = answer): OAuthFlow {
  const module = catalogueModules.find((module) => module.name === name)!;
  const settings = { clientId: ID, clientSecret: SECRET, redirectUri: REDIRECT_URI };
  return oauthFlowOf(module.create({ ...settings, fetch: request }));
}

function partsOf(url: URL): [string, Record<string, string>] {
  return [url.origin + url.pathname, Object.fromEntries(url.searchParams)];
}

Deno.test("the catalogue is in order, and every name and console can be used", () => {
  const names = catalogue.map(({ name }) => name);
  assertEquals(names, names.toSorted());
  assertEquals(new Set(names).size, names.length);
  for (const { name, title, console } of catalogue) {
    assert(/^[a-z][a-z0-9_]{0,31}$/.test(name) && title !== "", name);
    assertEquals(new URL(console).protocol, "https:", name);
  }
});

for (const { name } of catalogue.filter(({ name }) => !UNKNOWN_TO_ARCTIC.includes(name))) {
  const theirs = arcticClient(name);

  Deno.test(`${name}: people are sent where arctic sends them, always with a challenge`, () => {
    for (const scopes of [["one", "two:x"], []]) {
      const url = theirs.createAuthorizationURL.length > 2
        ? theirs.createAuthorizationURL(STATE, VERIFIER, scopes)
        : theirs.createAuthorizationURL(STATE, scopes);
      url.searchParams.set("code_challenge", CHALLENGE);
      url.searchParams.set("code_challenge_method", "S256");
      const ours = flowOf(name).authorizationUrl({ state: STATE, verifier: VERIFIER, scopes });
      assertEquals(partsOf(ours), partsOf(url));
    }
  });

  Deno.test(`${name}: a code is exchanged as arctic does it, always with its verifier`, async () => {
    const args = theirs.validateAuthorizationCode.length > 1 ? [CODE, VERIFIER] : [CODE];
    const sent = await sentByArctic(() => theirs.validateAuthorizationCode(...args));
    sent!.form.code_verifier = VERIFIER;
    assertEquals(await sentByUs(name, (flow) => flow.exchange(CODE, VERIFIER)), sent);
  });

  Deno.test(`${name}: tokens are refreshed as arctic does it`, async () => {
    const ours = await sentByUs(name, (flow) => flow.refresh(REFRESH));
    if (theirs.refreshAccessToken === undefined) {
      // arctic leaves it out for one of them; the standard's request is sent there.
      assertEquals([name, ours!.form.grant_type], ["fortytwo", "refresh_token"]);
    } else {
      assertEquals(ours, await sentByArctic(() => theirs.refreshAccessToken!(REFRESH)));
    }
  });

  Deno.test(`${name}: tokens are revoked as arctic does it, or not at all`, async () => {
    const tokens = { ...tokenSetOf(ACCESS), refreshToken: REFRESH };
    const ours = await sentByUs(name, (flow) => flow.revoke(tokens));
    assertEquals(ours, await sentByArctic(() => theirs.revokeToken?.(REFRESH)));
    const alone = await sentByUs(name, (flow) => flow.revoke(tokenSetOf(ACCESS)));
    assertEquals(alone, await sentByArctic(() => theirs.revokeToken?.(ACCESS)));
    const { kind } = await flowOf(name).revoke(tokens);
    assertEquals(kind, theirs.revokeToken === undefined ? "unsupported" : "revoked");
  });
}
