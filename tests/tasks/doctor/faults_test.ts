/**
 * Faults that operators make, each put in on purpose, and found in words that
 * lead to its cure; and a deployment without a fault, in which none is found.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { digestHex, newKeyLine } from "../../../tasks/key.ts";
import { type Examination, examine } from "../../../tasks/doctor/examine.ts";
import { type Finding, isWell } from "../../../tasks/doctor/finding.ts";
import { mountFindings } from "../../../tasks/doctor/disk.ts";
import { clockFinding } from "../../../tasks/doctor/clock.ts";
import { networkFaultOf } from "../../../broker/core/network_fault.ts";
import { API_KEY } from "../../support/gateway.ts";
import { freePort } from "../../support/free_port.ts";
import { type Deployment, KEY, startDeployment, WAYS } from "./deployment.ts";

const DIGEST = digestHex(API_KEY);
const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
const notes = `${folder}/notes.txt`;
await Deno.writeTextFile(notes, "These are notes, and no database. ".repeat(50));
const another = `${folder}/another.sqlite`;
const otherKeys = `${folder}/keys`;
await Deno.writeTextFile(otherKeys, newKeyLine("k1"));
{
  const db = new DatabaseSync(another);
  db.exec("CREATE TABLE notes (text)");
  db.close();
}
const dead = `http://127.0.0.1:${freePort()}`;
const html = () => new Response("<h1>Hello", { headers: { "Content-Type": "text/html" } });

/** Set beside a well configured environment; empty: not set. */
type Env = Record<string, string>;

interface Row {
  name: string;
  env?: Env | ((deployment: Deployment) => Env);
  bends?: Deployment["bends"];
  how?: Examination;
  what: string;
  found: string;
  cure?: string;
  /** @default "fault" */
  state?: Finding["state"];
  /** It has many signs, and is told once. */
  once?: boolean;
}

