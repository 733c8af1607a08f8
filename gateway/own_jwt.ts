/**
 * JWTs that this program makes for itself, by jose: one algorithm, keys that
 * never leave it, and a type for each use, so that none is taken for another.
 *
 * @module
 */

import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { isAhead } from "../broker/core/clock.ts";
import type { World } from "../broker/core/world.ts";

const ALGORITHM = "HS256";

/** Keys for signing, by id; the current one signs. */
export interface SigningKeys {
  primary(): Promise<string>;
  signingKey(id: string): Promise<CryptoKey | undefined>;
}

/** What a JWT has to be. */
export interface OwnKind {
  /** `typ` of its header. */
  type: string;
  issuer: string;
  /** Absent: any. */
  audience?: string | undefined;
  /** Claims without which it is none, beside `iat` and `exp`. */
  requires: string[];
}

/** Signs claims as one type. */
export async function signOwn(
  keys: SigningKeys,
  type: string,
  claims: JWTPayload,
): Promise<string> {
  const kid = await keys.primary();
  return await new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: type, kid })
    .sign(await keyOf(keys, kid));
}

/** The claims of a living JWT of ours; `undefined` for everything else. */
export async function readOwn(
  keys: SigningKeys,
  world: Pick<World, "now">,
  jwt: string,
  { type, issuer, audience, requires }: OwnKind,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, ({ kid }) => keyOf(keys, kid), {
      issuer,
      ...(audience === undefined ? {} : { audience }),
      algorithms: [ALGORITHM],
      typ: type,
      currentDate: new Date(world.now()),
      requiredClaims: ["iat", "exp", ...requires],
    });
    // Signed by a clock that ran ahead: it would live until the right one has come there.
    return isAhead(payload.iat! * 1000, world.now()) ? undefined : payload;
  } catch {
    // Forged, expired, of another issuer: the caller is told nothing more.
    return undefined;
  }
}

async function keyOf(keys: SigningKeys, id: string | undefined): Promise<CryptoKey> {
  const key = id === undefined ? undefined : await keys.signingKey(id);
  if (key === undefined) throw new TypeError("Cannot verify: the key is unknown");
  return key;
}
