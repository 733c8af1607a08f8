/**
 * What an OAuth client's id and secret look like, and what was pasted in their
 * place. Nothing of a value is ever repeated.
 *
 * @module
 */

import { lookUp } from "../core/lists.ts";
import { variable } from "../core/variable.ts";
import { faultOf } from "./env.ts";

/** What the two look like at providers that make them so that one can tell (seen November 2026). */
interface Looks {
  id: RegExp;
  secret: RegExp;
}

/** Only what no other thing looks like: what is in neither column is nobody's fault. */
const LOOKS: Record<string, Looks> = {
  github: { id: /^(Iv1\.|Iv23|Ov23)/, secret: /^[0-9a-f]{40}$/ },
  github_app: { id: /^(Iv1\.|Iv23)/, secret: /^[0-9a-f]{40}$/ },
  google: { id: /\.apps\.googleusercontent\.com$/, secret: /^GOCSPX-/ },
  slack: { id: /^\d{6,20}\.\d{6,20}$/, secret: /^[0-9a-f]{32}$/ },
  asana: { id: /^\d{12,20}$/, secret: /^[0-9a-f]{32}$/ },
};

/** RFC 6749, appendix A.1 and A.2: what is not of these came along from a page. */
const VISIBLE = /^[\x20-\x7e]*$/;
const QUOTED = /^(["']).*\1$/s;

/** Whether somebody wrote quotes that nobody took away. */
export function isQuoted(text: string): boolean {
  return text.length > 1 && QUOTED.test(text);
}

/** What is wrong with quotes, for messages. */
export const QUOTES =
  "has quotes around its value, and they are taken for a part of it. A shell and .env take them " +
  "away, `docker --env-file` and consoles do not: write it without";

/** What can never work, of one provider's client; `isReal`: it is the provider itself that is asked. */
export function clientFaults(
  name: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  isReal: boolean,
): string[] {
  const [id, secret] = [variable(name, "CLIENT_ID"), variable(name, "CLIENT_SECRET")];
  const faults = [[id, clientId], [secret, clientSecret]].flatMap(([each, text]) =>
    textFault(text!) === undefined ? [] : [faultOf(each!, textFault(text!)!)]
  );
  const looks = isReal ? lookUp(LOOKS, name) : undefined;
  if (faults.length > 0 || looks === undefined) return faults;
  const [idIsSecret, secretIsId] = [looks.secret.test(clientId), looks.id.test(clientSecret)];
  if (idIsSecret && secretIsId) {
    return [faultOf(id, `holds the secret, and ${secret} the id: they are swapped`)];
  }
  if (idIsSecret) faults.push(faultOf(id, "holds what is a client secret there, not an id"));
  if (secretIsId) faults.push(faultOf(secret, "holds what is a client id there, not a secret"));
  return faults;
}

function textFault(text: string): string | undefined {
  if (isQuoted(text)) return QUOTES;
  return VISIBLE.test(text)
    ? undefined
    : "holds a character that cannot be seen, or is no ASCII: copy it anew, without what stands around it";
}
