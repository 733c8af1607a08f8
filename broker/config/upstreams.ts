/**
 * Upstream MCP servers as the operator sets them, in `UPSTREAMS`.
 *
 * @module
 */

import { z } from "zod";
import { isSecure, parseUrl } from "../core/addresses.ts";
import { issueWords } from "../core/issue_words.ts";
import { shownName } from "../core/shown_name.ts";
import type { SystemUser, SystemUsers } from "../core/system_user.ts";
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
  /** `http` to another machine: whoever is on the way reads calls, answers and `headers`. */
  clear_text: z.boolean().default(false),
}).superRefine(({ url, provider, clear_text }, context) => {
  const parsed = parseUrl(url);
  if (parsed === undefined || isSecure(parsed)) return;
  const fault = (message: string) => context.addIssue({ code: "custom", path: ["url"], message });
  if (provider !== undefined) {
    // Not the operator's to give away: the token is a person's.
    fault("must be https (http for this machine only), since people's provider tokens go there");
  } else if (!clear_text) {
    fault('must be https; http to another machine needs "clear_text": true');
  }
});

const Local = z.strictObject({
  ...Common,
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  /** Whom it runs as: a name or a number of `/etc/passwd`. */
  user: z.union([z.string().min(1).max(64), z.int().min(0)]).optional(),
  /** It may run as the gateway's own user, and so read all that the gateway can. */
  trust: z.literal("same_user").optional(),
}).superRefine(({ user, trust }, context) => {
  const fault = (message: string) => context.addIssue({ code: "custom", message });
  if (user !== undefined && trust !== undefined) {
    fault('has both "user" and "trust"; one is enough');
  }
  if (user !== undefined || trust !== undefined) return;
  fault(
    "would run as the gateway's own user, whose processes can read the gateway's keys and tokens. " +
      'Name another one with "user", or say "trust": "same_user"',
  );
});

/**
 * Reads `UPSTREAMS`. Users are looked up in `users`; `undefined` says that this
 * process cannot start others as another user.
 *
 * @throws {TypeError} whose message says what is wrong, without values: they may be secrets.
 */
export function parseUpstreams(text: string, users?: SystemUsers): UpstreamSpec[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError("is not JSON");
  }
  if (!Array.isArray(json)) throw new TypeError("is not a list");
  const faults: string[] = [];
  const specs = json.flatMap((entry, index) => parseUpstream(entry, index, users, faults));
  if (faults.length > 0) throw new TypeError(`entry ${faults.join("; ")}`);
  return specs;
}

/** One entry, or none where something was added to `faults`. */
function parseUpstream(
  entry: unknown,
  index: number,
  users: SystemUsers | undefined,
  faults: string[],
): UpstreamSpec[] {
  const isLocal = typeof entry === "object" && entry !== null && "command" in entry;
  const result = isLocal ? Local.safeParse(entry) : Remote.safeParse(entry);
  if (!result.success) {
    const members = Object.keys((isLocal ? Local : Remote).shape);
    faults.push(
      ...result.error.issues.map(({ path, ...issue }) =>
        issueWords({ ...issue, path: [index, ...path] }, members)
      ),
    );
    return [];
  }
  const { data } = result;
  const { name, timeout_ms: timeoutMs } = data;
  const title = shownName(data.title ?? "", name);
  if ("command" in data) {
    const { command, args, env } = data;
    const runAs = data.user === undefined ? undefined : userOf(String(data.user), users);
    if (typeof runAs === "string") faults.push(`${index}.user: ${runAs}`);
    return typeof runAs === "string"
      ? []
      : [{ kind: "stdio", name, title, timeoutMs, command, args, env, runAs }];
  }
  const { url, provider, headers } = data;
  return [{ kind: "http", name, title, timeoutMs, url, headers, provider }];
}

/** The user of a name, or why nothing can run as that one. */
function userOf(name: string, users: SystemUsers | undefined): SystemUser | string {
  if (users === undefined) return "only root on Linux can start a process as another user";
  const found = users.find(name);
  if (found === undefined) return "is no user of this machine";
  if (found.uid === 0) return "is root, from whom nothing is kept";
  if (found.uid === users.own) return "is the gateway's own user, from whom nothing is kept";
  return found;
}
