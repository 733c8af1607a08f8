/**
 * Who may sign in, by today's configuration. What a sign-in gave (a session,
 * the grants of MCP clients, personal tokens) holds only as long as the same
 * person could sign in again: it is asked at every use.
 *
 * @module
 */

import { partsOf, type Subject } from "../broker/core/subject.ts";
import type { Operator } from "../broker/core/settings.ts";
import type { World } from "../broker/core/world.ts";

/** What is kept of a sign-in, with everything that came of it. */
export interface SignedIn {
  subject: Subject;
  /** The verified address that it was allowed by; absent in records of versions before 0.2. */
  email?: string | undefined;
}

/** Who may sign in. */
export interface SignInRule {
  /** Whether an e-mail address may sign in, as a provider says it. */
  admits(email: string | undefined, provider?: string): boolean;
  /** Whether a sign-in of earlier still holds. Nobody knows by whose address one of before 0.2 was. */
  stillAdmits(signedIn: SignedIn): boolean;
  /** Whether a person who is signed in runs this program, by what is set today. */
  isOperator(signedIn: SignedIn): boolean;
}

/**
 * The rule of `SIGN_IN_ALLOW` (`*@example.com`, `me@gmail.com`, or `*` for
 * everybody; empty: nobody) and of the providers that people sign in with.
 * Operators may, too: whoever runs the program need not be let in to it.
 * Patterns and addresses compare without case, in ASCII.
 */
export function createSignInRule(
  allow: string[],
  providers: string[],
  operators: Operator[] = [],
): SignInRule {
  const everybody = allow.includes("*");
  const patterns = new Set(allow.map(lowered));
  // With the provider that says whose the address is: another one's word makes nobody an operator.
  const named = new Set(operators.map(({ provider, email }) => `${provider}:${lowered(email)}`));
  const isNamed = (provider: string, email: string) => named.has(`${provider}:${lowered(email)}`);
  function admits(email: string | undefined, provider?: string): boolean {
    const address = lowered(email ?? "");
    const [, domain] = /^[^@\s]+@([^@\s]+)$/.exec(address) ?? [];
    if (domain === undefined) return false;
    return everybody || patterns.has(address) || patterns.has(`*@${domain}`) ||
      (provider !== undefined && isNamed(provider, address));
  }
  return {
    admits,
    stillAdmits({ subject, email }) {
      const { realm } = partsOf(subject);
      return providers.includes(realm) &&
        (email === undefined ? everybody : admits(email, realm));
    },
    isOperator({ subject, email }) {
      const { realm } = partsOf(subject);
      return email !== undefined && providers.includes(realm) && isNamed(realm, email);
    },
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
