/**
 * Every KV key of the program is spelled here and nowhere else; SCHEMA.md says
 * what stands under each.
 *
 * @module
 */

import type { ConnectionRef, Subject } from "../broker/core/connection.ts";

/** KV keys that are texts only: they are part of a box's additional data. */
export type TextKey = string[];

export function connectionKey({ subject, provider, account }: ConnectionRef): TextKey {
  return ["connections", subject, provider, account];
}

/** All connections, of one subject, of one subject at one provider. */
export function connectionPrefix(subject?: Subject, provider?: string): TextKey {
  return ["connections", subject, provider].filter((part) => part !== undefined);
}

export function leaseKey({ subject, provider, account }: ConnectionRef): TextKey {
  return ["leases", subject, provider, account];
}

/** Sorted by time: KV orders numbers as numbers. */
export function dueKey({ subject, provider, account }: ConnectionRef, at: number): Deno.KvKey {
  return ["due", at, subject, provider, account];
}

export const duePrefix: Deno.KvKey = ["due"];

export function grantKey(subject: Subject, id: string): TextKey {
  return ["grants", subject, id];
}

export function grantPrefix(subject?: Subject): TextKey {
  return ["grants", subject].filter((part) => part !== undefined);
}

export function epochKey(subject: Subject): TextKey {
  return ["epochs", subject];
}

export const upstreamPrefix: TextKey = ["upstreams"];

export function upstreamKey(name: string): TextKey {
  return [...upstreamPrefix, name];
}

export function limitKey(key: string, window: number): Deno.KvKey {
  return ["limits", key, window];
}

/** The kinds of records that expire. */
export const expiringKinds = [
  "pending",
  "links",
  "handoffs",
  "codes",
  "secrets",
  "sessions",
  "clients",
  "calls",
] as const;
export type ExpiringKind = (typeof expiringKinds)[number];

export function expiringKey(kind: ExpiringKind, digest: string): TextKey {
  return [kind, digest];
}

export const healthKey: TextKey = ["health"];
