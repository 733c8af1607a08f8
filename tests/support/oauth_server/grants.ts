/**
 * What the double has issued: codes, and grants with their tokens.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { OAuthBehaviour } from "./behaviour.ts";

/** How long a used refresh token gives the same answer, where it does. */
const GRACE_MS = 30_000;

/** What a person allowed a client. */
export interface Grant {
  clientId: string;
  sub: string;
  scopes: string[];
  resource?: string | undefined;
  refreshable: boolean;
  ended?: boolean;
}

/** A code that waits for its client. */
interface Code {
  grant: Grant;
  challenge: string;
  redirectUri: string;
}

interface Refresh {
  grant: Grant;
  usedAt?: number;
  answer?: Record<string, unknown>;
  /** The one that it came from, which lives until this one is used. */
  before?: string | undefined;
}

/** A grant, and what a token of it is for. */
interface Issued {
  grant: Grant;
  resource: string | undefined;
}

type Refused = { error: string; status: number };

export class Grants {
  readonly all: Grant[] = [];
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, Issued & { endsAt: number }>();
  readonly #refresh = new Map<string, Refresh>();
  readonly #behaviour: () => OAuthBehaviour;
  #issued = 0;

  constructor(behaviour: () => OAuthBehaviour) {
    this.#behaviour = behaviour;
  }

  code(code: Code): string {
    const text = `code-${this.#next()}`;
    this.#codes.set(text, code);
    return text;
  }

  exchange(
    form: Record<string, string>,
    clientId: string,
  ): Record<string, unknown> | Refused {
    const code = this.#codes.get(form.code ?? "");
    this.#codes.delete(form.code ?? "");
    const { wrongVerifier = { status: 400, error: "invalid_grant" }, oneGrant } = this.#behaviour();
    if (code === undefined || code.grant.clientId !== clientId) return INVALID_GRANT;
    if (code.redirectUri !== form.redirect_uri) return INVALID_GRANT;
    const challenge = createHash("sha256").update(form.code_verifier ?? "").digest("base64url");
    if (challenge !== code.challenge) return wrongVerifier;
    const grant = code.grant;
    for (const other of oneGrant ? this.all : []) {
      if (other.sub === grant.sub && other.clientId === clientId) other.ended = true;
    }
    this.all.push(grant);
    return this.#answer(
      this.#at(grant, form),
      grant.refreshable ? this.#newRefresh(grant) : undefined,
    );
  }

  refresh(
    form: Record<string, string>,
    clientId: string,
  ): Record<string, unknown> | Refused {
    const { rotation = "strict" } = this.#behaviour();
    const token = form.refresh_token ?? "";
    const known = this.#refresh.get(token);
    if (known === undefined || known.grant.ended || known.grant.clientId !== clientId) {
      return INVALID_GRANT;
    }
    const { grant } = known;
    const at = this.#at(grant, form);
    if (known.before !== undefined) this.#refresh.delete(known.before);
    if (rotation === "stays") return this.#answer(at, token);
    if (rotation === "silent") return this.#answer(at, undefined);
    if (rotation === "overlap") return this.#answer(at, this.#newRefresh(grant, token));
    if (known.usedAt !== undefined) {
      const isEarly = this.#now() - known.usedAt < GRACE_MS;
      if (rotation === "grace" && isEarly) return known.answer!;
      grant.ended = true;
      return INVALID_GRANT;
    }
    known.usedAt = this.#now();
    return known.answer = this.#answer(at, this.#newRefresh(grant));
  }

  /** RFC 7009: the grant goes with its refresh token. */
  revoke(token: string): void {
    const refresh = this.#refresh.get(token);
    if (refresh !== undefined) refresh.grant.ended = true;
    else if (!this.#behaviour().outliving) this.#access.delete(token);
  }

  whose(token: string): Grant | undefined {
    const found = this.#access.get(token);
    if (found === undefined || found.endsAt <= this.#now()) return undefined;
    if (found.grant.ended && !this.#behaviour().outliving) return undefined;
    return { ...found.grant, resource: found.resource };
  }

  endAccess(sub?: string): void {
    for (const [token, { grant }] of this.#access) {
      if (sub === undefined || grant.sub === sub) this.#access.delete(token);
    }
  }

  endGrants(sub?: string): void {
    for (const grant of this.all) if (sub === undefined || grant.sub === sub) grant.ended = true;
    this.endAccess(sub);
  }

  /** The grant as a token request means it: some servers want `resource` to be said each time. */
  #at(grant: Grant, { resource }: Record<string, string>): Issued {
    const said = this.#behaviour().resource === "required" ? resource : resource ?? grant.resource;
    return { grant, resource: said };
  }

  #answer({ grant, resource }: Issued, refreshToken: string | undefined): Record<string, unknown> {
    const behaviour = this.#behaviour();
    const seconds = "tokenSeconds" in behaviour ? behaviour.tokenSeconds : 3600;
    const token = `access-${grant.sub}-${this.#next()}`;
    const endsAt = this.#now() + (seconds ?? 3600) * 1000;
    this.#access.set(token, { grant, resource, endsAt });
    return {
      access_token: token,
      token_type: "Bearer",
      expires_in: seconds,
      refresh_token: refreshToken,
      scope: grant.scopes.length === 0 ? undefined : grant.scopes.join(" "),
    };
  }

  #newRefresh(grant: Grant, before?: string): string {
    const token = `refresh-${grant.sub}-${this.#next()}`;
    this.#refresh.set(token, { grant, before });
    return token;
  }

  #next(): string {
    this.#issued += 1;
    return `${this.#issued}-${crypto.randomUUID()}`;
  }

  #now(): number {
    return this.#behaviour().now?.() ?? Date.now();
  }
}

const INVALID_GRANT: Refused = { error: "invalid_grant", status: 400 };
