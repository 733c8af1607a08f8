/**
 * A provider that rotates its refresh tokens, and ends the whole grant when a
 * used one comes again. It speaks as Google does, as far as sign-in, calendar
 * and revocation go, and tells of every secret that it gives out.
 *
 * @module
 */

import { randomSecret } from "../../../broker/core/secrets.ts";
import { createHash } from "node:crypto";
import { bent } from "./bends.ts";
import { emailOf, ownerOf, type SecretType, type Told } from "./ledger.ts";

const EVENTS = "/calendar/v3/calendars/primary/events";

/** What the provider is told. */
export interface ProviderOptions {
  clientSecret: string;
  /** Of an access token, in seconds; attackers' tokens live as short as it goes. */
  lifetime: number;
  tell(told: Told): void;
}

/** An attacker's token is stale after some seconds, so that its refresh is asked for again and again. */
const SHORT_LIFETIME = 8;

interface Grant {
  account: string;
  scope: string;
  isOver: boolean;
}
interface Code extends Grant {
  challenge: string;
}

export class Provider {
  readonly #options: ProviderOptions;
  readonly #codes = new Map<string, Code>();
  readonly #refreshTokens = new Map<string, { grant: Grant; isUsed: boolean }>();
  readonly #accessTokens = new Map<string, { grant: Grant; until: number }>();
  /** Out for everybody until then. */
  outUntil = 0;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (Date.now() < this.outUntil) return Response.json({}, { status: 503 });
    const post = request.method === "POST";
    switch (url.pathname) {
      case "/o/oauth2/v2/auth":
        return post ? await this.#agree(request) : signInPage(url);
      case "/oauth2/token":
        return await this.#token(new URLSearchParams(await request.text()));
      case "/oauth2/revoke":
        return this.#revoke(new URLSearchParams(await request.text()).get("token") ?? "");
      case "/oauth2/v2/userinfo":
        return await this.#withAccount(
          request,
          "userinfo",
          (account) =>
            Response.json({ id: account, email: emailOf(account), verified_email: true }),
        );
      case EVENTS:
        return await this.#withAccount(
          request,
          "api",
          (account) =>
            post ? this.#insert(account, request) : Response.json({ items: [eventOf(account)] }),
        );
      default:
        return Response.json({ error: { message: "Not found" } }, { status: 404 });
    }
  }

  async #agree(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const account = form.get("account") ?? "";
    const code = this.#secret("authorization code");
    const [scope, challenge] = [form.get("scope") ?? "", form.get("code_challenge") ?? ""];
    this.#codes.set(code, { account, scope, challenge, isOver: false });
    const back = new URL(form.get("redirect_uri") ?? "");
    for (const [name, value] of [["code", code], ["state", form.get("state") ?? ""]] as const) {
      back.searchParams.set(name, value);
    }
    return new Response(null, { status: 303, headers: { Location: back.href } });
  }

  async #token(form: URLSearchParams): Promise<Response> {
    if (form.get("client_secret") !== this.#options.clientSecret) return refused("invalid_client");
    if (form.get("grant_type") === "authorization_code") return this.#exchange(form);
    const known = this.#refreshTokens.get(form.get("refresh_token") ?? "");
    if (known === undefined || known.grant.isOver) return refused("invalid_grant");
    const { grant } = known;
    const bad = await bent("refresh", grant.account);
    if (bad !== undefined) return bad;
    if (known.isUsed) {
      this.#end(grant, "reused");
      return refused("invalid_grant");
    }
    known.isUsed = true;
    return this.#issue(grant);
  }

  #exchange(form: URLSearchParams): Response {
    const code = form.get("code") ?? "";
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    this.#options.tell({ kind: "secret", secret: { text: verifier, type: "code verifier" } });
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    return grant?.challenge === challenge ? this.#issue(grant) : refused("invalid_grant");
  }

  #issue(grant: Grant): Response {
    const { account, scope } = grant;
    const lifetime = account.startsWith("x-") ? SHORT_LIFETIME : this.#options.lifetime;
    const access = this.#secret("access token", ownerOf(account));
    const refresh = this.#secret("refresh token");
    this.#accessTokens.set(access, { grant, until: Date.now() + lifetime * 1000 });
    this.#refreshTokens.set(refresh, { grant, isUsed: false });
    return Response.json({
      access_token: access,
      refresh_token: refresh,
      token_type: "Bearer",
      expires_in: lifetime,
      scope,
    });
  }

  #revoke(token: string): Response {
    const grant = this.#refreshTokens.get(token)?.grant ?? this.#accessTokens.get(token)?.grant;
    if (grant === undefined || grant.isOver) return refused("invalid_token");
    this.#end(grant, "revoked");
    return Response.json({});
  }

  #end(grant: Grant, why: "revoked" | "reused"): void {
    grant.isOver = true;
    this.#options.tell({ kind: "grant_ended", account: grant.account, why });
  }

  async #withAccount(
    request: Request,
    point: "api" | "userinfo",
    answer: (account: string) => Response | Promise<Response>,
  ): Promise<Response> {
    const bearer = request.headers.get("Authorization")?.replace(/^Bearer /, "") ?? "";
    const token = this.#accessTokens.get(bearer);
    if (token === undefined || token.grant.isOver || token.until < Date.now()) {
      return Response.json({ error: { code: 401, status: "UNAUTHENTICATED" } }, { status: 401 });
    }
    const { account } = token.grant;
    return await bent(point, account) ?? await answer(account);
  }

  async #insert(account: string, request: Request): Promise<Response> {
    const { summary } = await request.json();
    this.#options.tell({ kind: "write", account, text: summary });
    return Response.json({ ...eventOf(account), summary });
  }

  #secret(type: SecretType, owner?: string): string {
    const text = randomSecret();
    this.#options.tell({ kind: "secret", secret: { text, type, owner } });
    return text;
  }

  /** Lets go of what can no longer be used, or an hour of it would look like a leak. */
  sweep(): void {
    const now = Date.now();
    for (const [token, { until }] of this.#accessTokens) {
      if (until < now) this.#accessTokens.delete(token);
    }
  }
}

function refused(error: string): Response {
  return Response.json({ error }, { status: error === "invalid_client" ? 401 : 400 });
}

/** The one event in the calendar of an account: its title says whose it is. */
function eventOf(account: string) {
  const time = { dateTime: new Date().toISOString() };
  return { id: "event", summary: account, start: time, end: time };
}

/** A page that asks who it is; what it was asked for goes along. */
function signInPage({ searchParams }: URL): Response {
  const inputs = [...searchParams, ["account", ""]]
    .map(([name, value = ""]) =>
      `<input name="${name}" value="${value.replaceAll('"', "&quot;")}">`
    );
  const html = `<form method="post" action="/o/oauth2/v2/auth">${inputs.join("")}</form>`;
  return new Response(html, { headers: { "Content-Type": "text/html" } });
}