/** What shows in the environment alone. */
const OFFLINE: Row[] = [
  ...([
    ["no PUBLIC_URL", { PUBLIC_URL: "" }, "PUBLIC_URL: is not set"],
    ["a host alone as PUBLIC_URL", { PUBLIC_URL: "mine.org" }, "it begins with https://"],
    ["http as PUBLIC_URL", { PUBLIC_URL: "http://mine.org" }, "PUBLIC_URL: must be https"],
    ["a path in PUBLIC_URL", { PUBLIC_URL: "https://mine.org/mcp" }, "must have no path"],
    ["quotes around PUBLIC_URL", { PUBLIC_URL: '"https://mine.org"' }, "PUBLIC_URL: has quotes"],
    ["a port that is none", { PORT: "8000x" }, "PORT: must be a port number"],
    ["an API key in the place of its line", { API_KEYS: API_KEY }, "API_KEYS: an entry is not"],
    ["half a client", { GITHUB_CLIENT_SECRET: "" }, "GITHUB_CLIENT_SECRET: is not set"],
    [
      "half a client, the other half misspelt",
      { GITHUB_CLIENT_SECRET: "", GITHUB_CLIENT_SECRT: "x" },
      "GITHUB_CLIENT_SECRT is set: was it meant?",
    ],
    ["quotes around a client id", { GITHUB_CLIENT_ID: "'x'" }, "GITHUB_CLIENT_ID: has quotes"],
    [
      "id and secret swapped",
      {
        GOOGLE_BASE_URL: "",
        GOOGLE_CLIENT_ID: "GOCSPX-abc",
        GOOGLE_CLIENT_SECRET: "1.apps.googleusercontent.com",
      },
      "they are swapped",
    ],
    ["a key of zeros", { ENCRYPTION_KEYS: `k1:${"A".repeat(43)}` }, "is no secret"],
    ["a key that is cut off", { ENCRYPTION_KEYS: KEY.slice(0, -2) }, "entry 1 is not <id>:<32"],
    [
      "a file of keys that is not there",
      { ENCRYPTION_KEYS: "", ENCRYPTION_KEYS_FILE: `${folder}/none` },
      "is the secret mounted",
    ],
    [
      "a folder in the place of the file of keys",
      { ENCRYPTION_KEYS: "", ENCRYPTION_KEYS_FILE: folder },
      "It is a folder: name the file in it",
    ],
    ["an operator of nobody's provider", { OPERATORS: "gogle:me@mine.org" }, 'mean "google"'],
    [
      "an MCP server with an unknown provider",
      { UPSTREAMS: '[{"name":"n","url":"https://n.mine.org/mcp","provider":"gihub"}]' },
      'did you mean "github"?',
    ],
    ["a service by key that is unknown", { KEY_SERVICES: "sendgird" }, 'did you mean "sendgrid"?'],
    ["a host with a port in ALLOWED_HOSTS", { ALLOWED_HOSTS: "x:80" }, "without scheme and port"],
    ["a domain in SIGN_IN_ALLOW", { SIGN_IN_ALLOW: "mine.org" }, "*@domain, or *"],
    ["a host with a * as PUBLIC_URL", { PUBLIC_URL: "https://*.mine.org" }, "the name of one host"],
    ["a variable in PUBLIC_URL", { PUBLIC_URL: "https://${HOST}" }, "which nobody puts in"],
    ["two addresses as PUBLIC_URL", { PUBLIC_URL: "https://a.org,https://b.org" }, "one URL"],
    [
      "PUBLIC_URL by a misspelt name",
      { PUBLIC_URL: "", PUBLC_URL: "https://mine.org" },
      "PUBLIC_URL: is not set. PUBLC_URL is set: was it meant?",
    ],
    [
      "a file with the line ends of Windows",
      { PORT: "8000\r", HOST: "127.0.0.1\r" },
      "HOST and 1 more: the value ends in a carriage return",
    ],
    ["a key in hex", { ENCRYPTION_KEYS: `k1:${"0f".repeat(32)}` }, "it is in hex"],
    ["a key in base64", { ENCRYPTION_KEYS: `k1:+${"a/".repeat(21)}=` }, "with - for + and _ for /"],
    ["a key without an id", { ENCRYPTION_KEYS: KEY.slice(3) }, "an id comes first"],
    ["a short key", { ENCRYPTION_KEYS: "k1:c2hvcnQ" }, "has 7 characters in the place of 43"],
    ["keys with ; between", { ENCRYPTION_KEYS: `${KEY};k2:x` }, "with commas between them"],
    ["a key in the place of its digest", { API_KEYS: `voice:${API_KEY}` }, "be the key itself"],
    ["a digest without a name", { API_KEYS: `sha256:${DIGEST}` }, "a name comes first"],
    ["a digest that is cut off", { API_KEYS: `v:sha256:${DIGEST.slice(3)}` }, "has 61 digits"],
    ["the example's line of a key", { API_KEYS: "voice:sha256:<64 hex digits>" }, "the example's"],
    ["addresses with spaces between", { SIGN_IN_ALLOW: "a@b.org c@d.org" }, "commas between them"],
    ["return addresses with spaces", { RETURN_URLS: "https://a.org/ https://b.org/" }, "commas"],
    ["JSON that is cut off", { UPSTREAMS: "[" }, "it ends in the middle. In .env"],
    ["JSON in single quotes", { UPSTREAMS: "[{'name':'n'}]" }, "stand in single quotes"],
    ["JSON with a comma too much", { EVENTS: '{"voice":{},}' }, "before a closing bracket"],
    ["a desktop client's settings", { UPSTREAMS: '{"mcpServers":{}}' }, 'each of "mcpServers"'],
    ["a server misspelt", { UPSTREAMS: "notion-mcp" }, 'did you mean "notion_mcp"?'],
    ["another kind of database", { KV_PATH: "postgres://u:MARK@db/x" }, "URL of another kind"],
    ["a switch that is none", { MCP_CLIENT_DOCUMENTS: "no" }, "must be on or off"],
  ] as [string, Env, string][]).map(([name, env, found]) => ({
    ...{ name, env, found, what: "configuration" },
  })),
  {
    name: "a key limited to a service that is none",
    env: { API_KEYS: `voice:sha256:${DIGEST}:gihub` },
    what: "settings",
    found: 'API_KEYS voice is limited to "gihub"',
    cure: 'Did you mean "github"?',
  },
  {
    name: "a variable that is misspelt",
    env: { SIGNIN_ALLOW: "me@mine.org" },
    what: "settings",
    found: "SIGNIN_ALLOW is read by nobody",
    cure: "Set SIGN_IN_ALLOW",
  },
  {
    name: "nobody who may call",
    env: { API_KEYS: "", OPERATORS: "" },
    what: "settings",
    found: "nobody may call",
    cure: "deno task key voice",
  },
  {
    name: "keys and a file of keys that differ",
    env: { ENCRYPTION_KEYS_FILE: otherKeys },
    what: "settings",
    found: "ENCRYPTION_KEYS_FILE names a file with other keys",
    cure: "Leave out the one that is not meant",
  },
  {
    name: "another port with each start",
    env: { PORT: "0" },
    what: "settings",
    found: "PORT is 0",
    cure: "Set the port that PUBLIC_URL",
  },
  {
    name: "a proxy that is not named",
    env: { PUBLIC_URL: "https://mine.org" },
    what: "settings",
    state: "note",
    found: "TRUSTED_PROXIES is not set",
    cure: "Set the proxy's address",
  },
  {
    name: "a database that is not there",
    env: { KV_PATH: `${folder}/none/kv.sqlite` },
    what: "database",
    found: "is not there",
    cure: "Start the gateway once",
  },
  {
    name: "a database that is none",
    env: { KV_PATH: notes },
    what: "database",
    found: `${notes} (KV_PATH, or DATA_DIR) is a file, and no SQLite database`,
    cure: "Name another file",
  },
  {
    name: "another program's database, which is left as it is",
    env: { KV_PATH: another },
    what: "database",
    found: `${await Deno.realPath(folder)}/another.sqlite is a database of another program`,
    cure: "a file of its own",
  },
  {
    name: "a folder in the place of the database",
    env: { KV_PATH: folder },
    what: "database",
    found: "is a folder, and KV_PATH names a file",
    cure: "set DATA_DIR to the folder",
  },
  {
    name: "a key that is not that of the data",
    env: { ENCRYPTION_KEYS: newKeyLine("k2") },
    what: "keys",
    found: "k1, which sealed",
    cure: "Put k1 back",
  },
  {
    name: "another key by the same id",
    env: { ENCRYPTION_KEYS: newKeyLine("k1") },
    what: "keys",
    found: "is another key by the same id",
    cure: "Put k1 back",
  },
];

