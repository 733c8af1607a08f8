import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type {
  ApiKeyCredential,
  ClientCredentials,
  Credential,
  FoundFlow,
  OAuthFlow,
} from "../../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../../broker/core/connection.ts";
import {
  apiKeysOf,
  canEndAlone,
  clientCredentialsOf,
  flowOf,
  isFor,
  isSignIn,
  mayEndOthers,
  oauthFlowOf,
  renew,
  revoke,
  revokeAlone,
  shownKind,
} from "../../../broker/core/credential.ts";
import { Refusal } from "../../../broker/core/refusal.ts";

const tokens: TokenSet = {
  accessToken: "a",
  refreshToken: "r",
  tokenType: "Bearer",
  scopes: ["read", "write"],
  issuedAt: 0,
};

/** Notes what it is asked. */
function doubles(asked: unknown[]): { oauth: OAuthFlow; clientCredentials: ClientCredentials } {
  const issue = (what: unknown) => {
    asked.push(what);
    const issued = { accessToken: "b", tokenType: "Bearer" };
    return Promise.resolve({ kind: "issued" as const, tokens: issued });
  };
  const revoke = (what: TokenSet) => {
    asked.push(what);
    return Promise.resolve({ kind: "revoked" as const });
  };
  return {
    oauth: {
      kind: "oauth",
      authorizationUrl: () => Promise.resolve(new URL("https://acme.example/authorize")),
      exchange: issue,
      refresh: issue,
      revoke,
    },
    clientCredentials: {
      kind: "client_credentials",
      made: { url: "https://acme.example/clients", how: "Make one." },
      issue: (client, scopes) => issue([client, scopes]),
      revoke,
    },
  };
}

const keys: ApiKeyCredential = {
  kind: "api_key",
  pattern: /^k$/,
  made: { url: "https://acme.example/keys", how: "Make one." },
  header: (value) => ({ name: "X-Key", value }),
  verify: () => Promise.resolve({ kind: "refused" }),
};

const server = (credential: Credential) => ({ title: "Acme", credential });

Deno.test("oauthFlowOf() gives the sign-in, and refuses where nobody signs in", () => {
  const { oauth, clientCredentials } = doubles([]);
  assertEquals(oauthFlowOf(server(oauth)), oauth);
  for (const credential of [clientCredentials, keys]) {
    const { reason } = assertThrows(() => oauthFlowOf(server(credential)), Refusal);
    assertEquals(reason, {
      code: "invalid_request",
      detail: "Acme is not connected by a sign-in.",
    });
  }
});

Deno.test("renew() refreshes with the refresh token, or asks again for the same scopes", async () => {
  const asked: unknown[] = [];
  const { oauth, clientCredentials } = doubles(asked);
  assertEquals((await renew(server(oauth), tokens))?.kind, "issued");
  const renewal = { id: "c", secret: "s" };
  const ofClient = { ...tokens, refreshToken: undefined, renewal };
  assertEquals((await renew(server(clientCredentials), ofClient))?.kind, "issued");
  assertEquals(asked, ["r", [renewal, ["read", "write"]]]);
});

Deno.test("renew() says that it is over where nothing can be renewed", async () => {
  const asked: unknown[] = [];
  const { oauth, clientCredentials } = doubles(asked);
  const over = { kind: "rejected", code: "invalid_grant" } as const;
  assertEquals(await renew(server(oauth), { ...tokens, refreshToken: undefined }), over);
  assertEquals(await renew(server(keys), tokens), over);
  assertEquals(await renew(server(clientCredentials), tokens), over);
  const renewal = { id: "c" };
  assertEquals(await renew(server(clientCredentials), { ...tokens, renewal }), over);
  const issuedAnew = { ...tokens, refreshToken: undefined, renewal };
  assertEquals(await renew(server(oauth), issuedAnew), over);
  assertEquals(asked, []);
});

