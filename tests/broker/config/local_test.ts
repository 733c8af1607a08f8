import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../../broker/config/config.ts";
import { parseLocalConfig } from "../../../broker/config/local.ts";
import { newKeyLine } from "../../../tasks/key.ts";

const KNOWN = [
  { name: "github", services: ["github"] },
  { name: "google", services: ["gmail", "calendar"] },
];
const KEYS = newKeyLine("k1");
const APP = { GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };

const parse = (env: Record<string, string>) => parseLocalConfig(env, KNOWN);

/** The variables that are said to be wrong. */
function faulty(env: Record<string, string>): string[] {
  const { faults } = assertThrows(() => parse(env), ConfigError);
  return faults.map((fault) => fault.split(":")[0]!);
}

Deno.test("parseLocalConfig() needs nothing", () => {
  const { publicUrl, subject, providers, tokens, vault } = parse({});
  assertEquals([publicUrl, subject], ["http://localhost:8000", "local:me"]);
  assertEquals([providers.size, tokens.size, vault], [0, 0, undefined]);
});

Deno.test("parseLocalConfig() sets up a provider for a token alone, without a client id", () => {
  const { providers, tokens } = parse({ GITHUB_TOKEN: "t", GOOGLE_TOKEN: "" });
  assertEquals([...tokens], [["github", "t"]]);
  const addresses = { baseUrl: undefined, apiUrl: undefined };
  assertEquals([...providers], [["github", { clientId: "", clientSecret: "", ...addresses }]]);
});

Deno.test("parseLocalConfig() sends a token where API_URL says, without slashes at its end", () => {
  const { providers } = parse({
    GITHUB_TOKEN: "t",
    GITHUB_BASE_URL: "https://git.example.com/",
    GITHUB_API_URL: "https://git.example.com/api/v3//",
  });
  const { baseUrl, apiUrl } = providers.get("github")!;
  assertEquals([baseUrl, apiUrl], ["https://git.example.com", "https://git.example.com/api/v3"]);
});

Deno.test("parseLocalConfig() uses a client id only where there is a vault", () => {
  assertEquals(parse(APP).providers.size, 0);
  const { providers, vault } = parse({ ...APP, ENCRYPTION_KEYS: KEYS, KV_PATH: "/x/kv" });
  assertEquals(providers.get("github")?.clientId, "id");
  assertEquals(vault?.kvPath, "/x/kv");
  assertEquals(vault?.encryptionKeys.map(({ id }) => id), ["k1"]);
});

Deno.test("parseLocalConfig() takes a token and a client id together", () => {
  const env = { ...APP, GITHUB_TOKEN: "t", GITHUB_API_URL: "https://git.example.com/api/" };
  const both = parse({ ...env, ENCRYPTION_KEYS: KEYS });
  const { clientId, apiUrl } = both.providers.get("github")!;
  assertEquals([clientId, apiUrl], ["id", "https://git.example.com/api"]);
  assertEquals(both.tokens.get("github"), "t");
  // Without a vault the token is all there is.
  assertEquals(parse(env).providers.get("github")?.clientId, "");
});

Deno.test("parseLocalConfig() says which variable is wrong, each once", () => {
  assertEquals(faulty({ PUBLIC_URL: "http://switchboard.example.com" }), ["PUBLIC_URL"]);
  assertEquals(faulty({ PUBLIC_URL: "https://example.com/path" }), ["PUBLIC_URL"]);
  assertEquals(faulty({ SUBJECT: "me" }), ["SUBJECT"]);
  assertEquals(faulty({ ENCRYPTION_KEYS: "k1:short" }), ["ENCRYPTION_KEYS"]);
  assertEquals(faulty({ GITHUB_TOKEN: "t", GITHUB_API_URL: "ftp://x" }), ["GITHUB_API_URL"]);
  const both = { GITHUB_TOKEN: "t", GITHUB_API_URL: "ftp://x", ENCRYPTION_KEYS: KEYS };
  assertEquals(faulty(both), ["GITHUB_API_URL"]);
});

Deno.test("parseLocalConfig() tells every fault at once", () => {
  const env = {
    PUBLIC_URL: "nowhere",
    SUBJECT: "me",
    ENCRYPTION_KEYS: KEYS,
    GITHUB_CLIENT_ID: "id",
    GOOGLE_TOKEN: "t",
    GOOGLE_BASE_URL: "ftp://x",
  };
  assertEquals(faulty(env).sort(), [
    "GITHUB_CLIENT_SECRET",
    "GOOGLE_BASE_URL",
    "PUBLIC_URL",
    "SUBJECT",
  ]);
});

Deno.test("parseLocalConfig() never repeats what may be a secret", () => {
  const env = { ENCRYPTION_KEYS: "hunter2", PUBLIC_URL: "http://me:hunter2@x", SUBJECT: "hunter2" };
  const { message } = assertThrows(() => parse(env), ConfigError);
  assertStringIncludes(message, "3 fault(s)");
  assertEquals(message.includes("hunter2"), false, message);
});
