/**
 * A real process with OpenTelemetry on, and people, backends and clients that
 * go through all of it that has something secret or somebody's in it.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { ACME_PERSON, type Asked, startAcme } from "../support/acme.ts";
import { personalToken, signedIn } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { PERSON, signInForm, startEmulator } from "../support/emulators.ts";
import { freePort } from "../support/free_port.ts";
import { call } from "../support/gateway.ts";
import {
  authorizeUrl,
  exchange,
  newClient,
  obtainCode,
  post,
  refresh,
} from "../support/mcp_client.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp_receiver.ts";
import { runDeno } from "../support/process.ts";
import { startUpstream } from "../support/upstream_double.ts";

const KEY = "api-key-of-voice-Bn5";
const USER = "grace.hopper@voice.example";
const SEARCH = "divorce lawyer near me";
const QUERY_SECRET = "query-secret-Lm3";
/** Deno's metrics of requests have it as it came; its spans must not. */
export const METHOD = "METHOD-AU7";
/** A caller's own trace, and what it says in it of a person. */
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const TRACE = {
  traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`,
  tracestate: "vendor=traced-person-Vt8",
  baggage: "person=baggage-person-Rk6",
};

/** Another trace, which a client names in `_meta`; and what is none. */
const CALL_TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const NO_TRACES = [
  `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
  "00-4BF92F3577B34DA6A3CE929D0E0E4737-00f067aa0ba902b7-01",
  "01-4bf92f3577b34da6a3ce929d0e0e4738-00f067aa0ba902b7-01-traced-person-Vt8",
];

/** Traces that calls of one batch name. */
export const BATCH_TRACE_IDS = [
  "1bf92f3577b34da6a3ce929d0e0e4731",
  "2bf92f3577b34da6a3ce929d0e0e4732",
];

/** What came of it. */
export interface Journey {
  /** Everything that must not be found, by what it is. */
  secrets: Map<string, string>;
  otlp: OtlpReceiver;
  /** What the provider and the upstream were asked. */
  asked: Asked[];
  traceId: string;
  /** The trace that a tool call was said to belong to in its `_meta`. */
  callTraceId: string;
  /** What the process printed. */
  output: string;
  /** The headers of what backends and clients were answered. */
  headers: string;
  /** The person's record, as its app exports it. */
  record: string;
}