Deno.test("revoke() tells the provider, where it can be told", async () => {
  const asked: unknown[] = [];
  const { oauth, clientCredentials } = doubles(asked);
  assertEquals(await revoke(server(oauth), tokens), { kind: "revoked" });
  assertEquals(await revoke(server(clientCredentials), tokens), { kind: "revoked" });
  assertEquals(asked, [tokens, tokens]);
  const reason = "a key is ended where it was made: https://acme.example/keys";
  assertEquals(await revoke(server(keys), tokens), { kind: "unsupported", reason });
});

Deno.test("what a provider throws reaches whoever asked", async () => {
  const { oauth } = doubles([]);
  const broken = { ...oauth, refresh: () => Promise.reject(new Error("lost")) };
  await assertRejects(() => renew(server(broken), tokens), Error, "lost");
});

Deno.test("flowOf() and isFor() know what today's server has issued, and nothing else", async () => {
  const { oauth } = doubles([]);
  const url = "https://mcp.example/mcp";
  const via = { issuer: "https://as.example", clientId: "c", url };
  const resume = () => Promise.resolve(oauth);
  const found = { kind: "found", url, resume } as unknown as FoundFlow;
  const elsewhere = { ...via, url: "https://mcp.example/other" };
  for (
    const [credential, issued, is] of [
      [oauth, undefined, true],
      [oauth, via, false],
      [found, via, true],
      [found, elsewhere, false],
      [found, undefined, false],
      [keys, undefined, false],
      [keys, via, false],
    ] as const
  ) {
    assertEquals(await flowOf(server(credential), issued), is ? oauth : undefined);
    const isKey = credential.kind === "api_key" && issued === undefined;
    assertEquals(isFor(server(credential), { ...tokens, via: issued }), is || isKey);
  }
});

Deno.test("what a credential is not is refused, or not there", async () => {
  const { oauth, clientCredentials } = doubles([]);
  const found = { kind: "found", url: "https://mcp.example/mcp" } as unknown as Credential;
  const key = { kind: "api_key" } as unknown as Credential;
  const all = [oauth, found, key, clientCredentials] as Credential[];
  const of = <T>(judge: (server: Parameters<typeof apiKeysOf>[0]) => T) =>
    all.map((credential) => judge({ title: "Acme", credential } as never));
  assertEquals(of(isSignIn), [true, true, false, false]);
  assertEquals(of(shownKind), ["oauth", "oauth", "api_key", "client_credentials"]);
  assertEquals(of(canEndAlone), [false, false, false, false]);
  // Nobody knows beforehand what an authorization server ends that was found.
  assertEquals(of(mayEndOthers), [true, true, false, false]);
  const alone = { ...oauth, revokeAlone: oauth.revoke };
  const server = { title: "Acme", credential: alone } as never;
  assertEquals([canEndAlone(server), mayEndOthers(server)], [true, false]);
  assertEquals((await revokeAlone(server, tokens)).kind, "revoked");
  for (const kind of await Promise.all(of((each) => revokeAlone(each as never, tokens)))) {
    assertEquals(kind, { kind: "unsupported" });
  }
  const has = (run: () => unknown) => {
    try {
      return run() !== undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return false;
    }
  };
  assertEquals(of((each) => has(() => apiKeysOf(each))), [false, false, true, false]);
  assertEquals(of((each) => has(() => clientCredentialsOf(each))), [false, false, false, true]);
});

Deno.test("of a token set from another server than there is now nothing is known, and nobody is asked", async () => {
  const asked: unknown[] = [];
  const { oauth } = doubles(asked);
  const via = { issuer: "https://as.example", clientId: "c", url: "https://mcp.example/mcp" };
  const found = {
    kind: "found",
    url: "https://other.example/mcp",
    resume: (what: unknown) => Promise.resolve(void asked.push(what)),
  };
  for (const credential of [oauth, found]) {
    const server = { title: "Acme", credential } as unknown as Parameters<typeof renew>[0];
    assertEquals(await renew(server, { ...tokens, via }), undefined);
  }
  assertEquals(asked, []);
});
