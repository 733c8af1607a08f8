/**
 * Upstream MCP servers as the operator sets them, in `UPSTREAMS`.
 *
 * @module
 */

import { z } from "zod";
import { shownName } from "../core/shown_name.ts";
import type { UpstreamSpec } from "../core/upstream.ts";

export const DEFAULT_TIMEOUT_MS = 20_000;

const Common = {
  /** The service's name, and the prefix of its tools. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,23}$/, "must be a-z, 0-9 and _, up to 24"),
  title: z.string().min(1).max(80).optional(),
  timeout_ms: z.int().min(500).max(120_000).default(DEFAULT_TIMEOUT_MS),
};

const Remote = z.strictObject({
  ...Common,
  url: z.url({ protocol: /^https?$/ }),
  /** A provider or service whose token of the subject is sent along. */
  provider: z.string().optional(),
  /** The operator's own, such as a static `Authorization`. */
  headers: z.record(z.string(), z.string()).default({}),
});

const Local = z.strictObject({
  ...Common,
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});

const Upstreams = z.array(z.union([Remote, Local]));

/**
 * Reads `UPSTREAMS`.
 *
 * @throws {TypeError} whose message says what is wrong, without values: they may be secrets.
 */
export function parseUpstreams(text: string): UpstreamSpec[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError("is not JSON");
  }
  const result = Upstreams.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new TypeError(`entry ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return result.data.map((entry) => {
    const { name, timeout_ms: timeoutMs } = entry;
    const title = shownName(entry.title ?? "", name);
    if ("command" in entry) {
      const { command, args, env } = entry;
      return { kind: "stdio", name, title, timeoutMs, command, args, env };
    }
    const { url, provider, headers } = entry;
    return { kind: "http", name, title, timeoutMs, url, headers, provider };
  });
}
