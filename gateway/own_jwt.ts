/**
 * JWTs that this program makes for itself, by jose: one algorithm, keys that
 * never leave it, and a type for each use, so that none is taken for another.
 *
 * @module
 */

import type { JWTPayload } from "jose";
import { isAhead } from "../broker/core/clock.ts";
import { lazily } from "../broker/core/lazily.ts";
import { digest } from "../broker/core/secrets.ts";
import type { World } from "../broker/core/world.ts";

const ALGORITHM = "HS256";

/** Loaded with the first JWT: whoever calls with an API key brings none. */
const signing = lazily(() => import("jose/jwt/sign"));
const verifying = lazily(() => import("jose/jwt/verify"));

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
  const { SignJWT } = await signing();
  const kid = await keys.primary();
  return await new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, typ: type, kid })
    .sign(await keyOf(keys, kid));
}

/** A JWT that was found to be ours, and the key that said so. */
interface Verified {
  payload: JWTPayload;
  kid: string;
  key: CryptoKey;
}

/** So many JWTs are remembered; where more are used their signatures are judged again. */
export const MOST_VERIFIED = 1_000;
/** By a digest of kind and JWT: no token lies in memory for it. The longest known first. */
const remembered = new WeakMap<SigningKeys, Map<string, Verified>>();

/** How many JWTs of some keys are remembered. */
export function verifiedCount(keys: SigningKeys): number {
  return remembered.get(keys)?.size ?? 0;
}

/**
 * The claims of a living JWT of ours; `undefined` for everything else. A signature is judged once,
 * time and key at every use: what has ended, or was signed by a key that is gone, is nobody's at once.
 */
export async function readOwn(
  keys: SigningKeys,
  world: Pick<World, "now">,
  jwt: string,
  kind: OwnKind,
): Promise<JWTPayload | undefined> {
  const id = digest(JSON.stringify([kind.type, kind.issuer, kind.audience, jwt]));
  let known = remembered.get(keys);
  if (known === undefined) remembered.set(keys, known = new Map());
  let found = known.get(id);
  // Keys that were read again are other objects: then the signature is judged again.
  if (found !== undefined && await keys.signingKey(found.kid) !== found.key) {
    known.delete(id);
    found = undefined;
  }
  found ??= await verified(keys, world, jwt, kind);
  if (found === undefined) return undefined;
  const { payload } = found;
  const now = world.now();
  if (payload.exp! * 1000 <= now) {
    known.delete(id);
    return undefined;
  }
  // Signed by a clock that ran ahead: it would live until the right one has come there.
  if (isAhead(payload.iat! * 1000, now)) return undefined;
  if (!known.has(id)) {
    if (known.size >= MOST_VERIFIED) known.delete(known.keys().next().value!);
    known.set(id, found);
  }
  return payload;
}

async function verified(
  keys: SigningKeys,
  world: Pick<World, "now">,
  jwt: string,
  { type, issuer, audience, requires }: OwnKind,
): Promise<Verified | undefined> {
  const { jwtVerify } = await verifying();
  try {
    const { payload, protectedHeader, key } = await jwtVerify(jwt, ({ kid }) => keyOf(keys, kid), {
      issuer,
      ...(audience === undefined ? {} : { audience }),
      algorithms: [ALGORITHM],
      typ: type,
      currentDate: new Date(world.now()),
      requiredClaims: ["iat", "exp", ...requires],
    });
    return { payload, kid: protectedHeader.kid!, key: key as CryptoKey };
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