const bent = (path: string, answer: () => Response | Promise<Response>): Deployment["bends"] => ({
  provider: (request) => new URL(request.url).pathname === path ? answer() : undefined,
});
const atProxy = (path: string, answer: () => Response): Deployment["bends"] => ({
  proxy: (request) => new URL(request.url).pathname === path ? answer() : undefined,
});
const GOOGLE_TOKEN = "/oauth2/token";
const GITHUB_TOKEN = "/login/oauth/access_token";
const upstream = (url: string, more = {}): Env => ({
  UPSTREAMS: JSON.stringify([{ name: "other", url, ...more }]),
});

/** What others have to be asked for. */
const ONLINE: Row[] = [
  {
    name: "a wrong secret, in Google's words",
    env: { GOOGLE_CLIENT_SECRET: "another" },
    what: "clients",
    found: "google: does not take GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET (invalid_client)",
    cure: "Copy both anew, from https://console.cloud.google.com/apis/credentials",
  },
  {
    name: "a wrong secret, in GitHub's words, with status 200",
    env: { GITHUB_CLIENT_SECRET: "another" },
    what: "clients",
    found: "github: does not take GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET (invalid_client)",
    cure: "Copy both anew",
  },
  {
    name: "a client that may not exchange codes",
    bends: bent(
      GOOGLE_TOKEN,
      () => Response.json({ error: "unauthorized_client" }, { status: 400 }),
    ),
    what: "clients",
    found: "does not let it exchange codes (unauthorized_client)",
    cure: "authorization code grant",
  },
  {
    name: "a redirect URI of another host, told at GitHub's token endpoint",
    bends: bent(GITHUB_TOKEN, () => Response.json({ error: "redirect_uri_mismatch" })),
    what: "redirect URIs",
    found: "/callback/github is not registered there, but another one",
    cure: "Register exactly that, at https://github.com/settings/developers",
  },
  {
    name: "a redirect URI of another host, told on Google's page",
    bends: bent(
      "/o/oauth2/v2/auth",
      () => new Response("<p>Error 400: redirect_uri_mismatch", { status: 400 }),
    ),
    what: "redirect URIs",
    found: "/callback/google is not registered there",
    cure: "Register exactly that",
  },
  {
    name: "a redirect URI of another host, told in a redirect of Google's",
    bends: bent("/o/oauth2/v2/auth", () => {
      const authError = btoa("\x0a\x15redirect_uri_mismatch\x12 You can't sign in");
      const to = `https://accounts.example/signin/oauth/error?authError=${authError}`;
      return new Response(null, { status: 302, headers: { Location: to } });
    }),
    what: "redirect URIs",
    found: "/callback/google is not registered there",
  },
  {
    name: "a client id that the provider's page does not know",
    bends: bent(
      "/o/oauth2/v2/auth",
      () => new Response("<p>Error 401: invalid_client", { status: 401 }),
    ),
    what: "redirect URIs",
    found: "google: its page does not know the client id",
    cure: "Copy the client id anew",
  },
  {
    name: "scopes that the app may not ask for",
    bends: {
      provider(request) {
        const { pathname, searchParams } = new URL(request.url);
        if (pathname !== "/o/oauth2/v2/auth") return undefined;
        const to = `${searchParams.get("redirect_uri")}?error=invalid_scope`;
        return new Response(null, { status: 302, headers: { Location: to } });
      },
    },
    what: "redirect URIs",
    found: "the scopes that are asked for are not",
    cure: "Allow them in the app",
  },
  {
    name: "a provider that tells nothing",
    bends: bent(GOOGLE_TOKEN, () => Response.json({ error: "invalid_grant" }, { status: 400 })),
    what: "clients",
    state: "note",
    found: "answers invalid_grant to a made-up code, whatever the secret is",
  },
  {
    name: "a provider that has a bad moment",
    bends: bent(GOOGLE_TOKEN, () => new Response("busy", { status: 503 })),
    what: "clients",
    state: "note",
    found: "google: cannot be tried now (unusable answer with status 503)",
  },
  {
    name: "nobody at a provider's address",
    env: { GOOGLE_BASE_URL: dead },
    what: "clients",
    found: `google: ${dead} takes no connection: nobody listens there`,
    cure: "Compare GOOGLE_BASE_URL",
  },
  {
    name: "nobody at a provider's API",
    env: { GOOGLE_API_URL: dead },
    what: "settings",
    found: "GOOGLE_API_URL leads nowhere",
  },
  {
    name: "a provider's host that DNS does not know",
    env: { GOOGLE_BASE_URL: "https://google.invalid" },
    what: "clients",
    found: "has a host name that nobody knows (DNS)",
    cure: "letter by letter",
  },
  {
    name: "a path at the end of a provider's address",
    env: ({ provider }) => ({ GITHUB_BASE_URL: `${provider}/login` }),
    what: "clients",
    found: "issues no tokens there (status 404)",
    cure: "most want scheme and host alone, without a path",
  },
  {
    name: "https at a port that speaks http",
    env: ({ provider }) => ({ GITHUB_BASE_URL: provider.replace("http:", "https:") }),
    what: "clients",
    found: "github: https://127.0.0.1",
    cure: "https is for a port that speaks TLS",
  },
  {
    name: "an MCP server that is not there",
    env: upstream(`${dead}/mcp`),
    what: "MCP servers",
    found: `other: ${dead} takes no connection`,
    cure: "Start what should listen",
  },
  {
    name: "a page in the place of an MCP server",
    env: ({ provider }) => upstream(`${provider}/page`),
    bends: bent("/page", html),
    what: "MCP servers",
    found: "other: what answers is no MCP server (status 200)",
    cure: "Compare its address with its vendor's page",
  },
  {
    name: "an MCP server's host without its path",
    env: ({ mcp }) => upstream(new URL("/elsewhere", mcp.url).href),
    what: "MCP servers",
    found: "other: nothing is at that path (status 404)",
    cure: "/mcp: set that as its url in UPSTREAMS",
    once: true,
  },
  {
    name: "an MCP server of the old transport",
    env: ({ provider }) => upstream(`${provider}/sse`),
    bends: {
      provider: ({ url, method }) =>
        !url.endsWith("/sse")
          ? undefined
          : method === "POST"
          ? new Response("no", { status: 405 })
          : new Response("event: endpoint\n\n", {
            headers: { "Content-Type": "text/event-stream" },
          }),
    },
    what: "MCP servers",
    found: "other: speaks the old transport alone",
    cure: "Streamable HTTP, mostly /mcp",
    once: true,
  },
  {
    name: "JSON that is no MCP",
    env: ({ provider }) => upstream(`${provider}/page`),
    bends: bent("/page", () => Response.json({ hello: 1 })),
    what: "MCP servers",
    found: "other: what answers is no MCP server",
    once: true,
  },
  {
    name: "an MCP server that has moved",
    env: ({ provider }) => upstream(`${provider}/page`),
    bends: bent("/page", () => {
      const headers = { Location: "https://new.mine.org/mcp" };
      return new Response(null, { status: 301, headers });
    }),
    what: "MCP servers",
    found: "other: leads on to https://new.mine.org (status 301)",
    once: true,
  },
  {
    name: "a local MCP server that is in no folder of PATH",
    env: { UPSTREAMS: '[{"name":"here","command":"none-such-at-all","trust":"same_user"}]' },
    what: "MCP servers",
    found: "here: its command is in no folder of PATH",
    cure: "Install it",
    once: true,
  },
  {
    name: "a page in the place of an MCP server that nobody connects",
    env: ({ provider }) => upstream(`${provider}/page`, { oauth: false }),
    bends: bent("/page", html),
    what: "MCP servers",
    found: "other: what answers is no MCP server (status 200)",
    cure: "the path counts, mostly /mcp",
  },
  {
    name: "an MCP server that does not take the operator's key",
    env: ({ provider }) => upstream(`${provider}/page`, { headers: { Authorization: "Bearer x" } }),
    bends: bent("/page", () => new Response(null, { status: 401 })),
    what: "MCP servers",
    found: "other: does not take the headers that are set for it (status 401)",
    cure: 'Correct "headers" in UPSTREAMS',
  },
  {
    name: "an MCP server that asks, and names no authorization server",
    env: ({ provider }) => upstream(`${provider}/page`),
    bends: bent("/page", () => new Response(null, { status: 401 })),
    what: "MCP servers",
    found: "nobody can connect it: it names no authorization server",
    cure: "where it takes a static key",
  },
  {
    name: "a local MCP server that is not installed",
    env: {
      UPSTREAMS: '[{"name":"here","command":"/usr/bin/none-such","trust":"same_user"}]',
    },
    what: "MCP servers",
    found: "here: its command is no file of this machine",
    cure: "Compare the path",
  },
  {
    name: "a gateway that is not started",
    env: { PUBLIC_URL: dead },
    what: "public URL",
    state: "note",
    found: "nobody listens there",
    cure: "Start what should listen",
  },
  {
    name: "a public host that DNS does not know",
    env: { PUBLIC_URL: "https://switchboard.invalid" },
    what: "public URL",
    found: "has a host name that nobody knows (DNS)",
  },
  {
    name: "something else at the public URL",
    bends: { proxy: html },
    what: "public URL",
    found: "is answered by something else",
    cure: "Compare PUBLIC_URL with the host, path and port",
  },
  {
    name: "a proxy with nobody behind it",
    bends: { proxy: () => new Response("Bad gateway", { status: 502 }) },
    what: "public URL",
    found: "the proxy in front reaches nobody behind it",
    cure: "compare its PORT",
  },
  {
    name: "a public URL that leads on",
    bends: {
      proxy: () =>
        new Response(null, { status: 301, headers: { Location: "https://www.mine.org/" } }),
    },
    what: "public URL",
    found: "leads on to https://www.mine.org",
    cure: "Set PUBLIC_URL to where it leads",
  },
  {
    name: "a proxy that puts in its own Host, where /health alone is answered",
    bends: {
      proxy: (request) =>
        request.url.endsWith("/health")
          ? undefined
          : Response.json({ error: "forbidden_host" }, { status: 403 }),
    },
    what: "public URL",
    found: "the proxy in front puts in another Host",
    cure: "ALLOWED_HOSTS",
    once: true,
  },
  {
    name: "a proxy that keeps /.well-known/ for itself",
    bends: {
      proxy: (request) =>
        request.url.includes("/.well-known/") ? new Response("", { status: 404 }) : undefined,
    },
    what: "public URL",
    found: "/.well-known/oauth-authorization-server is not there (status 404)",
    cure: "/.well-known/ too",
  },
  {
    name: "a gateway with another PUBLIC_URL",
    bends: atProxy(
      "/.well-known/oauth-protected-resource/mcp",
      () => Response.json({ resource: "https://old.mine.org/mcp" }),
    ),
    what: "public URL",
    found: "has resource https://old.mine.org, and clients compare it with",
    cure: "Set PUBLIC_URL of the gateway",
  },
  {
    name: "a proxy that takes WWW-Authenticate away",
    bends: {
      after(answer) {
        const headers = new Headers(answer.headers);
        headers.delete("WWW-Authenticate");
        return new Response(answer.body, { status: answer.status, headers });
      },
    },
    what: "public URL",
    found: "no WWW-Authenticate arrives",
    cure: "pass WWW-Authenticate on",
  },
  {
    name: "a login page before the MCP endpoint",
    bends: atProxy("/mcp", html),
    what: "public URL",
    found: "/mcp answers somebody unknown with 200",
    cure: "a login page of its own",
  },
  ...([
    [
      "a password",
      401,
      { "WWW-Authenticate": "Basic realm=x" },
      "asks for a password",
      "cannot pass",
    ],
    [
      "a login page",
      302,
      { Location: "https://id.mine.org/oauth2/start" },
      "a login page of",
      "pass",
    ],
    ["a challenge", 403, { "CF-Mitigated": "challenge" }, "is kept by Cloudflare", "skips bot"],
  ] as [string, number, Record<string, string>, string, string][]).map((
    [name, status, headers, found, cure],
  ): Row => ({
    ...{ name: `${name} before all of it`, what: "public URL", found, cure, once: true },
    bends: { proxy: () => new Response("<p>", { status, headers }) },
  })),
  {
    name: "a proxy that takes GET alone",
    bends: {
      proxy: ({ method }) => method === "GET" ? undefined : new Response("no", { status: 405 }),
    },
    how: { key: API_KEY },
    what: "public URL",
    found: "/mcp answers somebody unknown with 405",
    cure: "pass POST on",
    once: true,
  },
  {
    name: "a proxy that passes on /mcp and what MCP reads, and nothing else",
    bends: {
      proxy: (request) =>
        /\/oauth\/token$/.test(request.url) ? new Response("no", { status: 404 }) : undefined,
    },
    what: "public URL",
    found: "POST /oauth/token does not arrive (status 404): MCP clients cannot sign in",
    cure: "all paths, methods",
    once: true,
  },
  {
    name: "a proxy with pages of its own for refusals",
    bends: {
      after: (answer) =>
        answer.status === 401
          ? new Response("<h1>401", { status: 401, headers: answer.headers })
          : answer,
    },
    what: "public URL",
    found: "pages of its own in the place of the program's refusals",
    cure: "proxy_intercept_errors",
    once: true,
  },
  {
    name: "a cache before all of it",
    bends: {
      after(answer) {
        const headers = new Headers(answer.headers);
        headers.set("Age", "60");
        return new Response(answer.body, { status: answer.status, headers });
      },
    },
    what: "public URL",
    found: "/health comes out of a cache",
    cure: "no-store",
    once: true,
  },
  {
    name: "metadata that are old, out of a cache",
    bends: atProxy(
      "/.well-known/oauth-authorization-server",
      () => Response.json({ issuer: "https://old.mine.org" }, { headers: { Age: "9" } }),
    ),
    what: "public URL",
    found: "has issuer https://old.mine.org",
    cure: "empty that",
    once: true,
  },
  {
    name: "a proxy that takes short bodies alone",
    bends: {
      async proxy(request) {
        const isLong = Number(request.headers.get("Content-Length")) > 512_000;
        if (!isLong) return undefined;
        await request.body?.cancel();
        return new Response("<h1>413", { status: 413 });
      },
    } as Deployment["bends"],
    what: "public URL",
    found: "takes no bodies of 1 MB (status 413)",
    cure: "client_max_body_size 0",
    once: true,
  },
  ...([
    ["said", "who calls can say any address", "X-Forwarded-For $remote_addr"],
    ["unlisted", "from a private address that TRUSTED_PROXIES lacks", "127.0.0.1,::1"],
    ["unnamed", "the proxy does not say who calls", "TRUSTED_PROXY_HEADER"],
  ] as const).map(([caller, found, cure]): Row => ({
    ...{ name: `who calls: ${caller}`, what: "public URL", found, cure, once: true },
    bends: {
      proxy: (request) =>
        request.url.includes("/health?caller=203.0.113.77")
          ? Response.json({ status: "ok", version: "1", caller })
          : undefined,
    },
  })),
  ...([
    ["not there", dead, "takes no connection: nobody listens there", "the url in EVENTS"],
    ["at another path", 404, "takes no events at that address (status 404)", "must take POST"],
    ["that leads on", 301, "events follow no redirect", "Set where it leads"],
    ["with another secret", 401, "refuses what is signed with its secret", "Compare the secret"],
    ["that looks at nothing", 204, "takes a message that nobody signed", "check webhook-signature"],
  ] as [string, string | number, string, string][]).map(([name, answer, found, cure]): Row => ({
    name: `a receiver ${name}`,
    env: ({ provider }) => ({
      EVENTS: JSON.stringify({
        voice: {
          url: typeof answer === "string" ? answer : `${provider}/events`,
          secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        },
      }),
    }),
    bends: bent("/events", () => new Response(null, { status: Number(answer) })),
    ...{ what: "receivers", found, cure, state: answer === 204 ? "note" : "fault" },
  })),
  {
    name: "nobody who collects spans",
    env: { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_ENDPOINT: dead },
    what: "telemetry",
    found: "nobody listens there: spans and logs are lost",
    cure: "leave OTEL_DENO out",
    once: true,
  },
  {
    name: "a collector that nothing is sent to",
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: dead },
    what: "telemetry",
    state: "note",
    found: "nothing is exported",
    cure: "Set OTEL_DENO=true",
  },
  {
    name: "a proxy that takes Authorization away",
    bends: atProxy("/mcp", () => Response.json({ error: "login_required" }, { status: 401 })),
    what: "public URL",
    found: "the Authorization header does not arrive",
    cure: "pass Authorization on",
  },
  {
    name: "a key that was hashed with a line break",
    env: { API_KEYS: `voice:sha256:${digestHex("sb_another\n")}` },
    how: { key: "sb_another" },
    what: "MCP",
    found: "the digest of the key of voice with a line break behind it",
    cure: "printf %s <key>",
    once: true,
  },
  {
    name: "an API key that is not known",
    how: { key: "sb_another" },
    what: "MCP",
    found: "the API key is not known there",
    cure: "sha256sum",
  },
];

