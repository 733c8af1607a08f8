/** People sign in at an OpenID Connect provider of the operator's, and nobody else does. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { digest } from "../../broker/core/secrets.ts";
import { Browser, type Page } from "../support/browser.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { CLIENT, type Issuer, type Lies, startIssuer } from "../support/oidc_issuer.ts";
import { startOidcServer } from "../support/oidc_server.ts";
import { freePort } from "../support/free_port.ts";

const ALLOW = { SIGN_IN_ALLOW: "*@example.com" };

async function withIssuer(
  run: (gateway: Gateway, issuer: Issuer) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  await using issuer = await startIssuer();
  const oidc = { OIDC_ISSUER: issuer.issuer, OIDC_CLIENT_ID: CLIENT, OIDC_CLIENT_SECRET: "s" };
  await using gateway = await startGateway({ env: { ...ALLOW, ...oidc, ...env } });
  await run(gateway, issuer);
}

/** Presses the button, and comes to where it ends. */
async function signIn(gateway: Gateway, browser = new Browser()): Promise<Page> {
  const page = await browser.open(`${gateway.url}/sign-in`);
  const form = page.forms.find(({ action }) => action === "/sign-in/oidc")!;
  return await browser.submit(page, { form });
}

const isIn = (gateway: Gateway, { url, html }: Page) =>
  url === `${gateway.url}/` && html.includes("Signed in as");

Deno.test("people sign in at a certified provider, with a secret and without one", async () => {
  for (const secret of ["a-secret-of-the-operators-own", undefined]) {
    const port = freePort();
    const method = secret === undefined ? "none" : "client_secret_basic";
    const clients = [{
      client_id: CLIENT,
      ...(secret !== undefined && { client_secret: secret }),
      redirect_uris: [`http://localhost:${port}/callback/oidc`],
      token_endpoint_auth_method: method,
      application_type: "native",
    }];
    const email = (sub: string) => ({ email: `${sub}@example.com`, email_verified: true });
    await using server = await startOidcServer([method], { clients, email });
    const env = {
      ...ALLOW,
      OPERATORS: "oidc:ada@example.com",
      OIDC_ISSUER: server.issuer,
      OIDC_CLIENT_ID: CLIENT,
      OIDC_NAME: "Example Login",
      ...(secret !== undefined && { OIDC_CLIENT_SECRET: secret }),
    };
    await using gateway = await startGateway({ env, port });
    const browser = new Browser();
    const start = await browser.open(`${gateway.url}/sign-in`);
    assertStringIncludes(start.html, "Continue with Example Login");
    const form = start.forms.find(({ action }) => action === "/sign-in/oidc")!;
    let page = await browser.submit(start, { form });
    while (page.url.startsWith(server.issuer)) {
      const isLogin = page.forms[0]!.fields.prompt === "login";
      page = await browser.submit(page, {
        fields: isLogin ? { login: "ada", password: "x" } : {},
      });
    }
    assert(isIn(gateway, page), page.html);
    // By the address, which the token does not say and userinfo does.
    assertStringIncludes(page.html, "ada@example.com");
    assertEquals((await browser.open(`${gateway.url}/console`)).status, 200);
  }
});

Deno.test("the subject is of this issuer alone, and no token outlives the sign-in", async () => {
  await withIssuer(async (gateway, issuer) => {
    const page = await signIn(gateway);
    assert(isIn(gateway, page), page.html);
    const id = digest(JSON.stringify([issuer.issuer, "248289761001"]));
    assertMatch(id, /^[A-Za-z0-9_-]{43}$/);
    const { people, connections } = gateway.store;
    const [session, ...more] = await people.sessions(`oidc:${id}`);
    assertEquals([session!.email, more], ["ada@example.com", []]);
    assertEquals((await connections.survey(`oidc:${id}`)).opened, []);
    assert(!JSON.stringify(session).includes("kept-by-nobody"));
    const wanted = issuer.wanted;
    assertEquals(wanted.get("scope"), "openid email");
    assertEquals(wanted.get("code_challenge_method"), "S256");
    // Another issuer's same `sub` is somebody else.
    assert(id !== digest(JSON.stringify(["https://other.example.com", "248289761001"])));
  });
});

