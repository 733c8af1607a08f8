/** What starts all the same, and is told. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseConfig } from "../../../broker/config/config.ts";
import { type Doubt, doubtsOf } from "../../../broker/config/doubts/doubts.ts";
import { digestHex, newKeyLine } from "../../../tasks/key.ts";
import { allModules, knownProviders } from "../../../start/all_providers.ts";

const known = knownProviders(allModules("[]").modules);
const NOW = Date.UTC(2027, 1, 1);
const KEY = newKeyLine("k1");
const GOOD = {
  PUBLIC_URL: "http://localhost:8000",
  ENCRYPTION_KEYS: KEY,
  API_KEYS: `voice:sha256:${digestHex("a key")}`,
  OPERATORS: "google:me@mine.org",
  GOOGLE_CLIENT_ID: "id.apps.googleusercontent.com",
  GOOGLE_CLIENT_SECRET: "its secret".replace(" ", "-"),
};

async function doubts(more: Record<string, string>, onDeploy = false): Promise<Doubt[]> {
  const all = Object.entries({ ...GOOD, ...more }).filter(([, value]) => value !== "");
  const env = Object.fromEntries(all);
  return doubtsOf({
    env,
    config: await parseConfig(env, known, onDeploy),
    known,
    onDeploy,
    now: NOW,
  });
}

Deno.test("a good configuration raises no doubt", async () => {
  assertEquals(await doubts({}), []);
});

type Row = [env: Record<string, string>, variable: string, found: string, cure?: string];
const key = (rest: string) => ({ API_KEYS: `voice:sha256:${digestHex("a key")}${rest}` });

const FAULTS: Row[] = [
  [
    { GOOGLE_CLIENT_SECRET_EXPIRES: "2027-02-01" },
    "GOOGLE_CLIENT_SECRET_EXPIRES",
    "ended on 2027-02-01",
    "another secret",
  ],
  [{ GITHUB_CLIENTID: "x" }, "GITHUB_CLIENTID", "read by nobody", "Set GITHUB_CLIENT_ID"],
  [{ github_client_id: "x" }, "github_client_id", "read by nobody", "Set GITHUB_CLIENT_ID"],
  [{ GIHUB_CLIENT_ID: "x" }, "GIHUB_CLIENT_ID", "read by nobody", "Set GITHUB_CLIENT_ID"],
  [{ SIGNIN_ALLOW: "x" }, "SIGNIN_ALLOW", "read by nobody", "Set SIGN_IN_ALLOW"],
  [{ SWITCHBOARD_RETURN_URLS: "x" }, "SWITCHBOARD_RETURN_URLS", "read by nobody", "RETURN_URLS"],
  [{ TRUSTED_PROXYS: "x" }, "TRUSTED_PROXYS", "read by nobody", "Set TRUSTED_PROXIES"],
  [{ ALOWED_HOSTS: "x" }, "ALOWED_HOSTS", "read by nobody", "Set ALLOWED_HOSTS"],
  [{ PORT: "0" }, "PORT", "another port with each start"],
  [{ API_KEYS: "", OPERATORS: "" }, "API_KEYS", "nobody may call", "deno task key voice"],
  [key(":gihub"), "API_KEYS", 'limited to "gihub"', 'Did you mean "github"?'],
  [key(":calender+google"), "API_KEYS", 'limited to "calender"', '"calendar"'],
  [key(":github"), "API_KEYS", "voice is for github, not set up", "client id and secret"],
  [key(`,x:sha256:${digestHex("a key")}`), "API_KEYS", "voice and x are one and the same key"],
  [{ API_KEYS: `voice:sha256:${digestHex("")}` }, "API_KEYS", "of an empty text"],
  [
    { PUBLIC_URL: "https://mine.org", API_KEYS: `voice:sha256:${digestHex("dev-voice-key")}` },
    "API_KEYS",
    "the playground's key",
  ],
  [
    { SIGN_IN_ALLOW: "me@mine.org", GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" },
    "SIGN_IN_ALLOW",
    "no provider is set up that anybody signs in with",
    "github, google",
  ],
  [{ OPERATORS: "slack:me@mine.org" }, "OPERATORS", "by slack, with which nobody signs in"],
  [{ OPERATORS: "github:me@mine.org" }, "OPERATORS", "by github, which is not set up"],
  [
    { GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" },
    "GITHUB_CLIENT_ID",
    "nothing can be connected",
    "Register an OAuth app",
  ],
  [
    { GOOGLE_CLIENT_ID: "i", GOOGLE_CLIENT_SECRET: "i" },
    "GOOGLE_CLIENT_SECRET",
    "is the same as GOOGLE_CLIENT_ID",
  ],
  [{ GOOGLE_CLIENT_ID: "your-client-id" }, "GOOGLE_CLIENT_ID", "an example's placeholder"],
  [{ GOOGLE_CLIENT_SECRET: "one two" }, "GOOGLE_CLIENT_SECRET", "has a space in it"],
  [{ GOOGLE_BASE_URL: "http://localhost:8000/" }, "GOOGLE_BASE_URL", "program's own address"],
  [
    { UPSTREAMS: '[{"name":"notes","url":"http://localhost:8000/mcp"}]' },
    "UPSTREAMS",
    "would call itself",
  ],
  [{ RETURN_URLS: "https://app.mine.org/*" }, "RETURN_URLS", "no wildcard", "End it in /"],
  [{ RETURN_URLS: "https://*.mine.org/" }, "RETURN_URLS", "no wildcard"],
  [{ RETURN_URLS: "http://localhost:8000/back" }, "RETURN_URLS", "this program itself"],
  [{ KV_PATH: ":memory:" }, "KV_PATH", "is memory"],
  [{ KV_PATH: "https://kv.mine.org" }, "DENO_KV_ACCESS_TOKEN", "is not set"],
  [{ KV_PATH: "/srv/kv.sqlite " }, "KV_PATH", "has a space at an end"],
  [
    { ENCRYPTION_KEYS: `${KEY},k0:${"A".repeat(43)}` },
    "ENCRYPTION_KEYS",
    "k0 is no secret",
    "deno task rekey",
  ],
  [
    { ENCRYPTION_KEYS: `${KEY},k2${KEY.slice(2)}` },
    "ENCRYPTION_KEYS",
    "k1 and k2 are one and the same key",
    "put it in front",
  ],
  [{ API_KEYS: `voice:sha256:${digestHex("changeme\n")}` }, "API_KEYS", "a word that anybody"],
  [{ API_KEYS: `voice:sha256:${digestHex("voice")}` }, "API_KEYS", "a word that anybody"],
  [{ API_KEYS: `voice:sha256:${"0123abcd".repeat(8)}` }, "API_KEYS", "is none of any key"],
  [{ GITHUB_CLIENT_ID: "123456", GITHUB_CLIENT_SECRET: "s" }, "GITHUB_CLIENT_ID", "App ID"],
  [
    { GITHUB_CLIENT_ID: "1.apps.googleusercontent.com", GITHUB_CLIENT_SECRET: "s" },
    "GITHUB_CLIENT_ID",
    "is a client id of google's",
  ],
  [{ GOOGLE_CLIENT_ID: "my-project" }, "GOOGLE_CLIENT_ID", "these end in .apps.google"],
  [{ GOOGLE_CLIENT_SECRET: "AIzaSyMARK" }, "GOOGLE_CLIENT_SECRET", "an API key of Google's"],
  [{ GOOGLE_CLIENT_SECRET: '{"web":{}}' }, "GOOGLE_CLIENT_SECRET", "a whole file of JSON"],
  [{ GOOGLE_CLIENT_SECRET: "****MARK" }, "GOOGLE_CLIENT_SECRET", "is masked", "Copy it anew"],
  [
    { GITHUB_CLIENT_ID: "Ov23x", GITHUB_CLIENT_SECRET: "ghp_MARK" },
    "GITHUB_CLIENT_SECRET",
    "a token of GitHub's",
  ],
  [
    { SLACK_CLIENT_ID: "A012ABCDEF", SLACK_CLIENT_SECRET: "xoxb-MARK" },
    "SLACK_CLIENT_SECRET",
    "a token of Slack's",
  ],
  [
    { GITHUB_CLIENT_ID: "Ov23x", GITHUB_CLIENT_SECRET: GOOD.GOOGLE_CLIENT_SECRET },
    "GOOGLE_CLIENT_SECRET",
    "is the same as GITHUB_CLIENT_SECRET",
  ],
  [{ GOOGLE_CLIENT_SECRET: "${GOOGLE_SECRET}x" }, "GOOGLE_CLIENT_SECRET", "nobody puts in"],
  [{ DATA_DIR: "$HOME" }, "DATA_DIR", "nobody puts in", "Write the value itself"],
  [{ DATA_DIR: "~/data" }, "DATA_DIR", "begins with ~", "Write the path out"],
  [{ DATA_DIR: "/srv/kv\r" }, "DATA_DIR", "ends in a carriage return", "dos2unix"],
  [{ SIGN_IN_ALLOW: "*@com" }, "SIGN_IN_ALLOW", "nobody's domain"],
  [{ SIGN_IN_ALLOW: "*@co.uk" }, "SIGN_IN_ALLOW", "nobody's domain", "*@acme.co.uk"],
  [{ SIGN_IN_ALLOW: "*@mine.org,me@gmail.com" }, "SIGN_IN_ALLOW", "which is a stranger's"],
  [{ TRUSTED_PROXIES: "0.0.0.0/1,128.0.0.0/1" }, "TRUSTED_PROXIES", "a large part of all"],
  [{ TRUSTED_PROXIES: "2000::/3" }, "TRUSTED_PROXIES", "a large part of all", "10.0.0.0/8"],
  [
    { TRUSTED_PROXIES: "10.0.0.0/8", HOST: "127.0.0.1" },
    "TRUSTED_PROXIES",
    "lacks 127.0.0.1",
    "Set 127.0.0.1,::1",
  ],
  [
    { TRUSTED_PROXIES: "10.0.0.0/8", TRUSTED_PROXY_HEADER: "X-Forwarded-Host" },
    "TRUSTED_PROXY_HEADER",
    "says no address",
  ],
];

const NOTES: Row[] = [
  [
    { GOOGLE_CLIENT_SECRET_EXPIRES: "2027-02-28" },
    "GOOGLE_CLIENT_SECRET_EXPIRES",
    "ends on 2027-02-28, in 27 days",
  ],
  [{ API_KEY: "x", API_KEYS: "" }, "API_KEY", "read by nobody"],
  [{ GITHUB_SECRET: "x" }, "GITHUB_SECRET", "read by nobody", "Set GITHUB_CLIENT_SECRET"],
  [{ SLACK_OAUTH_CLIENT_ID: "x" }, "SLACK_OAUTH_CLIENT_ID", "read by nobody", "SLACK_CLIENT_ID"],
  [{ API_KEYS: "" }, "API_KEYS", "no backend may call"],
  [key(":github+google"), "API_KEYS", "voice is for github"],
  [{ SIGN_IN_ALLOW: "*" }, "SIGN_IN_ALLOW", "anybody in the world"],
  [{ SIGN_IN_ALLOW: "*@gmail.com" }, "SIGN_IN_ALLOW", "anybody in the world"],
  [{ OPERATORS: "" }, "OPERATORS", "the console is closed", "deno task admin setup"],
  [{ PUBLIC_URL: "https://mine.org" }, "TRUSTED_PROXIES", "all callers look like that proxy"],
  [{ PUBLIC_URL: "https://mine.org:8000" }, "PUBLIC_URL", "has the port 8000"],
  [{ PUBLIC_URL: "https://switchboard.example.com" }, "PUBLIC_URL", "an example's host name"],
  [{ PUBLIC_URL: "https://switchboard.internal" }, "PUBLIC_URL", "a network of your own"],
  [{ PUBLIC_URL: "https://switchboard" }, "PUBLIC_URL", "a network of your own"],
  [{ HOST: "0.0.0.0" }, "PUBLIC_URL", "HOST lets others in", "HOST to 127.0.0.1"],
  [
    { PUBLIC_URL: "https://mine.org", RETURN_URLS: "http://localhost:3000/" },
    "RETURN_URLS",
    "each person's own machine",
  ],
  [{ DRAIN_SECONDS: "300" }, "DRAIN_SECONDS", "systemd ends a service after 90 s"],
  [{ SIGN_IN_ALLOW: "*@example.com" }, "SIGN_IN_ALLOW", "of the example"],
  [{ SIGN_IN_ALLOW: "*@web.de" }, "SIGN_IN_ALLOW", "anybody in the world"],
  [
    {
      UPSTREAMS:
        '[{"name":"notes","url":"https://n.mine.org/mcp","headers":{"Authorization":"x"}}]',
    },
    "UPSTREAMS",
    "without a scheme",
    '"Bearer "',
  ],
  [{ PUBLIC_URL: "https://192.0.2.7" }, "PUBLIC_URL", "is an IP address"],
  [{ PORT: "9000" }, "PORT", "is 9000, and PUBLIC_URL says 8000"],
  [
    { GOOGLE_CLIENT_ID: "id.apps.googleusercontent.com\n" },
    "GOOGLE_CLIENT_ID",
    "a line break at an end, which is left off",
  ],
  [{ GOOGLE_BASE_URL: "https://sso.mine.org/v2" }, "GOOGLE_BASE_URL", "has a path"],
  [{ DATA_DIR: "/tmp/x" }, "DATA_DIR", "systems empty"],
  [{ DATA_DIR: "/srv", KV_PATH: "/srv/kv.sqlite" }, "DATA_DIR", "is not used"],
  [{ RETURN_URLS: "https://app.mine.org/", API_KEYS: "" }, "RETURN_URLS", "there is no API key"],
  [{ PUBLIC_URL: "https://mine.org" }, "HOST", "in clear text", "Set 127.0.0.1"],
  [{ GRANT_IDLE_DAYS: "90", GRANT_MAX_DAYS: "90" }, "GRANT_IDLE_DAYS", "not below"],
];

for (const [rows, isFault] of [[FAULTS, true], [NOTES, false]] as const) {
  for (const [env, variable, found, cure = ""] of rows) {
    Deno.test(`${JSON.stringify(env).slice(0, 80)} is ${isFault ? "a fault" : "noted"}`, async () => {
      const all = await doubts(env);
      const doubt = all.find((one) => one.variable === variable && one.found.includes(found));
      assert(doubt !== undefined, JSON.stringify(all));
      assertEquals(doubt.isFault, isFault);
      assertStringIncludes(doubt.cure ?? "", cure);
    });
  }
}

Deno.test("on Deno Deploy what the platform does itself is doubted", async () => {
  const found = async (env: Record<string, string>) =>
    (await doubts(env, true)).map(({ variable }) => variable);
  assertEquals(await found({}), ["PUBLIC_URL"]);
  const there = { PUBLIC_URL: "https://mine.org" };
  assertEquals(await found(there), []);
  assertEquals(await found({ ...there, KV_PATH: "/srv/kv.sqlite" }), ["KV_PATH"]);
  assertEquals(await found({ ...there, HOST: "127.0.0.1", TRUSTED_PROXIES: "10.0.0.1" }), [
    "HOST",
    "TRUSTED_PROXIES",
  ]);
});

Deno.test("who signs in by the operator's own issuer needs no other provider for it", async () => {
  const own = {
    OIDC_ISSUER: "https://id.mine.org",
    OIDC_CLIENT_ID: "x",
    SIGN_IN_ALLOW: "me@mine.org",
    OPERATORS: "oidc:me@mine.org",
  };
  const about = async (env: Record<string, string>) =>
    (await doubts(env)).map(({ variable }) => variable)
      .filter((name) => ["SIGN_IN_ALLOW", "OPERATORS"].includes(name));
  assertEquals(await about({ ...own, GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" }), []);
});

Deno.test("variables of others are left alone", async () => {
  const others = {
    HOSTNAME: "x",
    PATH: "x",
    POST: "x",
    GITHUB_ACTIONS: "true",
    GITHUB_TOKEN: "x",
    GOOGLE_APPLICATION_CREDENTIALS: "x",
    AZURE_CLIENT_ID: "x",
    SLACK_WEBHOOK_URL: "x",
    PROVIDER_NAME: "x",
    SUBJECT: "local:me",
    API_KEY: "x",
    GOOGLE_CLIENTID: "x",
    NOTES_SECRET_KEY: "x",
    UPSTREAMS:
      '[{"name":"notes","command":"x","trust":"same_user","env":{"K":"${NOTES_CLIENT_SECRETS}"}}]',
    NOTES_CLIENT_SECRETS: "x",
  };
  // Two of them are near to ours, and what they are near to is set.
  assertEquals(await doubts(others), []);
});

Deno.test("no value is told, but for names of services and patterns of who may sign in", async () => {
  for (const [env] of [...FAULTS, ...NOTES]) {
    const said = JSON.stringify(await doubts({ ...env, GITHUB_CLIENT_SECRETS: "sk_live_MARK" }));
    assert(!said.includes("MARK") && !said.includes(KEY.slice(3)));
  }
  assert(!JSON.stringify(await doubts(key(":sk_live_MARK"))).includes("MARK"));
});

Deno.test("the names that are known say rightly who signs in", async () => {
  const { knownModules } = await import("../../../providers/known.ts");
  const said = knownModules.filter(({ signsIn }) => signsIn).map(({ name }) => name);
  assertEquals(said, known.filter(({ signsIn }) => signsIn).map(({ name }) => name));
});
