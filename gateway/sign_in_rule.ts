/**
 * Who may sign in, by today's configuration. What a sign-in gave (a session,
 * the grants of MCP clients, personal tokens) holds only as long as the same
 * person could sign in again: it is asked at every use.
 *
 * @module
 */

import { partsOf, type Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";

/** What is kept of a sign-in, with everything that came of it. */
export interface SignedIn {
  subject: Subject;
  /** The verified address that it was allowed by; absent in records of versions before 0.2. */
  email?: string | undefined;
}

/** Who may sign in. */
export interface SignInRule {
  /** Whether an e-mail address may sign in. */
  admits(email: string | undefined): boolean;
  /** Whether a sign-in of earlier still holds. Nobody knows by whose address one of before 0.2 was. */
  stillAdmits(signedIn: SignedIn): boolean;
}

/**
 * The rule of `SIGN_IN_ALLOW` (`*@example.com`, `me@gmail.com`, or `*` for
 * everybody; empty: nobody) and of the providers that people sign in with.
 * Patterns and addresses compare without case, in ASCII.
 */
export function createSignInRule(allow: string[], providers: string[]): SignInRule {
  const everybody = allow.includes("*");
  const patterns = new Set(allow.map(lowered));
  function admits(email: string | undefined): boolean {
    const address = lowered(email ?? "");
    const [, domain] = /^[^@\s]+@([^@\s]+)$/.exec(address) ?? [];
    if (domain === undefined) return false;
    return everybody || patterns.has(address) || patterns.has(`*@${domain}`);
  }
  return {
    admits,
    stillAdmits: ({ subject, email }) =>
      providers.includes(partsOf(subject).realm) &&
      (email === undefined ? everybody : admits(email)),
  };
}

/** A rule of earlier allowed it, and today's does not. The address is nobody's business in a log. */
export function logRefused(world: World, { subject }: SignedIn, what: "session" | "grant"): void {
  const { realm: provider } = partsOf(subject);
  world.log({ level: "warn", event: "sign_in_refused", provider, what });
}

/** A to Z only: `toLowerCase()` makes a k of the Kelvin sign, and so of one mailbox another. */
function lowered(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
