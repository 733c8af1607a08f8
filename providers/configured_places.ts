/**
 * What an entry of `PROVIDERS` says of addresses with places in them, and of
 * what goes there.
 *
 * @module
 */

import { z } from "zod";
import { isSecureAddress, SECURE } from "../broker/core/addresses.ts";
import { isHostOpen, originOf, placesIn } from "./placeholders.ts";

/** Names that one entry keeps, of each kind. */
export const MOST_EXTRA = 20;

/** Codes, tokens, client secrets and people's browsers go there. Places are looked at below. */
export const Endpoint = z.string().refine(
  (url) => isSecureAddress(url) || (placesIn(url).length > 0 && isSecureAddress(withXs(url))),
  `${SECURE}, an absolute URL without user`,
);

/** Something in each place, to see whether an address comes of it. */
function withXs(template: string): string {
  const origin = originOf(template);
  return template.replace(origin, origin.startsWith("{") ? "https://x" : origin)
    .replaceAll(/\{\w+\}/g, "x");
}

/** A name of something that is kept beside the tokens. */
export const ExtraName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "must be a-z, 0-9 and _");

/** Where it stands in an answer, with dots for what is nested. */
export const Members = z.record(ExtraName, z.string().min(1).max(200))
  .refine((all) => Object.keys(all).length <= MOST_EXTRA, `must be at most ${MOST_EXTRA}`);

export const ParamSpec = z.strictObject({
  title: z.string().min(1).max(80),
  pattern: z.string().min(1).max(500).refine(isPattern, "must be a regular expression"),
});

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
}

/** A name, or all below one that has a dot: nobody means every host of a country. */
export const Host = z.string().regex(
  /^(\*\.[a-z0-9-]+\.|[a-z0-9])[a-z0-9.-]{0,250}[a-z0-9]$/,
  "must be a host, or *. and the domain that it is below",
);

/** What addresses with places need: a name for each place, and hosts for the open ones. */
interface Placed {
  /** Absent where nobody is sent anywhere. */
  authorization_endpoint?: string | undefined;
  token_endpoint: string;
  revocation_endpoint?: string | undefined;
  userinfo_endpoint?: string | undefined;
  api_url?: string | undefined;
  extra?: Record<string, string> | undefined;
  userinfo_extra?: Record<string, string> | undefined;
  callback_extra?: string[] | undefined;
  params?: Record<string, unknown> | undefined;
  hosts?: string[] | undefined;
}

/** What is wrong with them: at which member, and what. */
export function faultOfPlaces(spec: Placed): [path: string, message: string] | undefined {
  const params = Object.keys(spec.params ?? {});
  const said = [
    ...Object.keys(spec.extra ?? {}),
    ...Object.keys(spec.userinfo_extra ?? {}),
    ...(spec.callback_extra ?? []),
  ];
  // Otherwise an answer would say where the next secret goes.
  const both = params.find((name) => said.includes(name));
  if (both !== undefined) return ["params", `${both} is taken from an answer, too`];
  const { authorization_endpoint, token_endpoint, revocation_endpoint } = spec;
  const asked = { authorization_endpoint, token_endpoint };
  const later = { revocation_endpoint, userinfo_endpoint: spec.userinfo_endpoint };
  const all = { ...asked, ...later, api_url: spec.api_url };
  for (const [path, url = ""] of Object.entries(all)) {
    const known = path in asked ? params : [...params, ...said];
    const unknown = placesIn(url).find((name) => !known.includes(name));
    if (unknown !== undefined) return [path, `nothing says what {${unknown}} is`];
    if (isHostOpen(url) && (spec.hosts ?? []).length === 0) {
      return ["hosts", `is needed, since ${path} leads to a host per customer`];
    }
  }
  return undefined;
}
