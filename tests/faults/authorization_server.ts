/**
 * A provider in a process of its own: the certified `oidc-provider` at
 * Google's paths, with a calendar that checks its bearer token. It counts what
 * is asked of its token endpoint, by account and by the process that asked.
 *
 * The account's name says how it is treated: `fast-…` answers at once, `slow-…`
 * after two seconds, `rotating-…` gets a new refresh token at every refresh,
 * and loses the whole grant when one is used twice (RFC 9700 §4.14.2).
 *
 * @module
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Provider from "oidc-provider";
import {
  endWithParent,
  HOLD_HEADER,
  type ServerEnv,
  type ServerLog,
  shortDigest,
  SLOW_MS,
  WORKER_HEADER,
} from "./protocol.ts";

/** What a calendar is connected with. */
const CALENDAR_SCOPES = ["calendar.events", "calendar.readonly"]
  .map((name) => `https://www.googleapis.com/auth/${name}`);
const TOKEN_PATH = "/oauth2/token";
const EVENTS_PATH = "/calendar/v3/calendars/primary/events";

/** The part of Koa's and the library's context that is used here; it has no types of its own. */
interface Context {
  path: string;
  query: Record<string, string | undefined>;
  status: number;
  body: unknown;
  get(header: string): string;
  oidc?: {
    params?: Record<string, string | undefined>;
    entities: Record<string, { accountId?: string } | undefined>;
  };
}

type Next = () => Promise<void>;

const env = Deno.env.toObject() as unknown as ServerEnv;
const issuer = `http://127.0.0.1:${env.PORT}`;
let log: ServerLog = { refreshes: [], used: {} };
const held = new Map<string, PromiseWithResolvers<void>>();
/** Digest of a refresh token → whose it is, when the library has forgotten it. */
const owners = new Map<string, string>();

function createProvider() {
  return new Provider(issuer, {
    clients: [{
      client_id: env.CLIENT_ID,
      client_secret: env.CLIENT_SECRET,
      redirect_uris: env.REDIRECT_URIS.split(","),
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "client_secret_post",
    }],
    routes: {
      authorization: "/o/oauth2/v2/auth",
      token: TOKEN_PATH,
      revocation: "/oauth2/revoke",
      userinfo: "/oauth2/v2/userinfo",
    },
    scopes: ["openid", "offline_access", ...CALENDAR_SCOPES],
    claims: { openid: ["sub"], email: ["email"] },
    features: { revocation: { enabled: true } },
    cookies: { keys: [crypto.randomUUID()] },
    ttl: {
      AccessToken: Number(env.ACCESS_TOKEN_SECONDS),
      Interaction: 3600,
      Session: 86_400,
      Grant: 86_400,
      RefreshToken: 86_400,
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: ({ oidc }: Context) => isA("rotating", oidc?.entities.Account?.accountId),
    findAccount: (_context: Context, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@example.com` }),
    }),
  });
}

const provider = createProvider();

function isA(kind: string, account = ""): boolean {
  return account.startsWith(`${kind}-`);
}

/** Does what the library does, writes it down, and answers as late as the account's name says. */
async function answerToken(context: Context, next: Next): Promise<void> {
  await next();
  const account = record(context);
  const id = context.get(HOLD_HEADER);
  if (id !== "") {
    deferred(id).resolve();
    // Whoever asked is about to die.
    await new Promise(() => {});
  }
  if (isA("slow", account)) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
}

function record(context: Context): string {
  const { params = {}, entities = {} } = context.oidc ?? {};
  const body = context.body as Record<string, string | undefined>;
  const presented = shortDigest(params.refresh_token ?? "");
  const account = entities.Account?.accountId ?? owners.get(presented) ?? "";
  if (body.refresh_token !== undefined) owners.set(shortDigest(body.refresh_token), account);
  if (params.grant_type === "refresh_token") {
    log.refreshes.push({
      account,
      presented,
      worker: context.get(WORKER_HEADER),
      outcome: body.error ?? "issued",
      issued: body.access_token === undefined ? undefined : shortDigest(body.access_token),
    });
  }
  return account;
}

/** The calendar of whoever the bearer token is for: one event, which bears the account's name. */
async function answerEvents(context: Context): Promise<void> {
  const bearer = context.get("Authorization").replace(/^Bearer /, "");
  const account: string | undefined = (await provider.AccessToken.find(bearer))?.accountId;
  if (account === undefined) {
    context.status = 401;
    context.body = { error: { code: 401, status: "UNAUTHENTICATED" } };
    return;
  }
  const used = log.used[account] ??= [];
  const digest = shortDigest(bearer);
  if (!used.includes(digest)) used.push(digest);
  const time = { dateTime: new Date().toISOString() };
  context.body = { items: [{ id: "event", summary: account, start: time, end: time }] };
}

function deferred(id: string): PromiseWithResolvers<void> {
  const known = held.get(id) ?? Promise.withResolvers<void>();
  held.set(id, known);
  return known;
}

async function answer(context: Context, next: Next): Promise<void> {
  switch (context.path) {
    case TOKEN_PATH:
      return await answerToken(context, next);
    case EVENTS_PATH:
      return await answerEvents(context);
    case "/control/log":
      context.body = log;
      log = { refreshes: [], used: {} };
      return;
    case "/control/done":
      await deferred(context.query.id ?? "").promise;
      context.body = {};
      return;
    default:
      await next();
  }
}

endWithParent();
provider.use(answer);
const listener: (request: IncomingMessage, response: ServerResponse) => void = provider.callback();
createServer(listener).listen(Number(env.PORT), "127.0.0.1", () => console.log("listening"));
