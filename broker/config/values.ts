/**
 * How single settings are read: each parser says what is wrong, and never
 * repeats what may be a secret.
 *
 * @module
 */

import { isLoopback, isSecure, isSecureAddress, parseUrl, SECURE } from "../core/addresses.ts";
import type { ApiKey } from "../core/api_key.ts";
import { GRANT_DAYS } from "../core/grant.ts";
import { type Network, parseIp, parseNetwork } from "../core/ip_address.ts";
import { bytesOfBase64, bytesOfHex } from "../core/random_secret.ts";
import { REALM } from "../core/subject.ts";
import { asIs, type Context, fault, fitting, optional, type Reader, usually } from "./readers.ts";
import { notApiKey, notKey } from "./texts.ts";

/** Where the program listens unless `PORT` says otherwise. */
export const DEFAULT_PORT = "8000";

/** One key of the ring. */
export interface RingKey {
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A port; 0: any that is free. */
export const port = fitting(
  (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535,
  "must be a port number from 0 to 65535",
  Number,
);

/** A number of days, never none: what must not last is taken back, not given for a moment. */
export function days(usual: number): Reader<number> {
  return usually(
    String(usual),
    fitting(
      (text) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= GRANT_DAYS.most,
      `must be a number of days from 1 to ${GRANT_DAYS.most}`,
      Number,
    ),
  );
}

/** Longer than that nobody waits for a program to end. */
export const MOST_DRAIN_SECONDS = 600;

/** A number of seconds, as ms; absent where it is not set. */
export function seconds(most: number): Reader<number | undefined> {
  return optional(fitting(
    (text) => /^\d{1,3}(\.\d)?$/.test(text) && Number(text) <= most,
    `must be a number of seconds from 0 to ${most}`,
    (text) => Number(text) * 1000,
  ));
}

export function publicUrl(text: string, context: Context): string {
  const url = parseUrl(text);
  if (url === undefined) {
    const isBare = parseUrl(`https://${text}`) !== undefined && !text.includes("/");
    return fault(context, isBare ? "is not a URL: it begins with https://" : "is not a URL");
  }
  if (!isSecure(url)) return fault(context, "must be https (http for localhost only)");
  if (text.split("://").length > 2) return fault(context, "must be one URL, with one scheme");
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password) {
    const why =
      "must have no path, query or user: the program needs a host name, or port, to itself";
    return fault(context, why);
  }
  if (!/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(url.hostname)) {
    return fault(context, "must have the name of one host: no * and no ${…}, which nobody puts in");
  }
  return url.origin;
}

/** Where a provider is. */
export const baseUrl = fitting(
  (text) => {
    const url = parseUrl(text);
    return url !== undefined && isSecure(url) && !url.search && !url.hash && !url.username &&
      !url.password;
  },
  "must be an https URL (http for localhost only) without query or user",
  asIs,
);

export function returnUrl(text: string, context: Context): string {
  if (/\s/.test(text)) return fault(context, "entries stand with commas between them, not spaces");
  const url = parseUrl(text);
  if (url === undefined || !isSecure(url) || url.hash || url.username || url.password) {
    return fault(context, "must be https URLs; one that ends in / allows all below it");
  }
  return url.href;
}

export function signInPattern(text: string, context: Context): string {
  if (text === "*" || /^(\*|[^@\s*]+)@[^@\s*]+$/.test(text)) return text;
  if (/[\s;]/.test(text)) return fault(context, "entries stand with commas between them");
  const isDomain = /^@?[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text);
  if (isDomain) {
    return fault(
      context,
      "an entry is not an e-mail address, *@domain, or *: put *@ before a domain",
    );
  }
  return fault(context, "an entry is not an e-mail address, *@domain, or *");
}

/** An address of this machine to listen on; `localhost` is 127.0.0.1 or ::1, as the system says. */
export function listenAddress(text: string, context: Context): string {
  const isAddress = text === "localhost" || parseIp(text) !== undefined;
  return isAddress ? text : fault(context, "is not an IP address or localhost");
}

/** A file, or the address of a remote KV, to which the access token is sent. */
export function kvPath(text: string, context: Context): string {
  if (/^(?!https?:)[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    return fault(context, "is a URL of another kind: it is a file's path, or a KV's https address");
  }
  if (!/^https?:/i.test(text)) return text;
  return isSecureAddress(text) ? text : fault(context, `${SECURE}, without user`);
}

export function hostName(text: string, context: Context): string {
  if (/^[a-z0-9.-]{1,253}$/i.test(text)) return text.toLowerCase();
  return fault(context, "must be host names without scheme and port");
}

/**
 * An `Origin` exactly as an app sends it. `null` is everybody's who hides theirs,
 * and a bare scheme (`file://`) all of one kind.
 */
export function appOrigin(text: string, context: Context): string {
  const [, scheme = "", host = ""] = /^([a-z][a-z0-9+.-]*):\/\/([A-Za-z0-9._-]+)(?::\d{1,5})?$/
    .exec(text) ?? [];
  if (host === "") return fault(context, "an entry is not an origin such as app://-");
  const isPlainWeb = scheme === "http" && !isLoopback(host);
  return isPlainWeb ? fault(context, "an entry is http to another machine") : text;
}

/** More pinned tools than that are a list, and not what is wanted of a search. */
export const MAX_PINNED = 20;

/** The name of a tool. Whether there is one is for whoever lists: upstreams say theirs later. */
export function pinnedTool(text: string, context: Context): string {
  return /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text)
    ? text
    : fault(context, "an entry is not the name of a tool such as gmail_send_message");
}

/** The name of a tool, or of several: `gmail_*`. */
export function toolPattern(text: string, context: Context): string {
  return /^[A-Za-z*][A-Za-z0-9_*-]{0,63}$/.test(text) && !text.includes("**")
    ? text
    : fault(context, "an entry is not the name of a tool, or a pattern such as gmail_*");
}

/** A switch; any other word stops the start, so that nothing is on by a mistyped `off`. */
export function onOrOff(usual: "on" | "off"): Reader<boolean> {
  return usually(
    usual,
    fitting(
      (text) => text === "on" || text === "off",
      "must be on or off",
      (text) => text === "on",
    ),
  );
}

/** Whoever is trusted says who calls, so everybody (`0.0.0.0/0`) is nobody to trust. */
export function trustedProxy(text: string, context: Context): Network {
  const network = parseNetwork(text);
  if (network === undefined) {
    return fault(context, "an entry is not an IP address or a network such as 10.0.0.0/8");
  }
  return network.bits === 0 ? fault(context, "an entry trusts every address there is") : network;
}

export function headerName(text: string, context: Context): string {
  const name = text.toLowerCase();
  if (name === "forwarded") return fault(context, "Forwarded (RFC 7239) is not read");
  return /^[a-z0-9-]{1,64}$/.test(name) ? name : fault(context, "is not the name of a header");
}

export function encryptionKeys(text: string, context: Context): RingKey[] {
  const keys = text.split(/[,\n]/).map((item) => item.trim()).filter(Boolean).map((item, index) => {
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]{43})=?$/.exec(item) ?? [];
    // The text is not quoted: it may be a key.
    if (id === undefined || encoded === undefined) {
      const why = notKey(item);
      return fault(
        context,
        `entry ${index + 1} is not <id>:<32 bytes as base64url>${why ? `: ${why}` : ""}`,
      );
    }
    return { id, bytes: bytesOfBase64(encoded) };
  });
  if (keys.length === 0) return fault(context, "holds no key");
  if (new Set(keys.map((key) => key?.id)).size < keys.length) {
    return fault(context, "two keys have the same id");
  }
  // Behind another one it still opens what it sealed.
  const [first] = keys;
  if (first?.bytes !== undefined && isGuessed(first.bytes)) {
    return fault(
      context,
      "the first key is no secret, but the same few bytes over and over. Put a new one in front of " +
        "it, and keep this one behind as long as something is sealed with it",
    );
  }
  return keys;
}

/** Of 32 random bytes about 30 differ; fewer than 12 come once in more than 10^20 keys. */
export function isGuessed(bytes: Uint8Array): boolean {
  return new Set(bytes).size < 12;
}

export function apiKey(item: string, context: Context): ApiKey {
  const [realm = "", kind, hex = "", services, more] = item.split(":");
  if (
    !REALM.test(realm) || kind !== "sha256" || !/^[0-9a-f]{64}$/i.test(hex) || more !== undefined
  ) {
    // Not quoted: somebody may have put the key itself here.
    const why = notApiKey(item);
    return fault(
      context,
      `an entry is not <name>:sha256:<64 hex digits>[:service+service]${why ? `: ${why}` : ""}`,
    );
  }
  return {
    realm,
    sha256: bytesOfHex(hex),
    services: services?.split("+").filter(Boolean),
  };
}
