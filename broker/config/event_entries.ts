/**
 * `EVENTS`: where what happens to an app's users is sent.
 *
 * @module
 */

import { z } from "zod";
import { isLoopback, parseUrl } from "../core/addresses.ts";
import type { Receiver } from "../core/events.ts";
import { issueWords } from "../core/issue_words.ts";
import { once } from "../core/lazily.ts";
import { isPrivateHost } from "../core/public_address.ts";
import { REALM } from "../core/subject.ts";
import { fault, ofJson } from "./readers.ts";

const LONGEST_URL = 2000;
/** Of a secret, in bytes (Standard Webhooks, "Signature scheme"). */
const SECRET_BYTES = { least: 24, most: 64 };

const Secret = once(() =>
  z.string().refine((text) => {
    const [, base64] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(text) ?? [];
    if (base64 === undefined || base64.length % 4 !== 0) return false;
    const bytes = base64.replaceAll("=", "").length * 3 / 4;
    return bytes >= SECRET_BYTES.least && Math.floor(bytes) <= SECRET_BYTES.most;
  }, "must be whsec_ and 24 to 64 random bytes in base64")
);

const Entry = once(() =>
  z.strictObject({
    url: z.string().max(LONGEST_URL),
    secret: z.union([Secret(), z.array(Secret()).min(1).max(2)]),
    private: z.boolean().default(false),
  })
);

/** `{"voice":{"url":"https://…","secret":"whsec_…"},"operator":{…}}` */
export const eventReceivers = ofJson((json, context, text): Receiver[] => {
  const members = z.record(z.string(), z.unknown()).safeParse(json);
  if (!members.success) return fault(context, "is not an object of receivers by their apps");
  return Object.entries(members.data).map(([name, value]) => {
    // Not quoted: somebody may have put a secret here.
    if (!REALM.test(name)) return fault(context, "a member is not the name of an API key");
    // The last one would count, and nobody would see that the first does not.
    if (text.split(new RegExp(`"${name}"\\s*:\\s*\\{`)).length > 2) {
      fault(context, `${name} is there twice`);
    }
    const { url } = (value ?? {}) as { url?: unknown };
    const isPrivate = (value as { private?: unknown } | null)?.private === true;
    const why = typeof url === "string" ? urlFault(url, isPrivate) : undefined;
    if (why !== undefined) fault(context, `${name}: url ${why}`);
    const entry = Entry().safeParse(value);
    if (entry.success) {
      const { url, secret, private: isPrivate } = entry.data;
      return { name, url, secrets: [secret].flat(), isPrivate };
    }
    const known = Object.keys(Entry().shape);
    const words = entry.error.issues.map((issue) => issueWords(issue, known).replace(/^: /, ""));
    return fault(context, `${name}: ${words.join("; ")}`);
  });
});

function urlFault(text: string, isPrivate: boolean): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return "is not a URL";
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    return "must have no user, password or fragment";
  }
  const isHere = isLoopback(url.hostname);
  const isPlain = url.protocol === "http:" && (isHere || isPrivate);
  if (url.protocol !== "https:" && !isPlain) return "must be https (http for this machine only)";
  if (!isHere && !isPrivate && isPrivateHost(url.hostname)) {
    return 'is in a private network; where that is meant, say "private": true';
  }
  return undefined;
}
