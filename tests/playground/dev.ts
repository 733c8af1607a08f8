/**
 * `deno task dev`: the gateway on this machine, with emulated providers where
 * no real ones are configured. Nothing to make up, no account needed.
 *
 * @module
 */

import { parse } from "dotenv";
import { isLoopback } from "../../broker/core/addresses.ts";
import { isOnDeploy } from "../../broker/config/config.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { emulatedProviders, PERSON, startEmulator } from "../support/emulators.ts";

const API_KEY = "dev-voice-key";
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
  const why = sign === undefined ? `PUBLIC_URL is ${publicUrl}` : onDeploy ?? `${sign} is set`;
  console.error(
    `Cannot start the playground: this looks like a deployment (${why}).\n` +
      "It has a well-known API key and lets anybody sign in. Use `deno task start` here.",
  );
  Deno.exit(1);
}

/** A key ring of its own, kept, so that a restart opens what it sealed. */
async function ensureKeyRing(dataDir: string): Promise<void> {
  if (Deno.env.get("ENCRYPTION_KEYS")) return;
  await Deno.mkdir(dataDir, { recursive: true });
  const path = `${dataDir}/encryption_keys`;
  try {
    await Deno.writeTextFile(path, newKeyLine("dev"), { createNew: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
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

async function connectLink(base: string, service: string): Promise<string> {
  const response = await fetch(`${base}/links`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${API_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ user_id: USER_ID, service }),
  });
  const { url } = await response.json();
  return url;
}

async function printWelcome(base: string, emulated: string[]): Promise<void> {
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

1. Click to connect, as the user ${USER_ID} of the app "voice" (each link works once, for 10 minutes),
   and sign in as ${PERSON.login} or ${PERSON.email}:

   GitHub  ${await connectLink(base, "github")}
   Google  ${await connectLink(base, "google")}
   Asana   ${await connectLink(base, "asana")}
   Slack   ${await connectLink(base, "slack")}
   Linear  ${await connectLink(base, "linear")}

2. Paste, to create an issue the way a voice app does:

   curl -s ${base}/mcp/sse \\
     -H 'Authorization: Bearer ${API_KEY}' -H 'X-User-Id: ${USER_ID}' \\
     -H 'Content-Type: application/json' \\
     -d '${call}'

3. Open ${base}/ to sign in yourself, or paste ${base}/mcp into an MCP client.

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
Deno.env.set("API_KEYS", Deno.env.get("API_KEYS") || `voice:sha256:${digestHex(API_KEY)}`);
// Whoever reaches this loopback address may sign in; the emulated providers ask no password.
Deno.env.set("SIGN_IN_ALLOW", Deno.env.get("SIGN_IN_ALLOW") || "*");
const emulated = await emulateTheRest();
await import("../../main.ts");
await printWelcome(base, emulated);