const shared = await startDeployment();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function findings({ env = {}, how = {}, bends = {} }: Partial<Row>): Promise<Finding[]> {
  const more = typeof env === "function" ? env(shared) : env;
  const all = Object.entries({ ...shared.env, ...more }).filter(([, value]) => value !== "");
  for (const name of ["proxy", "after", "provider"] as const) shared.bends[name] = undefined;
  Object.assign(shared.bends, bends);
  return await examine(Object.fromEntries(all), how, WAYS);
}

const RUNTIME = { sanitizeOps: false, sanitizeResources: false };

Deno.test({
  ...RUNTIME,
  name: "in a deployment without a fault none is found, and all is looked at",
  fn: async () => {
    const found = await findings({ how: { key: API_KEY } });
    assert(isWell(found), JSON.stringify(found));
    const looked = [
      ...new Set(found.filter(({ state }) => state === "ok").map(({ what }) => what)),
    ];
    assertEquals(looked, [
      ...["configuration", "database", "keys", "connections", "redirect URIs", "clients"],
      ...["MCP servers", "public URL", "MCP", "clock"],
    ]);
    const clients = found.filter(({ what, state }) => what === "clients" && state === "ok");
    assertEquals(clients.length, 2);
  },
});

for (const [rows, offline] of [[OFFLINE, true], [ONLINE, false]] as const) {
  for (const row of rows) {
    Deno.test({
      ...RUNTIME,
      name: `found, with its cure: ${row.name}`,
      fn: async () => {
        const { what, found, cure = "", state = "fault", how } = row;
        const all = await findings({ ...row, how: { offline, ...how } });
        const it = all.find((each) => each.what === what && each.found.includes(found));
        assert(it !== undefined, JSON.stringify(all, null, 1));
        assertEquals(it.state, state);
        assertStringIncludes(it.cure ?? "", cure);
        const faults = all.filter((each) => each.state === "fault");
        if (row.once) assertEquals(faults, [it]);
        assertEquals(isWell(all), all.every((each) => each.state !== "fault"));
        // No secret, whatever is wrong.
        const said = JSON.stringify(all);
        const { GITHUB_CLIENT_SECRET, GOOGLE_CLIENT_SECRET } = shared.env;
        for (
          const secret of [
            "MARK",
            KEY.slice(3),
            GITHUB_CLIENT_SECRET!,
            GOOGLE_CLIENT_SECRET!,
            API_KEY,
          ]
        ) {
          assert(!said.includes(secret), said);
        }
      },
    });
  }
}

