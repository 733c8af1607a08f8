import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import type { Registration } from "../../../broker/core/discovered.ts";
import { accountOf } from "../../../providers/discovered/account.ts";
import { discover, scopesToAsk } from "../../../providers/discovered/discovery.ts";
import { register } from "../../../providers/discovered/registration.ts";
import { postToken } from "../../../providers/post_token.ts";
import { Browser, pooledBrowsers } from "../../support/browser.ts";
import { startOidcServer } from "../../support/oidc_server.ts";

const PUBLIC = "http://127.0.0.1:8000";
const REDIRECT = `${PUBLIC}/callback/notes`;

function authenticationOf({ method, clientId, clientSecret }: Registration) {
  return method === "none"
    ? { clientId, method }
    : { clientId, method, clientSecret: clientSecret! };
}

/** Signs in there, agrees, and comes back. */
async function codeFrom(url: URL, login: string): Promise<URL> {
  const browser = new Browser();
  const until = (at: string) => at.startsWith(REDIRECT);
  let page = await browser.open(url.href, until);
  while (!until(page.url)) {
    const isLogin = page.forms[0]!.fields.prompt === "login";
    const fields = isLogin ? { login, password: "x" } : {};
    page = await browser.submit(page, { fields, until });
  }
  return new URL(page.url);
}

for (const methods of [["none"], ["client_secret_basic"], ["client_secret_post"]]) {
  Deno.test(`a certified server that takes ${methods} is found, registered at, and gives tokens for its resource`, async () => {
    const close = pooledBrowsers();
    try {
      await using server = await startOidcServer(methods);
      const now = Date.now();
      const { signal } = new AbortController();
      const found = await discover(server.url, { fetch, now, signal });
      assert(found.kind === "protected", JSON.stringify(found));
      const { discovered } = found;
      assertEquals([discovered.issuer, discovered.resource], [server.issuer, server.url]);
      assertEquals([discovered.pkce, discovered.sendsIssuer], [true, true]);
      const scopes = scopesToAsk(discovered, []);
      assertEquals(scopes, ["notes", "offline_access"]);

      // A scope that it does not know is left out, and the rest registered all the same.
      const deps = { publicUrl: PUBLIC, redirectUri: REDIRECT, fetch, now, signal };
      const registered = await register(discovered, { ...deps, scopes: [...scopes, "unheard-of"] });
      assert(registered.kind === "registered", JSON.stringify(registered));
      const { registration } = registered;
      assertEquals(registration.method as string, methods[0]);

      const verifier = "v".repeat(43);
      const url = new URL(discovered.authorizationEndpoint);
      url.search = new URLSearchParams({
        response_type: "code",
        client_id: registration.clientId,
        redirect_uri: REDIRECT,
        scope: ["openid", ...scopes].join(" "),
        prompt: "consent",
        resource: discovered.resource,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        state: "s",
      }).toString();
      const back = (await codeFrom(url, "alice")).searchParams;
      assertEquals([back.get("iss"), back.get("error")], [server.issuer, null]);

      const endpoint = discovered.tokenEndpoint;
      const authentication = authenticationOf(registration);
      const answer = await postToken({
        fetch,
        endpoint,
        authentication,
        form: {
          grant_type: "authorization_code",
          code: back.get("code")!,
          redirect_uri: REDIRECT,
          code_verifier: verifier,
          resource: discovered.resource,
        },
      }, { extraMembers: { id_token: "id_token" } });
      assert(answer.kind === "issued", JSON.stringify(answer));
      const { accessToken, refreshToken, extra } = answer.tokens;
      const account = await accountOf(discovered, registration, {
        accessToken,
        idToken: extra?.id_token as string | undefined,
      }, { fetch, now, signal });
      assertEquals(account, { id: "alice", label: "alice" });
      const form = {
        grant_type: "refresh_token",
        refresh_token: refreshToken!,
        resource: server.url,
      };
      const again = await postToken({ fetch, endpoint, authentication, form });
      assert(again.kind === "issued", JSON.stringify(again));
      const headers = { Authorization: `Bearer ${again.tokens.accessToken}` };
      const who = await (await fetch(server.url, { headers })).json();
      assertEquals(who, { sub: "alice", aud: server.url });
    } finally {
      close();
    }
  });
}
