/**
 * The provider of the model: what it issues, refuses and revokes, and what it
 * makes of a refresh token that comes again.
 *
 * @module
 */

import type { TokenAnswer } from "../../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../../broker/core/connection.ts";

/** What an access token lives. */
export const LIFETIME_MS = 60 * 60_000;

/** What a provider does with the refresh token that was used. */
export type Rotation =
  /** It stays good. */
  | "keeps"
  /** It is used up; the answer brings the next one. */
  | "rotates"
  /** And when it comes again, everything from that authorization ends (RFC 9700 §4.14.2). */
  | "revokes_reused";

/** One authorization by the person, with what was issued on it. */
interface Grant {
  latest: number;
  revoked: boolean;
}

/**
 * The provider. Its tokens tell where they are from: `a1.2` and `r1.2` are the
 * third token set of the second authorization.
 */
export class ModelProvider {
  readonly #grants: Grant[] = [];
  /** Access tokens → when they end and who got them. */
  readonly issued: { accessToken: string; until: number; to: string }[] = [];
  /** Refresh requests, by whom. */
  readonly requests: string[] = [];
  /** Refresh tokens that were answered with `invalid_grant`. */
  readonly refused: string[] = [];
  /** Access tokens of the token sets that it was asked to revoke. */
  readonly revoked: string[] = [];
  /** Given to the first refresh requests; it changes nothing. */
  readonly answers: TokenAnswer[] = [];
  /** Does not hear of revocations. */
  deaf = false;

  constructor(readonly rotation: Rotation) {}

  /** The person authorizes (again). */
  authorize(to: string, now: number, leftMs = LIFETIME_MS): TokenSet {
    this.#grants.push({ latest: 0, revoked: false });
    const grant = this.#grants.length - 1;
    const accessToken = this.#issue(grant, 0, to, now + leftMs);
    return {
      accessToken,
      tokenType: "Bearer",
      scopes: [],
      refreshToken: `r${grant}.0`,
      issuedAt: now + leftMs - LIFETIME_MS,
      expiresAt: now + leftMs,
    };
  }

  refresh(refreshToken: string, to: string, now: number): TokenAnswer {
    this.requests.push(to);
    const answer = this.answers.shift() ?? this.#answer(refreshToken, to, now);
    if (answer.kind === "rejected" && answer.code === "invalid_grant") {
      this.refused.push(refreshToken);
    }
    return answer;
  }

  #answer(refreshToken: string, to: string, now: number): TokenAnswer {
    const { grant, serial } = placeOf(refreshToken);
    const state = this.#grants[grant]!;
    if (!this.accepts(refreshToken)) {
      if (this.rotation === "revokes_reused" && serial < state.latest) state.revoked = true;
      return { kind: "rejected", code: "invalid_grant" };
    }
    state.latest += 1;
    const accessToken = this.#issue(grant, state.latest, to, now + LIFETIME_MS);
    const rotated = this.rotation === "keeps" ? {} : { refreshToken: `r${grant}.${state.latest}` };
    const expiresIn = LIFETIME_MS / 1000;
    return { kind: "issued", tokens: { accessToken, tokenType: "Bearer", expiresIn, ...rotated } };
  }

  /** Ends the authorization, where the refresh token still stands for it (RFC 7009 §2.1). */
  revoke({ accessToken, refreshToken }: TokenSet): boolean {
    this.revoked.push(accessToken);
    if (!this.deaf && this.accepts(refreshToken!)) {
      this.#grants[placeOf(refreshToken!).grant]!.revoked = true;
    }
    return !this.deaf;
  }

  /** Whether a refresh with it would bring a token set. */
  accepts(refreshToken: string): boolean {
    const { grant, serial } = placeOf(refreshToken);
    const { latest, revoked } = this.#grants[grant]!;
    return !revoked && (this.rotation === "keeps" || serial === latest);
  }

  /** Whether its API takes the access token. */
  opens(accessToken: string, now: number): boolean {
    const found = this.issued.find((one) => one.accessToken === accessToken);
    return found !== undefined && found.until > now &&
      !this.#grants[placeOf(accessToken).grant]!.revoked;
  }

  state(): unknown {
    return [this.#grants, this.issued, this.requests, this.refused, this.revoked];
  }

  #issue(grant: number, serial: number, to: string, until: number): string {
    const accessToken = `a${grant}.${serial}`;
    this.issued.push({ accessToken, until, to });
    return accessToken;
  }
}

function placeOf(token: string): { grant: number; serial: number } {
  const [grant = NaN, serial = NaN] = token.slice(1).split(".").map(Number);
  return { grant, serial };
}

/** Whether `a` was issued before `b`. */
export function isOlder(a: TokenSet, b: TokenSet): boolean {
  const [one, other] = [placeOf(a.accessToken), placeOf(b.accessToken)];
  return one.grant < other.grant || one.grant === other.grant && one.serial < other.serial;
}