/** Goes all the way, and ends the process, so that all is exported. */
export async function journey(): Promise<Journey> {
  const secrets = new Map<string, string>();
  const note = (what: string, value: string) => {
    assert(value.length >= 6, `${what} is too short to be looked for: ${value}`);
    secrets.set(what, value);
  };
  const headers: string[] = [];
  await using otlp = startOtlpReceiver();
  const tool = { name: "look", inputSchema: { type: "object" }, annotations: {} };
  await using upstream = startUpstream({
    tools: [tool],
    answer: () => ({ content: [{ type: "text", text: "seen" }] }),
  });
  await using acme = startAcme(async ({ method, url, headers, body }) => {
    if (url.pathname === "/mcp") return await passOn(upstream.url, { method, headers, body });
    return Response.json({ fine: true }, { status: url.searchParams.has("refuse") ? 404 : 200 });
    // So that the first who wants one has it refreshed.
  }, 0);
  const github = await startEmulator("github");
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const port = freePort();
  const url = `http://localhost:${port}`;
  const deadPort = freePort();
  const returnTo = `http://127.0.0.1:${deadPort}/done`;
  // Nobody is there: a fetch that fails has the address in its error.
  const dead = `http://127.0.0.1:${deadPort}`;
  const specs = [
    acme.spec,
    { ...acme.spec, name: "lost", title: "Lost", token_endpoint: `${dead}/token` },
    { ...acme.spec, name: "half", title: "Half", api_url: dead },
  ];
  const keys = newKeyLine("k1");
  const [_deno, ...start] = denoJson.tasks.start.command.split(" ");
  const program = runDeno(start, {
    ...otlp.env,
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: folder,
    ENCRYPTION_KEYS: keys,
    API_KEYS: `voice:sha256:${digestHex(KEY)}`,
    SIGN_IN_ALLOW: "*",
    RETURN_URLS: returnTo,
    GITHUB_CLIENT_ID: "github-client",
    GITHUB_CLIENT_SECRET: "github-client-secret-Tg1",
    GITHUB_BASE_URL: github.url,
    PROVIDERS: JSON.stringify(specs),
    ...Object.fromEntries(specs.flatMap(({ name }) => [
      [`${String(name).toUpperCase()}_CLIENT_ID`, "client"],
      [`${String(name).toUpperCase()}_CLIENT_SECRET`, "client-secret-Hk2"],
    ])),
    UPSTREAMS: JSON.stringify([{ name: "notes", title: "Notes", url: `${acme.url}/mcp` }]),
  });
  try {
    await program.said(/"event":"listening"/);
    const api = async (
      path: string,
      { body, key = KEY, method, headers: more }: {
        body?: unknown;
        key?: string | null;
        method?: string;
        headers?: Record<string, string>;
      } = {},
    ) => {
      const response = await fetch(url + path, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          ...TRACE,
          ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...more,
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: "manual",
      });
      const text = await response.text();
      headers.push(...[...response.headers].map(([name, value]) => `${name}: ${value}`));
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    };
    /** Which parts of an answer's time are more than nothing. */
    const waited = ({ headers }: { headers: Headers }) => {
      assertEquals(headers.get("Timing-Allow-Origin"), null);
      const said = headers.get("Server-Timing");
      if (said === null) return undefined;
      assertMatch(said, /^auth(;dur=[\d.]+, (vault|refresh|provider|gateway)){4};dur=[\d.]+$/);
      return said.split(", ").filter((part) => !part.endsWith("=0")).map((part) =>
        part.split(";")[0]!
      );
    };
    const expectWaited = (answer: { headers: Headers; text: string }, parts: string[]) => {
      const said = waited(answer) ?? [];
      assert(parts.every((part) => said.includes(part)), `${said} of ${answer.text}`);
    };
    const gateway = { url, api };
    note("API key", KEY);
    note("user id", USER);
    note("provider's person", ACME_PERSON.email);
    note("provider's person's id", ACME_PERSON.id);
    note("client secret", "client-secret-Hk2");
    note("another client secret", "github-client-secret-Tg1");

    // A link, confirmed; the provider's answer kept aside until the app claims it.
    const link = await api("/links", {
      body: { user_id: USER, service: "acme", return_to: returnTo },
    });
    note("link", new URL(link.json.url).searchParams.get("link")!);
    const browser = new Browser();
    const confirm = await browser.open(link.json.url);
    const back = await browser.submit(confirm, { until: (to) => to.startsWith(returnTo) });
    const code = new URL(back.url).searchParams.get("code")!;
    note("hand-off code", code);
    const callback = new URL(browser.visited.find((at) => at.includes("/callback/"))!);
    note("provider's code", callback.searchParams.get("code")!);
    note("state", callback.searchParams.get("state")!);
    const claimed = await api("/links/claim", { body: { user_id: USER, code } });
    assertEquals(claimed.status, 200, claimed.text);
    const token = await api("/token/acme", { body: { user_id: USER } });
    assertEquals(token.status, 200, token.text);
    note("provider token", token.json.access_token);
    assert(acme.asked.some(({ body }) => body.includes("grant_type=refresh_token")), "refreshed");
    expectWaited(token, ["vault", "refresh"]);
    assertEquals(waited(token)?.includes("provider"), false, "that was the refresh");
    note("any access token of the provider's", "acme-access-");
    note("any refresh token of the provider's", "acme-refresh-");

    // The same callback again, one with a code that is nobody's, one that was refused.
    assertEquals((await browser.open(callback.href)).status, 200, "this is done already");
    const wrong = "wrong-state-Ye2";
    note("wrong state", wrong);
    assertEquals((await browser.open(`${url}/callback/acme?code=x&state=${wrong}`)).status, 400);
    note("words of an error", "error-words-Od7");
    const failed = `${url}/callback/acme?error=access_denied&error_description=error-words-Od7`;
    assertEquals((await browser.open(failed)).status, 400);
    note("wrong link", "wrong-link-Sa9");
    await browser.open(`${url}/auth/acme?user_id=${USER}&link=wrong-link-Sa9`);
    note("wrong key", "wrong-key-Nf0");
    assertEquals((await api(`/connections?user_id=${USER}`, { key: "wrong-key-Nf0" })).status, 401);
    note("nowhere", "nowhere-secret-Ix5");
    assertEquals((await api("/nowhere/nowhere-secret-Ix5?x=nowhere-secret-Ix5")).status, 404);
    assertEquals((await api("/token/acme", { method: METHOD })).status, 405);
    await api("/links/claim", { body: { user_id: USER, code: "wrong-code-Pq3" } });
    note("wrong code", "wrong-code-Pq3");

    // A token endpoint, then an API, that cannot be reached: codes and queries stand in the errors.
    const connect = async (service: string) => {
      const { json } = await api("/links", { body: { user_id: USER, service } });
      const visitor = new Browser();
      const page = await visitor.submit(await visitor.open(json.url));
      const { searchParams } = new URL(visitor.visited.at(-1)!);
      note(`${service}: code`, searchParams.get("code")!);
      note(`${service}: state`, searchParams.get("state")!);
      return page.status;
    };
    assertEquals(await connect("lost"), 400);
    assertEquals(await connect("half"), 200);

    // The proxy: queries, paths, and what the provider does with them.
    note("secret in a query", QUERY_SECRET);
    note("what is looked for", "looked-for-words-Ec6");
    note("a path's person", "path-person-Mb2");
    const user = { "X-User-Id": USER };
    const below = `/proxy/acme/people/path-person-Mb2?access_token=${QUERY_SECRET}`;
    for (const more of ["&q=looked-for-words-Ec6", "&refuse=1"]) {
      const passed = await api(below + more, { headers: user });
      expectWaited(passed, ["vault", "provider"]);
    }
    const unreached = await api(below.replace("acme", "half"), { headers: user });
    assertEquals(unreached.status, 503, unreached.text);
    const unknown = await api("/token/acme", { key: null, body: { user_id: USER } });
    assertEquals([unknown.status, waited(unknown)], [401, undefined]);
    assertEquals((await api(`/connections?user_id=${USER}`)).status, 200);

    // Tools: GitHub's by the API, an upstream's by MCP.
    note("search", SEARCH);
    const githubLink = await api("/links", { body: { user_id: USER, service: "github" } });
    note("GitHub's link", new URL(githubLink.json.url).searchParams.get("link")!);
    const person = new Browser();
    const signIn = await person.submit(await person.open(githubLink.json.url));
    await person.submit(signIn, { form: signInForm(signIn) });
    const mcp = (body: unknown, key = KEY) => api("/mcp", { body, key, headers: user });
    const found = await mcp(call("github_search_issues", { query: SEARCH }));
    assert(!found.json.result.isError, found.text);
    expectWaited(found, ["vault", "provider"]);
    assertEquals(waited(await mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 })), undefined);
    const looked = await mcp(call("notes_look", { q: SEARCH }));
    assertEquals(looked.json.result?.content?.[0]?.text, "seen", looked.text);
    expectWaited(looked, ["provider"]);
    for (const traceparent of [`00-${CALL_TRACE_ID}-00f067aa0ba902b7-00`, ...NO_TRACES]) {
      const { params, ...message } = call("notes_look", { q: traceparent });
      const _meta = { traceparent, tracestate: TRACE.tracestate, baggage: TRACE.baggage };
      const traced = await mcp({ ...message, params: { ...params, _meta } });
      assertEquals(traced.json.result?.content?.[0]?.text, "seen", traced.text);
    }
    // A batch, of which each call says its own, or none, or what is none.
    const batch = [...BATCH_TRACE_IDS.map((id) => `00-${id}-00f067aa0ba902b7-01`), ...NO_TRACES, 7]
      .map((traceparent, at) => {
        const { params, ...message } = call("notes_look", { q: "in a batch" });
        return { ...message, id: `b${at}`, params: { ...params, _meta: { traceparent } } };
      });
    const answered = await mcp(batch);
    assertEquals(answered.json.length, batch.length, answered.text);
    await mcp(call("github_get_file", { repo: "octocat/hello-world", path: "path-person-Mb2" }));

    // An MCP client: registered, allowed, given tokens, revoked; and one named by its document.
    const client = await newClient(gateway);
    note("MCP client", client.id);
    note("verifier", client.verifier);
    const owner = new Browser();
    const mcpCode = await obtainCode(gateway, client, {
      browser: owner,
      params: { state: "client-state-Gv4" },
    });
    note("MCP client's state", "client-state-Gv4");
    note("MCP client's code", mcpCode);
    const { json: tokens } = await exchange(gateway, client, mcpCode);
    note("access token", tokens.access_token);
    note("refresh token", tokens.refresh_token);
    await mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 }, tokens.access_token);
    const { json: renewed } = await refresh(gateway, client, tokens.refresh_token);
    note("second refresh token", renewed.refresh_token);
    await exchange(gateway, client, "wrong-mcp-code-Zk1");
    note("wrong MCP code", "wrong-mcp-code-Zk1");
    await post(gateway, "/oauth/revoke", { client_id: client.id, token: renewed.refresh_token });
    const document = "https://127.0.0.1/client-document-Fj6.json";
    note("client's document", "client-document-Fj6");
    await owner.open(authorizeUrl(gateway, { ...client, id: document }));

    // A person's own page.
    const home = await signedIn(gateway);
    note("personal token", await personalToken(home));
    for (const [index, cookie] of [...browser.cookies, ...home.browser.cookies].entries()) {
      if (cookie.length >= 6) note(`cookie ${index}`, cookie);
    }
    note("e-mail address", PERSON.email);
    for (const { url: at, body } of acme.asked) {
      const given = new URLSearchParams(body);
      for (const name of ["code_verifier", "refresh_token"]) {
        if (given.has(name)) note(`${at.pathname} ${name}`, given.get(name)!);
      }
    }
    assert([...secrets.keys()].includes("/token code_verifier"), "the verifier was seen");

    // A session token, and a call with an account that is not there.
    const session = await api("/sessions", { body: { user_id: USER, services: ["github"] } });
    note("session token", session.json.token);
    await mcp(
      call("github_search_issues", { query: SEARCH, account: "nobody-here-Wd3" }),
      session.json.token,
    );
    note("an account that is not there", "nobody-here-Wd3");
    note("encryption key", keys.split(":").at(-1)!);

    // The end: revoked at the provider.
    const gone = await api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
    assertEquals([gone.json.revoked, waited(gone)], [true, undefined], gone.text);
    program.child.kill("SIGINT");
    assertEquals((await program.ended).code, 0, program.output());
    const [_, ...audit] = denoJson.tasks.audit.command.split(" ");
    const env = { DATA_DIR: folder, ENCRYPTION_KEYS: keys };
    await using reading = runDeno([...audit, "--subject", `voice:${USER}`], env);
    assertEquals((await reading.ended).code, 0, reading.output());
    const record = reading.output();
    assert(record.includes("tool_called"), record);
    return {
      ...{ secrets, otlp, asked: acme.asked, traceId: TRACE_ID, callTraceId: CALL_TRACE_ID },
      ...{ output: program.output(), headers: headers.join("\n"), record },
    };
  } finally {
    await program[Symbol.asyncDispose]();
    await github.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function passOn(
  url: string,
  { method, headers, body }: Pick<Asked, "method" | "headers" | "body">,
): Promise<Response> {
  return await fetch(url, { method, headers, body: method === "GET" ? null : body });
}

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