/** What is wrong, and the code that the page says. */
const FORGED: [what: string, lies: (issuer: Issuer) => Lies | Promise<Lies>, code: string][] = [
  ["another issuer", () => ({ claims: { iss: "https://evil.example.com" } }), "id_token_iss"],
  ["a slash more", ({ issuer }) => ({ claims: { iss: `${issuer}/` } }), "id_token_iss"],
  ["another client", () => ({ claims: { aud: "other-client" } }), "id_token_aud"],
  ["several clients", () => ({ claims: { aud: [CLIENT, "other"] } }), "id_token_azp"],
  [
    "another's by its azp",
    () => ({ claims: { aud: [CLIENT, "other"], azp: "other" } }),
    "id_token_azp",
  ],
  ["the nonce of another sign-in", () => ({ claims: { nonce: "another" } }), "id_token_nonce"],
  ["no nonce", () => ({ claims: { nonce: undefined } }), "id_token_nonce"],
  ["one that is over", () => ({ claims: { exp: 1_700_000_000 } }), "id_token_exp"],
  ["one of an hour ago", () => ({ claims: { iat: secondsAgo(3600) } }), "id_token_(iat|exp)"],
  ["one of tomorrow", () => ({ claims: { iat: secondsAgo(-86_400) } }), "id_token_iat"],
  ["nobody", () => ({ claims: { sub: "" } }), "id_token_sub"],
  ["no token", () => ({ idToken: () => undefined }), "id_token_missing"],
  ["no signature", () => ({ idToken: (claims) => unsigned(claims) }), "id_token_(alg|signature)"],
  [
    "the public key as a shared secret",
    ({ jwk }) => ({
      idToken: (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "k1" })
          .sign(new TextEncoder().encode(JSON.stringify(jwk))),
    }),
    "id_token_alg",
  ],
  [
    "a key of the attacker's, in the token itself",
    async () => {
      const { privateKey, publicKey } = await generateKeyPair("RS256");
      const jwk = await exportJWK(publicKey);
      return {
        idToken: (claims) =>
          new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1", jwk }).sign(privateKey),
      };
    },
    "id_token_signature",
  ],
  [
    "another claim under an honest signature",
    () => ({
      idToken: (_, honest) => {
        const [head, body = "", signature] = honest.split(".");
        const claims = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
        return [head, encoded({ ...claims, email: "eve@example.com" }), signature].join(".");
      },
    }),
    "id_token_signature",
  ],
  [
    "userinfo of somebody else",
    () => ({
      claims: { email: undefined, email_verified: undefined },
      userinfo: { sub: "other", email: "ada@example.com", email_verified: true },
    }),
    "userinfo_sub",
  ],
];

const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

