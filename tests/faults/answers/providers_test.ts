/** What providers' servers may answer to their own endpoints: bombs, streams without end, lies. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { asana } from "../../../providers/asana/asana.ts";
import { configuredModule, parseProviderSpecs } from "../../../providers/configured.ts";
import { github } from "../../../providers/github/github.ts";
import { google } from "../../../providers/google/google.ts";
import { linear } from "../../../providers/linear/linear.ts";
import { MAX_ANSWER_BYTES } from "../../../providers/post_form.ts";
import { postRevocation, postToken } from "../../../providers/post_token.ts";
import type { Provider, ProviderModule } from "../../../providers/provider.ts";
import { slack } from "../../../providers/slack/slack.ts";
import { askWithin, MAX_ACCOUNT_BYTES } from "../../../providers/whose_account.ts";
import { tokenSetOf } from "../../support/api.ts";
import {
  bomb,
  ENCODINGS,
  endless,
  headOf,
  type HostileAnswer,
  packed,
  startHostile,
  trickle,
} from "../../support/hostile_server.ts";

const JSON_TYPE = "application/json";
/** What the system may take of an answer before the other side has hung up. */
const ON_THE_WAY = 8 * 1024 * 1024;

const configured = (url: string): ProviderModule =>
  configuredModule(
    parseProviderSpecs(
      JSON.stringify([{
        name: "own",
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        userinfo_endpoint: `${url}/userinfo`,
      }]),
      [],
    )[0]!,
  );

/** Each provider, and an answer that would say who the account is, with room in the middle. */
const IDENTITIES: [name: string, module: (url: string) => ProviderModule, answer: string][] = [
  ["google", () => google, '{"id":"1","email":"a@example.com","pad":""}'],
  ["github", () => github, '{"id":1,"login":"a","pad":""}'],
  ["asana", () => asana, '{"data":{"gid":"1","name":"a"},"pad":""}'],
  ["slack", () => slack, '{"ok":true,"team_id":"T","user_id":"U","team":"t","user":"u","pad":""}'],
  ["linear", () => linear, '{"data":{"viewer":{"id":"1","name":"a"}},"pad":""}'],
  ["a provider of the operator's", configured, '{"sub":"1","email":"a","pad":""}'],
];

function providerAt(url: string, module: ProviderModule): Provider {
  const client = { clientId: "id", clientSecret: "secret", redirectUri: "http://localhost/cb" };
  return module.create({ ...client, baseUrl: url, fetch });
}

const around = (answer: string): [string, string] => [answer.slice(0, -2), answer.slice(-2)];

for (const [name, moduleAt, answer] of IDENTITIES) {
  Deno.test(`${name}: who it is is read from a plain answer`, async () => {
    await using server = startHostile(async (send) => {
      await send(headOf(200, [`Content-Type: ${JSON_TYPE}`]) + answer);
    });
    const account = await providerAt(server.url, moduleAt(server.url)).identify(tokenSetOf("t"));
    assert(account.id.length > 0);
  });

  Deno.test(`${name}: who it is is not unpacked beyond its limit`, async () => {
    for (const encoding of ENCODINGS) {
      const bytes = await bomb(encoding, 1, around(answer));
      assert(bytes.length < MAX_ACCOUNT_BYTES, `${encoding} is no bomb`);
      await using server = startHostile(packed(encoding, bytes, JSON_TYPE));
      const provider = providerAt(server.url, moduleAt(server.url));
      await assertRejects(() => provider.identify(tokenSetOf("t")), RangeError, "longer than");
    }
    // What fetch does not unpack is no JSON.
    const bytes = await bomb("deflate", 1, around(answer));
    await using server = startHostile(packed("deflate", bytes, JSON_TYPE));
    const provider = providerAt(server.url, moduleAt(server.url));
    await assertRejects(() => provider.identify(tokenSetOf("t")), SyntaxError, "not JSON");
  });

  Deno.test(`${name}: who it is is not read without end, nor through redirects`, async () => {
    await using server = startHostile(endless(JSON_TYPE, answer.slice(0, -2)));
    const provider = providerAt(server.url, moduleAt(server.url));
    await assertRejects(() => provider.identify(tokenSetOf("t")), RangeError, "longer than");
    await server.hungUp;
    assert(server.sent() < ON_THE_WAY, `${server.sent()} bytes were sent`);

    await using circle = startHostile(async (send, { path }) => {
      await send(headOf(307, [`Location: ${path}`, "Content-Length: 0"]));
    });
    const moving = providerAt(circle.url, moduleAt(circle.url));
    await assertRejects(() => moving.identify(tokenSetOf("t")), Error, "307");
    assertEquals(circle.seen.length, 1);
  });

  Deno.test(`${name}: an answer's length is not believed`, async () => {
    const lengths = [answer.length + 1, 1e9, answer.length - 1];
    for (const length of lengths) {
      await using server = startHostile(async (send) => {
        const head = [`Content-Type: ${JSON_TYPE}`, `Content-Length: ${length}`];
        await send(headOf(200, head) + answer);
      });
      const provider = providerAt(server.url, moduleAt(server.url));
      await assertRejects(() => provider.identify(tokenSetOf("t")));
    }
  });
}

