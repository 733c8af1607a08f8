/**
 * What authorization servers answer to a token request (RFC 6749 §5) and to a
 * revocation (RFC 7009 §2.2), and what providers make of either.
 *
 * Nothing of an answer is quoted: it may hold tokens.
 *
 * @module
 */

import type { Revocation, TokenAnswer } from "../broker/core/authorization_server.ts";
import { type FormRequest, postForm } from "./post_form.ts";

/** How a provider's answers differ from the standard's. */
export interface Dialect {
  /** The provider's own error codes → RFC 6749's. */
  errorCodes?: Record<string, string> | undefined;
  /** Answers to a refresh that mean that the grant is over; `member` is a path with dots. */
  deadGrants?:
    | {
      status?: number | undefined;
      member: string;
      equals?: string | undefined;
      contains?: string | undefined;
    }[]
    | undefined;
  /** Finds the members of RFC 6749 §5.1 in an answer that keeps them elsewhere. */
  liftAnswer?: ((wire: Wire) => Wire) | undefined;
}

type Wire = Record<string, unknown>;

/** The statuses with which a server says no in its own code (RFC 6749 §5.2). */
const REFUSED = [400, 401];

/** Asks a token endpoint. Does not throw, whatever it answers. */
export async function postToken(request: FormRequest, dialect: Dialect = {}): Promise<TokenAnswer> {
  const answer = await postForm(request);
  if (answer.kind === "failed") return answer;
  const { status, text, retryAfter } = answer;
  const wire = objectOf(text);
  if (status === 200 && wire !== undefined) return issuedBy(wire, dialect);
  const code = REFUSED.includes(status) ? errorOf(wire) : undefined;
  if (code !== undefined) return rejected(code, dialect);
  return { kind: "failed", reason: unusable(status), retryAfter };
}

/** Tells a revocation endpoint. A server that no longer knows the token has revoked it. */
export async function postRevocation(request: FormRequest): Promise<Revocation> {
  const answer = await postForm(request);
  if (answer.kind === "failed") return { kind: "failed", reason: answer.reason };
  const { status, text } = answer;
  if (status === 200) return { kind: "revoked" };
  const code = REFUSED.includes(status) ? errorOf(objectOf(text)) : undefined;
  if (code === "invalid_token") return { kind: "revoked" };
  const reason = code === undefined ? unusable(status) : "the provider refused";
  return { kind: "failed", reason };
}

/** RFC 6749 §5.1. */
function issuedBy(answer: Wire, dialect: Dialect): TokenAnswer {
  // GitHub answers 200 with {error} (seen November 2026).
  if (typeof answer.error === "string") return rejected(answer.error, dialect);
  const wire = dialect.liftAnswer?.(answer) ?? answer;
  const { access_token, token_type, refresh_token, scope } = wire;
  if (typeof access_token !== "string" || access_token === "") {
    return { kind: "failed", reason: "the answer holds no access_token" };
  }
  const expiresIn = Number(wire.expires_in ?? NaN);
  return {
    kind: "issued",
    tokens: {
      accessToken: access_token,
      // GitHub says "bearer"; RFC 6750's header wants the same word, and some APIs its case.
      tokenType: typeof token_type !== "string" || /^bearer$/i.test(token_type)
        ? "Bearer"
        : token_type,
      // An empty one could not be sent: it counts as none.
      refreshToken: typeof refresh_token === "string" && refresh_token !== ""
        ? refresh_token
        : undefined,
      expiresIn: Number.isFinite(expiresIn) && expiresIn > 0 ? expiresIn : undefined,
      scopes: typeof scope === "string" ? scope.split(/[\s,]+/).filter(Boolean) : undefined,
    },
  };
}

function rejected(code: string, { errorCodes = {} }: Dialect): TokenAnswer {
  const known = Object.hasOwn(errorCodes, code) ? errorCodes[code]! : code;
  // The code is shown and logged: a server that puts something else there is not quoted.
  return { kind: "rejected", code: /^[a-z_]{1,60}$/.test(known) ? known : "unknown_error" };
}

/** The code of an error answer; `undefined` where a member is not what RFC 6749 §5.2 says. */
function errorOf(wire: Wire | undefined): string | undefined {
  if (wire === undefined || typeof wire.error !== "string") return undefined;
  const texts = [wire.error_description, wire.error_uri, wire.state];
  const isOne = texts.every((text) => text === undefined || typeof text === "string");
  return isOne ? wire.error : undefined;
}

function objectOf(text: string): Wire | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Wire : undefined;
  } catch {
    return undefined;
  }
}

function unusable(status: number): string {
  return `unusable answer with status ${status}`;
}
