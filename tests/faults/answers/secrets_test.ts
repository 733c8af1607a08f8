import { assert, assertEquals } from "@std/assert";
import { Browser } from "../../support/browser.ts";
import { type Gateway, startGateway, USER } from "../../support/gateway.ts";

/**
 * Answers that are wrong, each with a secret in it: it must stand in no log
 * line, in no page and in no answer, whatever stumbles over it.
 */

const SECRET = "gho_SECRETSECRETSECRET";
const PROVIDER = {
  name: "acme",
  authorization_endpoint: "https://acme.example/authorize",
  token_endpoint: "https://acme.example/token",
  revocation_endpoint: "https://acme.example/revoke",
  userinfo_endpoint: "https://acme.example/me",
};

type Answer = () => Response | Promise<Response>;

const text = (body: string, init?: ResponseInit) => () => new Response(body, init);
const json = (body: unknown, status = 200) => () => Response.json(body, { status });
const throws = (error: Error) => () => Promise.reject(error);

/** What any server may answer. */
const ZOO: Record<string, Answer> = {
  "no JSON": text(SECRET),
  "JSON that breaks off": text(`{"access_token":"${SECRET}","id`),
  "JSON with more behind it": text(`{"sub":"1"} ${SECRET}`),
  "a text": json(SECRET),
  "a list": json([SECRET]),
  "an error that quotes": json({ error: SECRET, error_description: SECRET }, 400),
  "an error as an object": json({ error: { message: SECRET } }, 401),
  "a page": text(`<h1>${SECRET}</h1>`, { status: 500, statusText: "Oops" }),
  "a redirect": text("", { status: 302, headers: { Location: `http://x.example/?t=${SECRET}` } }),
  "a header": text("", { status: 429, headers: { "Retry-After": SECRET, "X-T": SECRET } }),
  "a broken connection": throws(new TypeError(`error sending request for url (?t=${SECRET})`)),
  "an error by a name of its own": throws(Object.assign(new Error("x"), { name: `E ${SECRET}` })),
  "a text that is thrown": () => Promise.reject(SECRET),
};

const issued = (more: Record<string, unknown> = {}) =>
  json({ access_token: SECRET, refresh_token: `${SECRET}r`, expires_in: 3600, ...more });

/** Tokens that cannot be sent: `Headers` quotes them. */
const TOKENS: Record<string, Answer> = {
  "a token with a line end": issued({ access_token: `${SECRET}\n` }),
  "a token with a NUL": issued({ access_token: `${SECRET}\0` }),
  "a token beyond Latin-1": issued({ access_token: `${SECRET}→` }),
  "a type that is none": issued({ token_type: `${SECRET}\r\n` }),
  "scopes that are none": issued({ scope: { x: SECRET } }),
  "a life that is none": issued({ expires_in: SECRET }),
};

/** Answers of who somebody is. */
const ACCOUNTS: Record<string, Answer> = {
  "no sub": json({ [SECRET]: SECRET }),
  "a sub that is too long": json({ sub: SECRET.repeat(100) }),
  "a sub that is an object": json({ sub: { [SECRET]: 1 } }),
};

/** A gateway with one provider, whose answers the test chooses. */
async function start(answers: { token: Answer; me: Answer; revoke?: Answer }): Promise<Gateway> {
  return await startGateway({
    env: {
      PROVIDERS: JSON.stringify([PROVIDER]),
      ACME_CLIENT_ID: "id",
      ACME_CLIENT_SECRET: "client-secret",
    },
    fetch: async (input, init) => {
      const { pathname, host } = new URL(input instanceof Request ? input.url : input);
      if (host !== "acme.example") return await fetch(input, init);
      // As the real one: what cannot be a header is not sent.
      new Headers(init?.headers);
      if (pathname === "/token") return await answers.token();
      if (pathname === "/me") return await answers.me();
      return await (answers.revoke ?? text(""))();
    },
  });
}

/** Goes all the way; returns what the person saw last. */
async function connect(gateway: Gateway): Promise<string> {
  const body = { user_id: USER, service: "acme" };
  const { json: link } = await gateway.api("/links", { body });
  const browser = new Browser();
  const until = (url: string) => url.startsWith("https://acme.example");
  const { url } = await browser.submit(await browser.open(link.url), { until });
  const state = new URL(url).searchParams.get("state");
  const { html } = await browser.open(`${gateway.url}/callback/acme?code=c&state=${state}`);
  return html;
}

function requireSilence(gateway: Gateway, ...shown: string[]): void {
  const lines = gateway.world.events.map((event) => JSON.stringify(event));
  for (const line of [...lines, ...shown]) assert(!line.includes("SECRET"), line.slice(0, 500));
}

for (const [name, token] of Object.entries({ ...ZOO, ...TOKENS })) {
  Deno.test(`the exchange is answered with ${name}: nobody sees it`, async () => {
    await using gateway = await start({ token, me: json({ sub: "1" }), revoke: ZOO["no JSON"]! });
    requireSilence(gateway, await connect(gateway));
  });
}

for (const [name, me] of Object.entries({ ...ZOO, ...ACCOUNTS })) {
  Deno.test(`whose account it is is answered with ${name}: nobody sees it`, async () => {
    await using gateway = await start({ token: issued(), me, revoke: ZOO["no JSON"]! });
    const page = await connect(gateway);
    requireSilence(gateway, page);
    assert(page.includes("was not connected"), page);
    const failed = gateway.world.events.filter(({ event }) => event === "identify_failed");
    assertEquals(failed.length, 1);
  });
}

for (const [name, token] of Object.entries(ZOO)) {
  Deno.test(`a refresh is answered with ${name}: nobody sees it`, async () => {
    const answers: { token: Answer; me: Answer } = {
      token: issued({ access_token: "first" }),
      me: json({ sub: "1" }),
    };
    await using gateway = await start(answers);
    await connect(gateway);
    answers.token = token;
    gateway.world.skew = 3_600_000;
    const answer = await gateway.api("/token/acme", { body: { user_id: USER } });
    assert(answer.status >= 400, answer.text);
    requireSilence(gateway, answer.text, JSON.stringify([...answer.headers]));
  });

  Deno.test(`a revocation is answered with ${name}: nobody sees it`, async () => {
    await using gateway = await start({
      token: issued(),
      me: json({ sub: "1" }),
      revoke: token,
    });
    await connect(gateway);
    const path = `/connections/acme?user_id=${USER}`;
    const answer = await gateway.api(path, { method: "DELETE" });
    assertEquals(answer.status, 200);
    requireSilence(gateway, answer.text);
  });
}
