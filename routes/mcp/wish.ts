/**
 * What a caller wants of the MCP endpoint beside the call itself, by the address
 * and by headers; it leaves less of what the caller may, and never more.
 *
 * @module
 */

import { andThen, type Awaitable } from "../../broker/core/awaitable.ts";
import { atOnce, lazily } from "../../broker/core/lazily.ts";
import type { Asked } from "../http/asked.ts";
import { check, queryOf } from "../http/body.ts";
import { servicesCalled } from "../http/caller.ts";
import type { AppDeps, McpCaller } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import type { WishQuery } from "./wish_query.ts";

/** What is asked by most. */
const NO_QUERY: WishQuery = {};

/** Loaded with the first address that says something. */
const schema = lazily(async () => (await import("./wish_query.ts")).Query);

/** Nothing beside the call itself. */
export const NO_WISH: Wish = Object.freeze({
  services: [],
  tools: undefined,
  readOnly: false,
  outputSchemas: false,
  idempotencyKey: undefined,
  voice: undefined,
  timeout: undefined,
});

/** How long a voice can be silent; LiveKit's agents give up after 5 s (November 2026). */
export const VOICE_TIMEOUT_MS = 4_500;
export const TIMEOUT_MS = { least: 500, most: 30_000 };

/** What a caller wants of the endpoint, beside the call itself. */
export interface Wish {
  /** By the query, and by the path. */
  services: string[][];
  tools: string[] | undefined;
  readOnly: boolean;
  outputSchemas: boolean;
  /** Whether tools are looked up or listed; absent: as many as there are decide. */
  mode?: "search" | "list" | undefined;
  idempotencyKey: string | undefined;
  voice: boolean | undefined;
  /** ms */
  timeout: number | undefined;
}

/**
 * `/mcp/{service}`, `?services=github,calendar&tools=…&read_only=true&mode=search&voice=true&output_schemas=true`,
 * `Idempotency-Key`.
 */
export function wishOf(c: Asked, deps: AppDeps): Awaitable<Wish> {
  if (!c.req.url.includes("?")) {
    const isPlain = c.req.param("service") === undefined &&
      c.req.header("Idempotency-Key") === undefined;
    return isPlain ? NO_WISH : wishIn(NO_QUERY, c, deps);
  }
  const said = queryOf(c.req.raw);
  return andThen(atOnce(schema), (schema) => wishIn(check(schema, said), c, deps));
}

function wishIn(query: WishQuery, c: Asked, deps: AppDeps): Wish {
  const listOf = (text: string) => text.split(",").map((item) => item.trim()).filter(Boolean);
  const services: string[][] = [];
  if (query.services !== undefined) {
    services.push(servicesNamed(listOf(query.services), deps.providers));
  }
  const path: string | undefined = c.req.param("service");
  if (path !== undefined && path !== "sse") {
    services.push(servicesCalled(deps, path));
  }
  return {
    services,
    tools: query.tools === undefined ? undefined : listOf(query.tools),
    readOnly: query.read_only === "true",
    outputSchemas: query.output_schemas === "true",
    mode: query.mode,
    idempotencyKey: idempotencyKeyOf(c),
    voice: query.voice === undefined ? undefined : query.voice === "true",
    timeout: query.timeout_ms === undefined ? undefined : Number(query.timeout_ms),
  };
}

/** Filters that many requests have, as they are where nothing is wished. */
const plain = new WeakMap<McpCaller["filter"], McpCaller["filter"]>();

/** A filter, narrowed by what was wished; never wider than it was. */
export function narrowed(filter: McpCaller["filter"], wish: Wish): McpCaller["filter"] {
  // One request's own is worth no memory of it.
  if (wish !== NO_WISH || !Object.isFrozen(filter)) return narrowedBy(filter, wish);
  let known = plain.get(filter);
  if (known === undefined) plain.set(filter, known = Object.freeze(narrowedBy(filter, wish)));
  return known;
}

function narrowedBy(filter: McpCaller["filter"], wish: Wish): McpCaller["filter"] {
  return {
    scopes: filter.scopes,
    services: wish.services.reduce(common, filter.services),
    tools: common(filter.tools, wish.tools),
    readOnly: filter.readOnly === true || wish.readOnly,
    ...(filter.policy !== undefined && { policy: filter.policy }),
    outputSchemas: wish.outputSchemas,
    ...(wish.mode !== undefined && { mode: wish.mode }),
  };
}

function idempotencyKeyOf(c: Asked): string | undefined {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const detail = "Idempotency-Key must be 1 to 255 visible characters.";
  return refuse({ code: "invalid_request", detail });
}

/** How long the caller waits, and whether it listens: as the address says, else as its token does. */
export function patienceOf(
  { voice: said, timeout }: Wish,
  isVoice = false,
): Pick<McpCaller, "timeoutMs" | "voice"> {
  const voice = said ?? isVoice;
  if (timeout === undefined) return { voice, timeoutMs: voice ? VOICE_TIMEOUT_MS : undefined };
  return { voice, timeoutMs: Math.min(Math.max(timeout, TIMEOUT_MS.least), TIMEOUT_MS.most) };
}

/** A provider's name stands for all its services, as everywhere; an unknown one for nothing. */
export function servicesNamed(names: string[], providers: AppDeps["providers"]): string[] {
  return names.flatMap((name) =>
    providers.get(name)?.services.map((service) => service.name) ?? [name]
  );
}

/** What is in both lists; one that is absent has everything. */
export function common(
  one: string[] | undefined,
  other: string[] | undefined,
): string[] | undefined {
  return one === undefined || other === undefined
    ? one ?? other
    : one.filter((name) => other.includes(name));
}
