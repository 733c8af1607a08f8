/**
 * Access tokens of the gateway: JWTs of our own (RFC 9068).
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { World } from "../../broker/core/world.ts";
import { readOwn, type SigningKeys, signOwn } from "../own_jwt.ts";

/** How long an access token lives, in seconds. A revoked grant ends it at once. */
export const ACCESS_TOKEN_SECONDS = 3600;
/** RFC 9068 §2.1. */
const TYPE = "at+jwt";

/** What an access token says. */
export interface AccessClaims {
  subject: Subject;
  clientId: string;
  grantId: string;
  scopes: string[];
  /** The resource that it is for (RFC 8707). */
  audience: string;
  /** Thumbprint of the key that whoever uses it has to prove (RFC 9449 §6.1). */
  jkt?: string | undefined;
  /** The chain of refresh tokens that it was issued in; absent: the trunk. */
  branch?: number | undefined;
}

/** Signs and verifies for one issuer. */
export interface GatewayTokens {
  sign(claims: AccessClaims): Promise<string>;
  /** `undefined` for everything that is not a living token of ours. */
  verify(token: string): Promise<AccessClaims | undefined>;
}

/** Signs access tokens in the name of `issuer`, and knows its own again. */
export function createGatewayTokens(
  issuer: string,
  keys: SigningKeys,
  world: World,
): GatewayTokens {
  const requires = ["sub", "aud", "client_id", "grant_id", "scope"];
  const kind = { type: TYPE, issuer, requires };
  return {
    async sign({ subject, clientId, grantId, scopes, audience, branch, jkt }) {
      const now = Math.floor(world.now() / 1000);
      return await signOwn(keys, TYPE, {
        iss: issuer,
        sub: subject,
        aud: audience,
        jti: world.secret(),
        iat: now,
        exp: now + ACCESS_TOKEN_SECONDS,
        client_id: clientId,
        grant_id: grantId,
        scope: scopes.join(" "),
        branch,
        ...(jkt === undefined ? {} : { cnf: { jkt } }),
      });
    },
    async verify(token) {
      const claims = await readOwn(keys, world, token, kind);
      if (claims === undefined) return undefined;
      const { sub, aud, client_id, grant_id, scope, branch, cnf } = claims;
      const jkt = isRecord(cnf) ? cnf.jkt : undefined;
      // Bound to what is not known here: nobody's.
      if (cnf !== undefined && typeof jkt !== "string") return undefined;
      return {
        subject: sub as Subject,
        clientId: String(client_id),
        grantId: String(grant_id),
        scopes: String(scope).split(" ").filter(Boolean),
        audience: String(aud),
        ...(typeof branch === "number" ? { branch } : {}),
        ...(typeof jkt === "string" ? { jkt } : {}),
      };
    },
  };
}