function encoded(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function unsigned(claims: unknown): string {
  return `${encoded({ alg: "none" })}.${encoded(claims)}.`;
}

Deno.test("an ID token that is forged, borrowed, old or another's signs nobody in", async (t) => {
  await withIssuer(async (gateway, issuer) => {
    for (const [what, lies, code] of FORGED) {
      await t.step(what, async () => {
        issuer.lies = await lies(issuer);
        const page = await signIn(gateway);
        assertEquals([page.status, isIn(gateway, page)], [400, false], page.html);
        assertMatch(page.html, new RegExp(code));
      });
    }
    issuer.lies = {};
    assert(isIn(gateway, await signIn(gateway)), "and then it works again");
  });
});

Deno.test("the answer of another issuer, or of nobody in particular, is refused (mix-up)", async () => {
  await withIssuer(async (gateway, issuer) => {
    for (const iss of ["https://evil.example.com", undefined]) {
      issuer.lies = { back: { iss } };
      const before = issuer.asked.filter((path) => path === "/token").length;
      const page = await signIn(gateway);
      assertEquals(page.status, 400);
      assertEquals(issuer.asked.filter((path) => path === "/token").length, before, "no code sent");
    }
  });
});

Deno.test("a sign-in that was begun at one issuer is not finished at another", async () => {
  await using second = await startIssuer();
  await withIssuer(async (gateway, issuer) => {
    const browser = new Browser();
    const page = await browser.open(`${gateway.url}/sign-in`);
    const form = page.forms.find(({ action }) => action === "/sign-in/oidc")!;
    const until = (url: string) => url.startsWith(`${gateway.url}/callback/`);
    const { url } = await browser.submit(page, { form, until });
    await gateway.restart({ OIDC_ISSUER: second.issuer });
    const back = new URL(url);
    back.searchParams.set("iss", second.issuer);
    assertEquals((await browser.open(back.href)).status, 400);
    assertEquals([issuer.asked, second.asked].flat().includes("/token"), false);
  });
});

Deno.test("only a verified address signs in, unless the operator trusts the issuer's", async () => {
  const unverified: Lies[] = [
    { claims: { email_verified: false } },
    { claims: { email_verified: undefined } },
    { claims: { email_verified: "true" } },
    { claims: { email_verified: undefined, xms_edov: true } },
    { claims: { email: undefined, email_verified: true }, userinfo: { sub: "248289761001" } },
    {
      claims: { email: undefined, preferred_username: "ada@example.com" },
      userinfo: {
        sub: "248289761001",
        preferred_username: "ada@example.com",
      },
    },
  ];
  await withIssuer(async (gateway, issuer) => {
    for (const lies of unverified) {
      issuer.lies = lies;
      const page = await signIn(gateway);
      assertEquals([page.status, isIn(gateway, page)], [403, false], JSON.stringify(lies));
    }
    issuer.lies = { claims: { email: "ada@elsewhere.example" } };
    assertEquals((await signIn(gateway)).status, 403, "nor one that nobody let in");
  });
  await withIssuer(async (gateway, issuer) => {
    issuer.lies = { claims: { email_verified: undefined } };
    assert(isIn(gateway, await signIn(gateway)));
    issuer.lies = { claims: { email_verified: false } };
    assertEquals((await signIn(gateway)).status, 403, "what it says is not verified is not");
  }, { OIDC_TRUST_EMAIL: "on" });
});

Deno.test("what the issuer says of itself is bounded, its own, and asked for once", async () => {
  const wrong: [Lies["discovery"], code: string][] = [
    [(document) => ({ ...document, issuer: "https://evil.example.com" }), "other_issuer"],
    [(document) => ({ ...document, issuer: `${document.issuer}/` }), "other_issuer"],
    [() => Response.redirect("https://evil.example.com/", 302), "no_discovery_document"],
    [() => new Response("x".repeat(70_000)), "no_discovery_document"],
    [() => new Response("<html>"), "no_discovery_document"],
    [
      (document) => ({ ...document, token_endpoint: "http://evil.example.com/token" }),
      "discovery_document_incomplete",
    ],
    [
      (document) => ({ ...document, id_token_signing_alg_values_supported: ["HS256", "none"] }),
      "discovery_document_incomplete",
    ],
  ];
  await withIssuer(async (gateway, issuer) => {
    assertEquals(issuer.asked, [], "a start asks nothing");
    for (const [discovery, code] of wrong) {
      issuer.lies = { discovery: discovery! };
      const before = issuer.asked.length;
      for (let times = 0; times < 2; times++) {
        const page = await signIn(gateway);
        assertEquals(page.status, 400);
        assertStringIncludes(page.html, code);
      }
      assertEquals(issuer.asked.length, before + 1, "the second one is told the same");
      gateway.world.skew += 11_000;
    }
    issuer.lies = { discovery: () => new Response(null, { status: 503 }) };
    assertEquals((await signIn(gateway)).status, 503);
  });
  await withIssuer(async (gateway, issuer) => {
    for (let times = 0; times < 3; times++) assert(isIn(gateway, await signIn(gateway)));
    const count = (path: string) => issuer.asked.filter((each) => each === path).length;
    assertEquals([count("/.well-known/openid-configuration"), count("/keys")], [1, 1]);
    // New keys are asked for once, however many tokens name one that is not there.
    issuer.lies = {
      idToken: (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: crypto.randomUUID() })
          .sign(issuer.privateKey),
    };
    for (let times = 0; times < 5; times++) {
      assertStringIncludes((await signIn(gateway)).html, "id_token_signature");
    }
    assert(count("/keys") <= 2, "at most once in half a minute");
  });
});

Deno.test("keys without end, or from elsewhere, are no keys", async () => {
  for (
    const keys of [
      () => new Response("x".repeat(70_000)),
      () => Response.redirect("https://evil.example.com/", 302),
      () => ({ keys: [] }),
    ]
  ) {
    await withIssuer(async (gateway, issuer) => {
      issuer.lies = { keys };
      const page = await signIn(gateway);
      assert(page.status >= 400 && !isIn(gateway, page));
    });
  }
});

Deno.test("nothing is connected with it: no link, no token, no service", async () => {
  await withIssuer(async (gateway) => {
    const body = { user_id: "user_123", service: "oidc" };
    for (
      const [path, sent] of [["/links", body], ["/token/oidc", { user_id: "user_123" }]] as const
    ) {
      const { status, json } = await gateway.api(path, { body: sent });
      assertEquals([status, json.error], [404, "unknown_service"]);
      assert(!json.error_description.includes("Known: oidc"));
    }
    const { json } = await gateway.api("/services");
    assert(!json.services.some(({ name }: { name: string }) => name === "oidc"));
  });
});