Deno.test({
  ...RUNTIME,
  name: "a provider and an MCP server that hang hold up neither the rest nor the end",
  fn: async () => {
    const hang = () => new Promise<Response>(() => {});
    shared.bends.proxy = undefined;
    shared.bends.provider = () => hang();
    const env = { ...shared.env, ...upstream(`${shared.provider}/page`) };
    const ways = { ...WAYS, patience: { answerMs: 100, checkMs: 1_000 } };
    const all = await examine(env, {}, ways);
    const said = (what: string) => all.find((each) => each.what === what)?.found ?? "";
    assertStringIncludes(said("clients"), "does not answer in time");
    assertStringIncludes(said("MCP servers"), "does not answer in time");
    assertEquals(all.filter((each) => each.what === "public URL" && each.state === "ok").length, 4);
    shared.bends.provider = undefined;
  },
});

Deno.test({
  ...RUNTIME,
  name: "a running gateway is looked at from outside, with nothing of its environment",
  fn: async () => {
    Object.assign(shared.bends, { proxy: undefined, after: undefined, provider: undefined });
    const found = await examine({}, { url: shared.url, key: API_KEY }, WAYS);
    assert(isWell(found), JSON.stringify(found));
    assertEquals([...new Set(found.map(({ what }) => what))], ["public URL", "MCP", "clock"]);
    const gone = await examine({}, { url: dead }, WAYS);
    assertEquals(gone[0]?.state, "fault");
    assertStringIncludes(gone[0]!.found, "nobody listens there");
  },
});

