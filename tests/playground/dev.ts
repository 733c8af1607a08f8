/**
 * `deno task dev`: the gateway on this machine, with emulated providers where
 * no real ones are configured. Nothing to make up, no account needed.
 *
 * @module
 */

import { parse } from "dotenv";
import { isLoopback } from "../../broker/core/addresses.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { isOnDeploy } from "../../broker/config/config.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { emulatedProviders, PERSON, startEmulator } from "../support/emulators.ts";

/** Everybody knows it, from the README: for a playground that nobody else reaches. */
const KNOWN_KEY = "dev-voice-key";
const USER_ID = "user_123";

/** Settings from `.env`; what the shell sets wins. */
async function loadDotEnv(): Promise<void> {
  let text: string;
  try {
    text = await Deno.readTextFile(".env");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const [name, value] of Object.entries(parse(text))) {
    if (value && !Deno.env.get(name)) Deno.env.set(name, value);
  }
}

/** Known keys and emulated sign-in must never face the internet. */
function refuseWhereDeployed(): void {
  const signs = ["DENO_REGION", "KUBERNETES_SERVICE_HOST"];
  const onDeploy = isOnDeploy(Deno.env.toObject()) ? "this is Deno Deploy" : undefined;
  const sign = onDeploy ?? signs.find((name) => Deno.env.has(name));
  const publicUrl = Deno.env.get("PUBLIC_URL");
  const outside = publicUrl && URL.canParse(publicUrl) && !isLoopback(new URL(publicUrl).hostname);
  if (sign === undefined && !outside) return;
  // Not quoted: there may be a password in it.
  const why = sign === undefined ? "PUBLIC_URL is another machine's" : onDeploy ?? `${sign} is set`;
  console.error(
    `Cannot start the playground: this looks like a deployment (${why}).\n` +
      "It has a well-known API key and lets anybody sign in. Use `deno task start` here.",
  );
  Deno.exit(1);
}

/** Whether others reach the playground: through a tunnel, or on their network. */
function isShared(): boolean {
  const names = (Deno.env.get("ALLOWED_HOSTS") ?? "").split(",").map((name) => name.trim());
  const host = Deno.env.get("HOST") || "127.0.0.1";
  const addresses = [...names.filter(Boolean), host.includes(":") ? `[${host}]` : host];
  return !addresses.every(isLoopback);
}

/**
 * The key of the app "voice". Where others reach the playground it is a new one
 * of this run, and nobody signs in who is not named: behind it may be the real
 * accounts of whoever has set up a provider.
 */
function ensureApiKey(isShared: boolean): string {
  const key = isShared ? `sb_${randomSecret()}` : KNOWN_KEY;
  const keys = Deno.env.get("API_KEYS");
  if (isShared && keys?.toLowerCase().includes(digestHex(KNOWN_KEY))) {
    console.error(
      "Cannot start the playground: API_KEYS holds the well-known key, and ALLOWED_HOSTS or HOST " +
        "lets others in.\nTake it out; this task makes a new key for each run.",
    );
    Deno.exit(1);
  }
  if (!keys) Deno.env.set("API_KEYS", `voice:sha256:${digestHex(key)}`);
  // The emulated providers ask no password.
  if (!isShared && !Deno.env.get("SIGN_IN_ALLOW")) Deno.env.set("SIGN_IN_ALLOW", "*");
  if (!isShared && !Deno.env.get("OPERATORS")) {
    Deno.env.set("OPERATORS", `github:${PERSON.email}`);
  }
  return key;
}

/** A key ring of its own, kept, so that a restart opens what it sealed. */
async function ensureKeyRing(dataDir: string): Promise<void> {
  if (Deno.env.get("ENCRYPTION_KEYS")) return;
  await Deno.mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = `${dataDir}/encryption_keys`;
  try {
    await Deno.writeTextFile(path, newKeyLine("dev"), { createNew: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  if (Deno.build.os !== "windows") await Deno.chmod(path, 0o600);
  Deno.env.set("ENCRYPTION_KEYS", (await Deno.readTextFile(path)).trim());
}

/** Starts an emulator for every provider without a client id; returns their names. */
async function emulateTheRest(): Promise<string[]> {
  const emulated: string[] = [];
  for (const provider of emulatedProviders) {
    const prefix = provider.toUpperCase();
    if (Deno.env.get(`${prefix}_CLIENT_ID`)) continue;
    const client = {
      clientId: `playground-${provider}`,
      clientSecret: "playground",
      redirectUri: `${Deno.env.get("PUBLIC_URL")}/callback/${provider}`,
    };
    const { url } = await startEmulator(provider, undefined, client);
    Deno.env.set(`${prefix}_CLIENT_ID`, client.clientId);
    Deno.env.set(`${prefix}_CLIENT_SECRET`, client.clientSecret);
    Deno.env.set(`${prefix}_BASE_URL`, url);
    emulated.push(`${provider} (${url})`);
  }
  return emulated;
}

async function connectLink(base: string, apiKey: string, service: string): Promise<string> {
  const response = await fetch(`${base}/links`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${apiKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({ user_id: USER_ID, service }),
  });
  const { url } = await response.json();
  return url;
}

async function printWelcome(base: string, apiKey: string, emulated: string[]): Promise<void> {
  const call = JSON.stringify({
    jsonrpc: "2.0",
    method: "tools/call",
    params: {
      name: "create_issue",
      arguments: {
        repo: `${PERSON.login}/hello-world`,
        title: "Email parser broken",
        body: "Reported via voice",
      },
    },
    id: 1,
  });
  console.log(`
Switchboard is running at ${base}
Emulated: ${emulated.join(", ") || "nothing"}
${
    apiKey === KNOWN_KEY ? "" : `
Others reach it, by ALLOWED_HOSTS or HOST: the API key of this run is ${apiKey},
and only those sign in whom SIGN_IN_ALLOW names.
`
  }
1. Click to connect, as the user ${USER_ID} of the app "voice" (each link works once, for 10 minutes),
   and sign in as ${PERSON.login} or ${PERSON.email}:

   GitHub  ${await connectLink(base, apiKey, "github")}
   Google  ${await connectLink(base, apiKey, "google")}
   Asana   ${await connectLink(base, apiKey, "asana")}
   Slack   ${await connectLink(base, apiKey, "slack")}
   Linear  ${await connectLink(base, apiKey, "linear")}

2. Paste, to create an issue the way a voice app does:

   curl -s ${base}/mcp \\
     -H 'Authorization: Bearer ${apiKey}' -H 'X-User-Id: ${USER_ID}' \\
     -H 'Content-Type: application/json' \\
     -d '${call}'

3. Open ${base}/ to sign in yourself, or paste ${base}/mcp into an MCP client
   (Streamable HTTP; HTTP+SSE is not served). octocat runs it all: ${base}/console

Before GitHub is connected, the answer is a link that connects it. Ctrl+C stops everything.
`);
}

await loadDotEnv();
refuseWhereDeployed();
const dataDir = Deno.env.get("DATA_DIR") || ".data";
const port = Deno.env.get("PORT") || "8000";
const base = `http://localhost:${port}`;
await ensureKeyRing(dataDir);
Deno.env.set("PUBLIC_URL", Deno.env.get("PUBLIC_URL") || base);
const apiKey = ensureApiKey(isShared());
const emulated = await emulateTheRest();
await import("../../main.ts");
await printWelcome(base, apiKey, emulated);