Deno.test("all questions of one identify() have one time, which covers their answers", async () => {
  await using slow = startHostile(trickle(JSON_TYPE, "{"));
  const ask = askWithin({ fetch, title: "It", timeoutMs: 200 });
  const question = { url: slow.url, headers: {} };
  const late = await assertRejects(() => ask("this", question), DOMException);
  assertEquals(late.name, "TimeoutError");
  await slow.hungUp;
  const later = await assertRejects(() => ask("that", question), DOMException);
  assertEquals(later.name, "TimeoutError");
  assertEquals(slow.seen.length, 1);

  const signals: unknown[] = [];
  const provider = github.create({
    clientId: "id",
    clientSecret: "secret",
    redirectUri: "http://localhost/cb",
    fetch: (_url, init) => {
      signals.push(init?.signal);
      return Promise.resolve(Response.json(signals.length === 1 ? { id: 1, login: "a" } : []));
    },
  });
  await provider.identify({ ...tokenSetOf("t"), scopes: ["user:email"] });
  assertEquals(signals.length, 2);
  assert(signals[0] instanceof AbortSignal && signals[0] === signals[1]);
});

const TOKENS = '{"access_token":"x","pad":""}';

/** The two kinds of form that are posted, and what they make of an answer. */
const FORMS = {
  "a token answer": (endpoint: string, timeoutMs?: number) =>
    postToken({ fetch, endpoint, form: {}, timeoutMs }),
  "a revocation's answer": (endpoint: string, timeoutMs?: number) =>
    postRevocation({ fetch, endpoint, form: {}, timeoutMs }),
};

async function reasonOf(
  post: typeof FORMS[keyof typeof FORMS],
  answer: HostileAnswer,
  timeoutMs?: number,
): Promise<string> {
  await using server = startHostile(answer);
  const outcome = await post(server.url, timeoutMs);
  if (outcome.kind === "failed") return outcome.reason;
  throw new Error(`It was taken: ${outcome.kind}`);
}

for (const [name, post] of Object.entries(FORMS)) {
  Deno.test(`${name} is not unpacked beyond its limit`, async () => {
    for (const encoding of ENCODINGS) {
      const bytes = await bomb(encoding, 1, around(TOKENS));
      assert(bytes.length < MAX_ANSWER_BYTES, `${encoding} is no bomb`);
      const reason = await reasonOf(post, packed(encoding, bytes, JSON_TYPE));
      assertEquals(reason, `the answer is longer than ${MAX_ANSWER_BYTES} bytes`, encoding);
    }
  });

  Deno.test(`${name} that never ends is given up, by its length or by its time`, async () => {
    // Without a time-out, as a refresh is sent: its length alone ends it.
    const long = await reasonOf(post, endless(JSON_TYPE, TOKENS.slice(0, -2)));
    assertEquals(long, `the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    assertEquals(await reasonOf(post, trickle(JSON_TYPE, "{"), 200), "no answer in time");
    const silent: HostileAnswer = async (send) => {
      await send(headOf(200, [`Content-Type: ${JSON_TYPE}`, "Content-Length: 100"]));
      await new Promise((resolve) => setTimeout(resolve, 400));
    };
    assertEquals(await reasonOf(post, silent, 200), "no answer in time");
  });

  Deno.test(`${name} whose length is a lie is none`, async () => {
    const lie: HostileAnswer = async (send) => {
      await send(headOf(200, [`Content-Type: ${JSON_TYPE}`, "Content-Length: 1000000000"]));
      await send(TOKENS);
    };
    assertEquals(await reasonOf(post, lie), "the connection failed");
  });

  Deno.test(`${name} is not looked for at another address`, async () => {
    await using server = startHostile(async (send, { path }) => {
      await send(headOf(307, [`Location: ${path}`, "Content-Length: 0"]));
    });
    assertEquals((await post(server.url)).kind, "failed");
    assertEquals(server.seen.length, 1);
  });
}

Deno.test("revoking at Slack has a time for every request, its refresh too", async () => {
  await using server = startHostile(async (send, { path }) => {
    if (path === "/api/oauth.v2.access") return;
    await send(
      headOf(200, [`Content-Type: ${JSON_TYPE}`]) + '{"ok":false,"error":"token_expired"}',
    );
  });
  const signals: unknown[] = [];
  const watched = slack.create({
    clientId: "id",
    clientSecret: "secret",
    redirectUri: "http://localhost/cb",
    baseUrl: server.url,
    fetch: (url, init) => {
      signals.push(init?.signal);
      return fetch(url, init);
    },
  });
  assert(watched.credential.kind === "oauth");
  const tokens = { ...tokenSetOf("t"), refreshToken: "r" };
  assertEquals((await watched.credential.revoke(tokens)).kind, "failed");
  assertEquals(signals.map((signal) => signal instanceof AbortSignal), [true, true]);
});
