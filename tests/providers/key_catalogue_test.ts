import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ConfigError, parseConfig } from "../../broker/config/config.ts";
import { apiKeysOf } from "../../broker/core/credential.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import { parseProviderSpecs } from "../../providers/configured.ts";
import { keyCatalogue, keyModules } from "../../providers/key_catalogue/key_catalogue.ts";
import { newKeyLine } from "../../tasks/key.ts";

/** What the documentation says: written from there, and not from the data. */
const DOCUMENTED = [
  {
    name: "airtable_key",
    key: `pat${"A1b2C3d4E5f6G7"}.${"0123456789abcdef".repeat(4)}`,
    asked: "https://api.airtable.com/v0/meta/whoami",
    header: ["Authorization", "Bearer "],
    answer: { id: "usr1", scopes: ["data.records:read"], email: "ada@example.com" },
    account: { id: "usr1", label: "ada@example.com" },
  },
  {
    name: "cloudflare",
    key: "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY",
    asked: "https://api.cloudflare.com/client/v4/user/tokens/verify",
    header: ["Authorization", "Bearer "],
    answer: {
      success: true,
      errors: [],
      result: { id: "ed17574386854bf78a67040be0a770b0", status: "active" },
    },
    account: {
      id: "ed17574386854bf78a67040be0a770b0",
      label: "ed17574386854bf78a67040be0a770b0",
    },
  },
  {
    name: "deepgram",
    key: "0123456789abcdef0123456789abcdef01234567",
    asked: "https://api.deepgram.com/v1/projects",
    header: ["Authorization", "Token "],
    answer: { projects: [{ project_id: "d6d2f4c0", name: "Engines" }] },
    account: { id: "d6d2f4c0", label: "Engines" },
  },
  {
    name: "digitalocean_key",
    key: `dop_v1_${"0123456789abcdef".repeat(4)}`,
    asked: "https://api.digitalocean.com/v2/account",
    header: ["Authorization", "Bearer "],
    answer: { account: { uuid: "b6fr89db", email: "ada@example.com", status: "active" } },
    account: { id: "b6fr89db", label: "ada@example.com" },
  },
  {
    name: "elevenlabs",
    key: `sk_${"0123456789abcdef".repeat(3)}`,
    asked: "https://api.elevenlabs.io/v1/user",
    header: ["xi-api-key", ""],
    answer: { user_id: "1234567890", first_name: "Ada", is_new_user: false },
    account: { id: "1234567890", label: "Ada" },
  },
  {
    name: "figma_key",
    key: `figd_${"A1b2-C3d4_".repeat(4)}`,
    asked: "https://api.figma.com/v1/me",
    header: ["X-Figma-Token", ""],
    answer: { id: "7612345", handle: "Ada", email: "ada@example.com", img_url: "" },
    account: { id: "7612345", label: "ada@example.com" },
  },
  {
    name: "netlify_key",
    key: `nfp_${"A1b2C3d4E5".repeat(4)}`,
    asked: "https://api.netlify.com/api/v1/user",
    header: ["Authorization", "Bearer "],
    answer: { id: "5d1f9a", uid: "5d1f", full_name: "Ada", email: "ada@example.com" },
    account: { id: "5d1f9a", label: "ada@example.com" },
  },
  {
    name: "notion_key",
    key: "secret_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    asked: "https://api.notion.com/v1/users/me",
    header: ["Authorization", "Bearer "],
    version: ["Notion-Version", /^\d{4}-\d\d-\d\d$/] as const,
    answer: { object: "user", id: "16d84278", name: "pied piper", type: "bot", bot: {} },
    account: { id: "16d84278", label: "pied piper" },
  },
  {
    name: "pagerduty_key",
    key: "u+A1b2C3d4E5f6G7h8i9",
    asked: "https://api.pagerduty.com/users/me",
    header: ["Authorization", "Token token="],
    version: ["Accept", /^application\/vnd\.pagerduty\+json;version=2$/] as const,
    answer: { user: { id: "PXPGF42", name: "Ada", email: "ada@example.com" } },
    account: { id: "PXPGF42", label: "ada@example.com" },
  },
  {
    name: "sendgrid",
    key: `SG.${"x".repeat(66)}`,
    asked: "https://api.sendgrid.com/v3/user/username",
    header: ["Authorization", "Bearer "],
    answer: { username: "ada", user_id: 180 },
    account: { id: "180", label: "ada" },
  },
  {
    name: "stripe_key",
    key: "rk_test_51H8sAEIIDYVk59zbFF2Sxfyxxmua",
    asked: "https://api.stripe.com/v1/account",
    header: ["Authorization", "Bearer "],
    answer: {
      id: "acct_1032D82eZvKYlo2C",
      object: "account",
      settings: { dashboard: { display_name: "Engines" } },
    },
    account: { id: "acct_1032D82eZvKYlo2C", label: "Engines" },
  },
  {
    name: "vercel_key",
    key: "A1b2C3d4E5f6G7h8I9j0K1l2",
    asked: "https://api.vercel.com/v2/user",
    header: ["Authorization", "Bearer "],
    answer: { user: { id: "AEIIDYVk59zbFF2Sxfyxxmua", email: "ada@example.com", username: "ada" } },
    account: { id: "AEIIDYVk59zbFF2Sxfyxxmua", label: "ada" },
  },
];

