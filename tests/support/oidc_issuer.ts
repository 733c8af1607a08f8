/**
 * An OpenID Connect provider that lies as a test tells it to. Its sign-in page
 * sends everybody back at once.
 *
 * @module
 */

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { freePort } from "./free_port.ts";
import { serve } from "./serve.ts";

export const CLIENT = "switchboard";

/** What can be told otherwise. */
export interface Lies {
  /** In the place of the document, or of the answer. */
  discovery?(document: Record<string, unknown>): Record<string, unknown> | Response;
  /** Other claims; what is undefined is left out. */
  claims?: JWTPayload;
  /** In the place of the ID token. */
  idToken?(claims: JWTPayload, honest: string): string | undefined | Promise<string | undefined>;
  userinfo?: Record<string, unknown>;
  keys?(set: { keys: unknown[] }): { keys: unknown[] } | Response;
  /** Added to the address that people come back to. */
  back?: Record<string, string | undefined>;
}

/** It runs. */
export interface Issuer extends AsyncDisposable {
  issuer: string;
  lies: Lies;
  /** Paths, in order. */
  asked: string[];
  /** The last request of authorization. */
  wanted: URLSearchParams;
  /** What it signs with, and its key as everybody sees it. */
  privateKey: CryptoKey;
  jwk: Record<string, unknown>;
}

/** Starts one. */
export async function startIssuer(): Promise<Issuer> {
  const port = freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...await exportJWK(publicKey), kid: "k1", alg: "RS256", use: "sig" };
  const state = { lies: {} as Lies, asked: [] as string[], wanted: new URLSearchParams() };
  const routes: Record<string, (request: Request, url: URL) => Response | Promise<Response>> = {
    "/.well-known/openid-configuration": () => {
      const document = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
        authorization_response_iss_parameter_supported: true,
      };
      const said = state.lies.discovery?.(document) ?? document;
      return said instanceof Response ? said : Response.json(said);
    },
    "/authorize": (_, url) => {
      state.wanted = url.searchParams;
      const back = new URL(state.wanted.get("redirect_uri")!);
      const said = { code: "c", state: state.wanted.get("state")!, iss: issuer };
      for (const [name, value] of Object.entries({ ...said, ...state.lies.back })) {
        if (value !== undefined) back.searchParams.set(name, value);
      }
      return Response.redirect(back, 302);
    },
    "/token": async () => {
      const now = Math.floor(Date.now() / 1000);
      const claims: JWTPayload = {
        ...{ iss: issuer, aud: CLIENT, sub: "248289761001", iat: now, exp: now + 300 },
        nonce: state.wanted.get("nonce"),
        email: "ada@example.com",
        email_verified: true,
        ...state.lies.claims,
      };
      const honest = await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" })
        .sign(privateKey);
      const { idToken = () => honest } = state.lies;
      return Response.json({
        access_token: "access",
        token_type: "Bearer",
        refresh_token: "kept-by-nobody",
        id_token: await idToken(claims, honest),
      });
    },
    "/userinfo": () => Response.json(state.lies.userinfo ?? {}),
    "/keys": () => {
      const set = { keys: [jwk] };
      const said = state.lies.keys?.(set) ?? set;
      return said instanceof Response ? said : Response.json(said);
    },
  };
  const server = serve(async (request) => {
    const url = new URL(request.url);
    state.asked.push(url.pathname);
    return await routes[url.pathname]?.(request, url) ?? new Response(null, { status: 404 });
  }, port);
  return Object.assign(state, {
    issuer,
    privateKey,
    jwk,
    [Symbol.asyncDispose]: () => server.close(),
  });
}
