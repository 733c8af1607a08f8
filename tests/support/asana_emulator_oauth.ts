/**
 * The emulated Asana's authorization server.
 *
 * https://developers.asana.com/docs/oauth
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { EmulatorContext } from "emulate";
import type { AsanaState, Clock } from "./asana_emulator.ts";

const ACCESS_TOKEN_SECONDS = 3_600;

type App = EmulatorContext<AsanaState>["app"];

/** Authorization page, token endpoint, revocation. */
export function oauthRoutes(app: App, state: AsanaState, now: Clock): void {
  app.get("/-/oauth_authorize", (c) => {
    const request = Object.fromEntries(
      ["client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method"]
        .map((name) => [name, c.req.query(name) ?? ""]),
    );
    if (c.req.query("response_type") !== "code" || !request.client_id || !request.redirect_uri) {
      return c.text("invalid_request", 400);
    }
    if (request.code_challenge && request.code_challenge_method !== "S256") {
      return c.text("invalid_request: code_challenge_method", 400);
    }
    const scopes = (request.scope ?? "").split(" ");
    if (scopes.includes("default") && scopes.length > 1) {
      return c.text("invalid_scope: default goes with no other", 400);
    }
    const buttons = state.users.map((user) => signInButton(user, request));
    return c.html(
      `<!doctype html><title>Asana</title><h1>Sign in to Asana</h1>${buttons.join("")}`,
    );
  });

  app.post("/-/oauth_authorize/callback", async (c) => {
    const form = await formOf(c);
    if (!state.users.some(({ gid }) => gid === form.user)) return c.text("no such user", 400);
    const code = crypto.randomUUID();
    state.codes[code] = {
      user: form.user ?? "",
      clientId: form.client_id ?? "",
      redirectUri: form.redirect_uri ?? "",
      challenge: form.code_challenge || null,
      scopes: (form.scope || "default").split(" "),
    };
    const back = new URL(form.redirect_uri ?? "");
    back.searchParams.set("code", code);
    if (form.state) back.searchParams.set("state", form.state);
    return c.redirect(back.href, 302);
  });

  app.post("/-/oauth_token", async (c) => {
    const form = await formOf(c);
    const no = (error: string) => c.json({ error, error_description: error }, 400);
    if (!form.client_id || !form.client_secret) return no("invalid_client");
    if (form.grant_type === "refresh_token") {
      const grant = state.grants.find(({ refreshToken }) => refreshToken === form.refresh_token);
      if (grant === undefined || grant.clientId !== form.client_id) return no("invalid_grant");
      // A refresh token stays the same, and is not sent again.
      return c.json(issue(state, grant, now()));
    }
    if (form.grant_type !== "authorization_code") return no("unsupported_grant_type");
    const code = state.codes[form.code ?? ""];
    delete state.codes[form.code ?? ""];
    if (
      code === undefined || code.clientId !== form.client_id ||
      code.redirectUri !== form.redirect_uri || !provesCode(code.challenge, form.code_verifier)
    ) {
      return no("invalid_grant");
    }
    const grant = {
      user: code.user,
      clientId: code.clientId,
      scopes: code.scopes,
      refreshToken: `1/${code.user}:${crypto.randomUUID()}`,
      accessTokens: {},
    };
    state.grants.push(grant);
    return c.json({ ...issue(state, grant, now()), refresh_token: grant.refreshToken });
  });

  app.post("/-/oauth_revoke", async (c) => {
    const form = await formOf(c);
    if (!form.client_id || !form.client_secret) return c.json({ error: "invalid_client" }, 400);
    // Access tokens are not taken here.
    const isAccess = state.grants.some(({ accessTokens }) => (form.token ?? "") in accessTokens);
    if (!form.token || isAccess) return c.json({ error: "invalid_request" }, 400);
    state.grants = state.grants.filter(({ refreshToken }) => refreshToken !== form.token);
    return c.json({});
  });
}

function signInButton(user: AsanaState["users"][number], request: Record<string, string>): string {
  const hidden = Object.entries({ ...request, user: user.gid, email: user.email })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`);
  const button = `<button>${escape(user.name)} <small>${escape(user.email)}</small></button>`;
  return `<form method="post" action="/-/oauth_authorize/callback">${
    hidden.join("")
  }${button}</form>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

async function formOf(
  c: { req: { parseBody(): Promise<Record<string, unknown>> } },
): Promise<Record<string, string | undefined>> {
  const body = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? value : ""]),
  );
}

function provesCode(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return true;
  return createHash("sha256").update(verifier ?? "").digest("base64url") === challenge;
}

function issue(state: AsanaState, grant: AsanaState["grants"][number], now: number) {
  const token = `2/${grant.user}:${crypto.randomUUID()}`;
  grant.accessTokens[token] = now + ACCESS_TOKEN_SECONDS * 1000;
  const user = state.users.find(({ gid }) => gid === grant.user)!;
  return {
    access_token: token,
    token_type: "bearer",
    expires_in: ACCESS_TOKEN_SECONDS,
    data: { id: Number(user.gid), gid: user.gid, name: user.name, email: user.email },
  };
}