for (const { name, key, asked, header: [header, before], version, answer, account } of DOCUMENTED) {
  Deno.test(`${name} is asked whose key it is as its documentation says`, async () => {
    const seen: Request[] = [];
    const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
      seen.push(new Request(input, init));
      return Promise.resolve(Response.json(answer));
    };
    const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
    const provider = keyModules.find((module) => module.name === name)!.create(settings);
    const credential = apiKeysOf(provider);
    assert(credential.pattern.test(key));
    assert(!credential.pattern.test(`${key}\n`) && !credential.pattern.test("short"));
    assertEquals(credential.header(key), { name: header!, value: before + key });
    assertEquals(await credential.verify(key), { kind: "known", account });
    const [request, ...others] = seen;
    assertEquals([request!.method, request!.url, others], ["GET", asked, []]);
    assertEquals(request!.headers.get(header!), before + key);
    if (version !== undefined) assertMatch(request!.headers.get(version[0])!, version[1]);
    assertEquals(provider.apiUrl("/x").host, new URL(asked).host);
  });
}

Deno.test("every entry is documented, tested here, and named in the README", async () => {
  const names = keyCatalogue.map(({ name }) => name);
  assertEquals(names, DOCUMENTED.map(({ name }) => name));
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, list = "", unread = ""] = /`KEY_SERVICES` names them: (.*?)\.(.*?)not verified/s
    .exec(readme) ?? [];
  const named = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assertEquals(named(list), names);
  assertEquals(
    named(unread),
    keyCatalogue.filter(({ verified }) => verified === "not verified").map(({ name }) => name),
  );
  for (const { docs, docsRead, keyPage } of keyCatalogue) {
    assert(docs.length > 0);
    assertMatch(docsRead, /^\d{4}-\d\d-\d\d$/);
    assertMatch(keyPage, /^https:/);
  }
  const entries = [...readme.matchAll(/```json\n(\[\{"name": "acme".*?)```/gs)].map(([, text]) =>
    text
  );
  const keys = entries.find((text) => text!.includes("api_key"))!;
  assertEquals(parseProviderSpecs(keys, []).map(({ name }) => name), ["acme"]);
});

async function configured(env: Record<string, string>): Promise<string[]> {
  const { modules, faults } = allModules("[]");
  const whole = { PUBLIC_URL: "http://localhost:1", ENCRYPTION_KEYS: newKeyLine("k"), ...env };
  return [...(await parseConfig(whole, knownProviders(modules), false, faults)).providers.keys()];
}

Deno.test("KEY_SERVICES sets up what it names, and nothing else does", async () => {
  assertEquals(await configured({ KEY_SERVICES: "sendgrid, notion_key" }), [
    "notion_key",
    "sendgrid",
  ]);
  const client = { SENDGRID_CLIENT_ID: "id", SENDGRID_CLIENT_SECRET: "s" };
  assertEquals(await configured(client), []);
});

Deno.test("KEY_SERVICES is refused where it names what is none, without a word of what may be a key", async () => {
  for (const [text, said] of [["github", '"github"'], ["SG.secret-key", "an entry"]] as const) {
    const { message } = await assertRejects(() => configured({ KEY_SERVICES: text }), ConfigError);
    assertStringIncludes(message, `KEY_SERVICES: ${said} is no service`);
    assertEquals(message.includes("secret-key"), false);
  }
});

const ENTRY = {
  name: "acme",
  credential: "api_key",
  key_page: "https://acme.example/keys",
  verify_endpoint: "https://acme.example/me",
};

Deno.test("an entry of PROVIDERS cannot send a key where it is read, or let it change a request", () => {
  const fault = (more: Record<string, unknown>) =>
    assertThrows(() => parseProviderSpecs(JSON.stringify([{ ...ENTRY, ...more }]), []), TypeError)
      .message;
  assertEquals(parseProviderSpecs(JSON.stringify([ENTRY]), []).length, 1);
  const wrong: [string, unknown][] = [
    ["verify_endpoint", "http://acme.example/me"],
    ["verify_endpoint", "https://user:pw@acme.example/me"],
    ["key_page", "javascript:alert(1)"],
    ["api_url", "http://acme.example"],
    ["key_header", "Host"],
    ["key_header", "Cookie"],
    ["key_header", "X-A\r\nB"],
    ["key_value", "Bearer"],
    ["key_value", "{key} {key}"],
    ["key_value", "Bearer {key}\r\nX-Evil: 1"],
    ["key_basic", "user"],
    ["key_pattern", "("],
    ["api_headers", { Authorization: "x" }],
    ["proxy_headers", ["*"]],
    ["credential", "client_credentials"],
  ];
  for (const [member, value] of wrong) {
    assertStringIncludes(fault({ [member]: value }), member, JSON.stringify(value));
  }
  fault({ key_value: "{key}", key_basic: "{key}:" });
  assertStringIncludes(fault({ secret_member: 1 }), "has a member that is unknown");
  assertEquals(fault({ secret_member: 1 }).includes("secret_member"), false);
});
