/**
 * What a request to the token endpoint brings to prove which client makes it:
 * a secret by HTTP Basic or in the form (RFC 6749 §2.3.1), or an assertion (RFC
 * 7521 §4.2).
 *
 * @module
 */

import { type Credentials, requireOneWay } from "../../gateway/gateway.ts";

/** With the client's id, where it is said beside the assertion. */
export function credentialsOf(
  authorization: string | undefined,
  form: Record<string, string>,
): Omit<Credentials, "address"> & { id: string | undefined } {
  const basic = basicCredentials(authorization);
  const found = {
    id: basic?.id ?? form.client_id,
    // What looks like Basic and cannot be read is a way of proving it, too, and a wrong one.
    secret: basic?.secret ?? form.client_secret ?? (isBasic(authorization) ? "" : undefined),
    assertion: form.client_assertion,
    assertionType: form.client_assertion_type,
  };
  requireOneWay(found);
  return found;
}

function isBasic(authorization: string | undefined): boolean {
  return /^Basic\b/i.test(authorization ?? "");
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]{1,2000})$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  try {
    const pair = atob(encoded);
    const colon = pair.indexOf(":");
    const decode = (part: string) => decodeURIComponent(part.replaceAll("+", " "));
    return { id: decode(pair.slice(0, colon)), secret: decode(pair.slice(colon + 1)) };
  } catch {
    return undefined;
  }
}
