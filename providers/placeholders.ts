/**
 * Addresses with places in them: `https://{shop}/admin/oauth/authorize`. What
 * goes there was said by an app, a person or the provider, so whatever it is,
 * the address must come out at a host that the provider's entry names, by
 * https: a token, or the client's secret, never goes to a host of an answer's
 * choice.
 *
 * @module
 */

import { leadsUp, withoutTrailingSlashes } from "../broker/core/addresses.ts";
import type { Extra } from "../broker/core/connection.ts";
import { inOwnWords } from "../broker/core/own_words.ts";

const PLACE = /\{([A-Za-z][A-Za-z0-9_]{0,63})\}/g;
/** What an address begins with, up to its path. */
const ORIGIN = /^(?:[a-z]+:\/\/[^/]*|\{[A-Za-z0-9_]+\})/;
/** In a host: no dot of its own but between names, nothing that ends a host. */
const IN_HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** An address has a place that nothing is known for, or came out where it may not. */
export class Unfilled extends Error {
  override name = "Unfilled";
}

/** The names of an address's places. */
export function placesIn(template: string): string[] {
  return [...template.matchAll(PLACE)].map(([, name]) => name!);
}

/** Whether the host itself is open. */
export function isHostOpen(template: string): boolean {
  return placesIn(originOf(template)).length > 0;
}

/** The beginning of an address, up to its path, places and all. */
export function originOf(template: string): string {
  return ORIGIN.exec(template)?.[0] ?? template;
}

/** The same with another origin, as where one server stands in for all hosts. */
export function movedTo(base: string, template: string): string {
  return withoutTrailingSlashes(base) + template.replace(ORIGIN, "");
}

/**
 * The address with everything in its place. `hosts` are names of hosts, or
 * `*.example.com` for all below one.
 *
 * @throws {Unfilled} whose message repeats nothing of what was said.
 */
export function filled(template: string, extra: Extra = {}, hosts: string[] = []): string {
  if (placesIn(template).length === 0) return template;
  const origin = originOf(template);
  const valueOf = (name: string) => {
    const value = Object.hasOwn(extra, name) ? extra[name]! : "";
    if (value === "") throw unfilled(`nothing is known of ${name}`);
    return value;
  };
  const rest = template.slice(origin.length)
    .replaceAll(PLACE, (_, name) => {
      const value = valueOf(name);
      // A `..` is not encoded, and would leave the path that the entry says.
      if (leadsUp(value)) throw unfilled(`${name} is no part of a path`);
      return encodeURIComponent(value);
    });
  if (!isHostOpen(template)) return origin + rest;
  const isWhole = origin.startsWith("{");
  const host = origin.replaceAll(PLACE, (_, name) => {
    const value = valueOf(name);
    if (!isWhole && !IN_HOST.test(value)) throw unfilled(`${name} is no part of a host`);
    return value;
  });
  const url = URL.parse(host);
  const isThere = url?.protocol === "https:" && url.username === "" && url.password === "" &&
    url.port === "" && isHostOf(url.hostname, hosts);
  if (!isThere) throw unfilled("it leads to a host that the entry does not name");
  // Of a whole address its host counts, and nothing else of it.
  return url.origin + rest;
}

/** Whether a host is one of those. */
export function isHostOf(host: string, hosts: string[]): boolean {
  return hosts.some((one) =>
    one.startsWith("*.")
      ? host.endsWith(one.slice(1)) && /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host) &&
        host.length > one.length - 1
      : host === one
  );
}

function unfilled(detail: string): Unfilled {
  return inOwnWords(new Unfilled(detail));
}
