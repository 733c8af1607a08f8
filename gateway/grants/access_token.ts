/**
 * Access tokens of the gateway: JWTs by jose (RFC 9068), one algorithm, keys
 * that never leave this program.
 *
 * @module
 */

import { jwtVerify, SignJWT } from "jose";
import { isAhead } from "../../broker/core/clock.ts";
import { isRecord } from "../../broker/core/json.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { World } from "../../broker/core/world.ts";

/** How long an access token lives, in seconds. A revoked grant ends it at once. */
export const ACCESS_TOKEN_SECONDS = 3600;
const ALGORITHM = "HS256";
/** RFC 9068 §2.1. */
const TYPE = "at+jwt";

/** Keys for signing, by id; the current one signs. */
export interface SigningKeys {
  primary(): Promise<string>;
  signingKey(id: string): Promise<CryptoKey | undefined>;
}

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
  return {
    async sign({ subject, clientId, grantId, scopes, audience, branch, jkt }) {
      const now = Math.floor(world.now() / 1000);
      const kid = await keys.primary();
      const scope = scopes.join(" ");
      const bound = jkt === undefined ? {} : { cnf: { jkt } };
      return await new SignJWT({ client_id: clientId, grant_id: grantId, scope, branch, ...bound })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(issuer)
        .setSubject(subject)
        .setAudience(audience)
        .setJti(world.secret())
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
        .sign(await keyOf(keys, kid));
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, ({ kid }) => keyOf(keys, kid), {
          issuer,
          algorithms: [ALGORITHM],
          typ: TYPE,
          currentDate: new Date(world.now()),
          requiredClaims: ["sub", "aud", "iat", "exp", "client_id", "grant_id", "scope"],
        });
        const { sub, aud, iat, client_id, grant_id, scope, branch, cnf } = payload;
        const jkt = isRecord(cnf) ? cnf.jkt : undefined;
        // Bound to what is not known here: nobody's.
        if (cnf !== undefined && typeof jkt !== "string") return undefined;
        // Signed by a clock that ran ahead: it would live until the right one has come there.
        if (isAhead(iat! * 1000, world.now())) return undefined;
        return {
          subject: sub as Subject,
          clientId: String(client_id),
          grantId: String(grant_id),
          scopes: String(scope).split(" ").filter(Boolean),
          audience: String(aud),
          ...(typeof branch === "number" ? { branch } : {}),
          ...(typeof jkt === "string" ? { jkt } : {}),
        };
      } catch {
        // Forged, expired, of another issuer: the caller is told nothing more.
        return undefined;
      }
    },
  };
}

/** @throws {TypeError} where there is no such key. */
export async function keyOf(keys: SigningKeys, id: string | undefined): Promise<CryptoKey> {
  const key = id === undefined ? undefined : await keys.signingKey(id);
  if (key === undefined) throw new TypeError("Cannot verify: the key is unknown");
  return key;
}