Deno.test({
  ...RUNTIME,
  name: "https that is answered in clear, too, and keeps its transport to itself, is found",
  fn: async () => {
    Object.assign(shared.bends, { proxy: undefined, after: undefined, provider: undefined });
    const url = "https://mine.org";
    const plain: string[] = [];
    // What is asked for by https is the gateway's, under its own name.
    const at = (isClear: boolean): typeof fetch => async (input, init) => {
      const asked = new URL(String(input));
      if (asked.protocol === "http:") {
        plain.push(`${asked.origin} ${new Headers(init?.headers).get("Authorization")}`);
        if (isClear) return Response.json({ status: "ok" });
        const headers = { Location: `${url}/health` };
        return new Response(null, { status: 301, headers });
      }
      const answer = await fetch(shared.url + asked.pathname + asked.search, init);
      const headers = new Headers(answer.headers);
      for (const [name, value] of answer.headers) {
        headers.set(name, value.replaceAll(shared.url, url));
      }
      if (!isClear) headers.set("Strict-Transport-Security", "max-age=63072000");
      const text = (await answer.text()).replaceAll(shared.url, url);
      return new Response(text, { status: answer.status, headers });
    };
    const look = (isClear: boolean) => examine({}, { url }, { ...WAYS, fetch: at(isClear) });
    const good = await look(false);
    assert(isWell(good), JSON.stringify(good));
    assert(!JSON.stringify(good).includes("Strict-Transport"), JSON.stringify(good));
    const open = await look(true);
    const [clear, ...more] = open.filter(({ state }) => state === "fault");
    assertStringIncludes(clear?.found ?? "", "http://mine.org answers, too");
    assertStringIncludes(clear?.cure ?? "", "301 or 308");
    assertEquals(more, []);
    const hsts = open.find(({ found }) => found.includes("no Strict-Transport-Security arrives"));
    assertEquals([hsts?.state, hsts?.cure], ["note", "Let the proxy in front pass it on."]);
    assertEquals(plain, ["http://mine.org null", "http://mine.org null"]);
  },
});

