/**
 * One process of the model: the real grants of the gateway over the real store,
 * on a database in memory that the model puts in its place.
 *
 * @module
 */

import type { Client } from "../../../broker/core/client.ts";
import { type Grant, grantLifetimes } from "../../../broker/core/grant.ts";
import { digest } from "../../../broker/core/secrets.ts";
import type { World } from "../../../broker/core/world.ts";
import { type GrantDeps, readAccess } from "../../../gateway/grants/access.ts";
import {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type GatewayTokens,
} from "../../../gateway/grants/access_token.ts";
import { branchesOf, TRUNK } from "../../../gateway/grants/branches.ts";
import { endBranch } from "../../../gateway/grants/grant_ends.ts";
import { type GatewayTokenSet, GrantError, issueTokens } from "../../../gateway/grants/grants.ts";
import { refreshGrant } from "../../../gateway/grants/refresh.ts";
import type { Proof } from "../../../gateway/dpop/proofs.ts";
import type { KeyRing } from "../../../vault/key_ring.ts";
import type { Records } from "../../../vault/records.ts";
import { createStore } from "../../../vault/store.ts";

export const HOUR_MS = 60 * 60_000;
export const DAY_MS = 24 * HOUR_MS;
export const LIFETIMES = grantLifetimes(30, 180);
const NOON = Date.UTC(2026, 0, 1, 12);
const SUBJECT = "github:1";
const GRANT_ID = "g";

/** What a presented refresh token brought. */
export interface Given {
  refresh: string;
  access: string;
  /** The chain, as the access token says it. */
  branch: number;
}

/** Time and chance, which all processes of a model share. */
export interface Shared {
  clock: number;
  secrets: number;
  /** What was logged. */
  events: string[];
}

export function newShared(): Shared {
  return { clock: NOON, secrets: 0, events: [] };
}

/** The honest client, and one that a thief has registered. */
export const CLIENTS = { own: clientOf("own"), foreign: clientOf("foreign") };

function clientOf(id: string): Client {
  return { id, name: id, redirectUris: [], kind: "registered" };
}

/** In the place of JWTs, which would take most of a search's time: the same claims, and the same end. */
function plainTokens({ now }: Pick<World, "now">): GatewayTokens {
  return {
    sign: (claims) => Promise.resolve(JSON.stringify({ claims, at: now() })),
    verify(token) {
      const { claims, at } = JSON.parse(token) as { claims: AccessClaims; at: number };
      return Promise.resolve(now() < at + ACCESS_TOKEN_SECONDS * 1000 ? claims : undefined);
    },
  };
}

/** A process: the gateway's own functions over `records`. */
export class ModelGateway {
  readonly #deps: GrantDeps;

  constructor(records: Records, ring: KeyRing, shared: Shared) {
    const world: World = {
      now: () => shared.clock,
      secret: () => String(shared.secrets++).padStart(43, "0"),
      sleep: () => Promise.resolve(),
      random: () => 0.5,
      log: ({ event }) => void shared.events.push(event),
      metrics: { refresh: () => {}, waited: () => {}, takeover: () => {} },
    };
    this.#deps = {
      store: createStore(records, ring, world, { records }),
      tokens: plainTokens(world),
      world,
      rule: { admits: () => true, stillAdmits: () => true, isOperator: () => false },
      lifetimes: LIFETIMES,
      identified: { caller: () => {} },
    };
  }

  /** A person agrees: the client's first tokens, bound to a key if there is one. */
  async begin(key?: string): Promise<Given> {
    const { store, world } = this.#deps;
    const grant: Grant = {
      subject: SUBJECT,
      id: GRANT_ID,
      clientId: CLIENTS.own.id,
      name: "Desk",
      scopes: ["github"],
      resource: "https://gateway.example/mcp",
      createdAt: world.now(),
      usedAt: world.now(),
    };
    await store.grants.put(grant, null);
    return await this.#given(await issueTokens(this.#deps, grant, CLIENTS.own, proofOf(key)));
  }

  /** A refresh token comes to the token endpoint; `undefined`: it is refused. */
  async present(
    refreshToken: string,
    client = CLIENTS.own,
    key?: string,
  ): Promise<Given | undefined> {
    try {
      const exchange = { client, refreshToken, resource: undefined, proof: proofOf(key) };
      return await this.#given(await refreshGrant(this.#deps, exchange));
    } catch (error) {
      if (error instanceof GrantError && error.error === "invalid_grant") return undefined;
      throw error;
    }
  }

  /** Whether the MCP endpoint takes an access token. */
  async opens(access: string): Promise<boolean> {
    // Whoever has a token that is bound has its key here.
    const jkt = (await this.#deps.tokens.verify(access))?.jkt;
    return await readAccess(this.#deps, access, proofOf(jkt)) !== undefined;
  }

  /** The person's buttons. */
  async endBranch(branch: number): Promise<void> {
    await endBranch(this.#deps, SUBJECT, GRANT_ID, branch);
  }
  async revoke(): Promise<void> {
    await this.#deps.store.grants.delete(SUBJECT, GRANT_ID);
  }

  /** The chains that the person sees. */
  async places(): Promise<number[]> {
    const grant = await this.grant();
    if (grant === undefined) return [];
    return branchesOf(grant, LIFETIMES, this.#deps.world.now()).map(({ id }) => id);
  }

  async grant(): Promise<Grant | undefined> {
    return (await this.#deps.store.grants.get(SUBJECT, GRANT_ID))?.value;
  }

  /** What is kept of a refresh token. */
  async kept(refreshToken: string): Promise<unknown> {
    return (await this.#deps.store.secrets.peek(digest(refreshToken)))?.value;
  }

  async #given({ refreshToken, accessToken }: GatewayTokenSet): Promise<Given> {
    const claims = await this.#deps.tokens.verify(accessToken);
    return { refresh: refreshToken, access: accessToken, branch: claims!.branch ?? TRUNK };
  }
}

/** A proof of a key, which is good every time. */
function proofOf(jkt: string | undefined): Proof | undefined {
  const claim = () => Promise.resolve();
  return jkt === undefined ? undefined : { jkt, claim, claimHere: claim };
}