Deno.test("the disk of the database is told by its kind, the innermost mount's", () => {
  const mounts = [
    "overlay / overlay rw 0 0",
    "/dev/vda /srv ext4 rw 0 0",
    "srv:/x /srv/my\\040share nfs4 rw 0 0",
    "tmpfs /run tmpfs rw 0 0",
  ].join("\n");
  const of = (file: string) =>
    mountFindings(mounts, file).map(({ state, found }) => `${state} ${found.split(/[,:]/)[0]}`);
  assertEquals(of("/srv/kv.sqlite"), []);
  assertEquals(of("/srv/my share/kv.sqlite"), ["fault is on a disk of the network (nfs4)"]);
  assertEquals(of("/srv/my share 2/kv.sqlite"), []);
  assertEquals(of("/run/kv.sqlite"), ["note is in memory"]);
  assertEquals(of("/data/kv.sqlite"), ["note is in the container's own files"]);
  assertEquals(mountFindings("", "/srv/kv.sqlite"), []);
});

Deno.test("a clock is held against the one in the middle", () => {
  const seen = (...ahead: number[]) =>
    ahead.map((aheadMs, at) => ({ origin: `https://${at}.mine.org`, aheadMs }));
  assertEquals(clockFinding([]).state, "note");
  assertEquals(clockFinding(seen(900, -400, 3)).state, "ok");
  assertEquals(clockFinding(seen(600_000, -400, 3)).state, "ok");
  const behind = clockFinding(seen(-125_000, -124_000));
  assertEquals(behind.state, "fault");
  assertStringIncludes(behind.found, "125 s behind 0.mine.org's");
  assertStringIncludes(behind.cure!, "NTP");
});

Deno.test("networkFaultOf() knows what stood in the way, and quotes no address", () => {
  const of = (message: string) =>
    networkFaultOf(
      new TypeError("fetch failed", { cause: new Error(`url (https://MARK): ${message}`) }),
    );
  const cases: [string, string][] = [
    ["dns error: failed to lookup address information: Name or service not known", "(DNS)"],
    ["tcp connect error: Connection refused (os error 111)", "nobody listens there"],
    ["invalid peer certificate: UnknownIssuer", "nobody who is trusted here (TLS)"],
    ["invalid peer certificate: certificate not valid for name x", "another host name (TLS)"],
    ["invalid peer certificate: Expired", "(TLS)"],
    ["received corrupt message of type InvalidContentType", "does not speak TLS"],
    ["operation timed out", "does not answer in time"],
    ["Network is unreachable (os error 101)", "cannot be reached from this network"],
    ["something else", "broke off the connection"],
  ];
  for (const [message, why] of cases) {
    const fault = of(message);
    assertStringIncludes(fault.why, why, message);
    assert(!JSON.stringify(fault).includes("MARK"));
  }
});

Deno.test({
  ...RUNTIME,
  name: "what was started for these tests ends",
  fn: async () => await shared[Symbol.asyncDispose](),
});
