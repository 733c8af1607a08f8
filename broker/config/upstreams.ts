/**
 * Upstream MCP servers as the operator sets them, in `UPSTREAMS`.
 *
 * @module
 */

import { z } from "zod";
import { isSecure, isSecureAddress, parseUrl } from "../core/addresses.ts";
import { once } from "../core/lazily.ts";
import { issueWords } from "../core/issue_words.ts";
import { shownName } from "../core/shown_name.ts";
import type { SystemUser, SystemUsers } from "../core/system_user.ts";
import type { RemoteUpstream, UpstreamSpec } from "../core/upstream.ts";
import { variable } from "../core/variable.ts";
import type { Env } from "./env.ts";
import { nearest } from "../core/near.ts";
import { notJson } from "./texts.ts";

export const DEFAULT_TIMEOUT_MS = 20_000;

const common = once(() => ({
  /** The service's name, and the prefix of its tools. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,23}$/, "must be a-z, 0-9 and _, up to 24"),
  title: z.string().min(1).max(80).optional(),
  /** What its tools' names begin with; `""`: nothing, where they are free. */
  prefix: z.string().regex(/^([A-Za-z][A-Za-z0-9_-]{0,31})?$/, "must be letters, digits, _ and -")
    .optional(),
  /** Tools of a name not seen before wait until they are accepted. */
  new_tools: z.enum(["adopt", "withhold"]).default("adopt"),
  /** It honestly describes a tool to one person otherwise than to another. */
  per_person_definitions: z.boolean().default(false),
  /** What people see of it before they connect: all that is accepted, or the tools of these names. */
  show_tools: z.union([z.boolean(), z.array(z.string().min(1).max(128)).max(1_000)]).default(false),
  timeout_ms: z.int().min(500).max(120_000).default(DEFAULT_TIMEOUT_MS),
}));

/** POSIX.1-2017 §8.1, as far as it is used. */
const variableName = () =>
  z.string().regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
    "must be a variable's name",
  );

/** The gateway's own: what is behind them is more than one upstream's business. */
const OWN_VARIABLE =
  /^(ENCRYPTION_KEYS.*|API_KEYS|KEY_SERVICES|UPSTREAMS|PROVIDERS|MCP_CLIENTS|SIGN_IN_.*|KV_.*|DATA_DIR|DENO_.*|OTEL_.*|.*_CLIENT_SECRET|.*_PRIVATE_KEY|.*_WEBHOOK_SECRET)$/i;

const Remote = once(() =>
  z.strictObject({
    ...common(),
    url: z.url({ protocol: /^https?$/ }),
    /** A provider or service whose token of the subject is sent along. */
    provider: z.string().optional(),
    /** The operator's own, such as a static `Authorization`. */
    headers: z.record(z.string(), z.string())
      .refine(areHeaders, "has a name or a value that no header has").default({}),
    /**
     * `true`: each person connects it. Left out: if it asks for that, and the operator has not said
     * what is sent along.
     */
    oauth: z.boolean().optional(),
    /** It stands in a network of the operator's own: what it names may lead to its own host there. */
    private: z.boolean().default(false),
    /** `http` to another machine: whoever is on the way reads calls, answers and `headers`. */
    clear_text: z.boolean().default(false),
  }).superRefine(({ url, provider, oauth, clear_text }, context) => {
    const parsed = parseUrl(url);
    if (parsed === undefined) return;
    if (oauth === true && provider !== undefined) {
      context.addIssue({ code: "custom", message: 'has both "oauth" and "provider"' });
    }
    if (parsed.username !== "" || parsed.password !== "" || parsed.hash !== "") {
      const message = "must have no user, password or fragment";
      context.addIssue({ code: "custom", path: ["url"], message });
    }
    if (isSecure(parsed)) return;
    const fault = (message: string) => context.addIssue({ code: "custom", path: ["url"], message });
    if (provider !== undefined || oauth === true) {
      // Not the operator's to give away: the token is a person's.
      fault("must be https (http for this machine only), since people's provider tokens go there");
    } else if (!clear_text) {
      fault('must be https; http to another machine needs "clear_text": true');
    }
  })
);

const Local = once(() =>
  z.strictObject({
    ...common(),
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    /** Whom it runs as: a name or a number of `/etc/passwd`. */
    user: z.union([z.string().min(1).max(64), z.int().min(0)]).optional(),
    /** It may run as the gateway's own user, and so read all that the gateway can. */
    trust: z.literal("same_user").optional(),
    /** Each person has a process of their own; else all share one. */
    per: z.literal("person").optional(),
    /** Whose token of the person it gets. */
    provider: z.string().optional(),
    /** The variable that the token is in. */
    token_env: variableName().optional(),
    /** How many run at a time, where each person has one. */
    max_processes: z.int().min(1).max(64).optional(),
    /** What each may keep in memory. */
    memory_mb: z.int().min(16).max(65_536).optional(),
  }).superRefine(({ user, trust, per, provider, token_env, max_processes }, context) => {
    const fault = (message: string) => context.addIssue({ code: "custom", message });
    if ((provider === undefined) !== (token_env === undefined)) {
      fault('has only one of "provider" and "token_env"; the person\'s token goes into a variable');
    }
    // One process for all would act for everybody with the token of whoever came first.
    if (provider !== undefined && per !== "person") {
      fault('has "provider", and so needs "per": "person"');
    }
    if (max_processes !== undefined && per !== "person") {
      fault('has "max_processes", and is one process for all without "per": "person"');
    }
    if (user !== undefined && trust !== undefined) {
      fault('has both "user" and "trust"; one is enough');
    }
    if (user !== undefined || trust !== undefined) return;
    fault(
      "would run as the gateway's own user, whose processes can read the gateway's keys and tokens. " +
        'Name another one with "user", or say "trust": "same_user"',
    );
  })
);

/** A server that is known by its name alone. */
export interface OfficialServer {
  name: string;
  title: string;
  url: string;
}

/** What entries are read with. */
export interface UpstreamsContext {
  /** `undefined`: this process cannot start others as another user. */
  users?: SystemUsers | undefined;
  official?: readonly OfficialServer[] | undefined;
  /** `NOTION_MCP_CLIENT_ID` and the like, and what local servers may be given some of. */
  env?: Env | undefined;
}

/**
 * Reads `UPSTREAMS`: a list of names, or JSON, in which a name may stand for an entry. Users are looked up in `users`.
 *
 * @throws {TypeError} whose message says what is wrong, without values: they may be secrets.
 */
export function parseUpstreams(text: string, context: UpstreamsContext = {}): UpstreamSpec[] {
  const json = NAMES.test(text) ? text.split(",").map((name) => name.trim()) : parsed(text);
  if (!Array.isArray(json)) {
    const isOfClient = typeof json === "object" && json !== null && "mcpServers" in json;
    const cure = ': each of "mcpServers" is an entry with its name as "name"';
    throw new TypeError(`is not a list${isOfClient ? cure : ""}`);
  }
  const faults: string[] = [];
  const specs = json.flatMap((entry, index) =>
    parseUpstream(typeof entry === "string" ? named(entry, context) : entry, index, context, faults)
  );
  if (faults.length > 0) throw new TypeError(`entry ${faults.join("; ")}`);
  return specs;
}

/** Reads one entry; what is wrong with it is said as it is of `UPSTREAMS`. */
export function readUpstream(
  entry: unknown,
  context: UpstreamsContext = {},
): { spec: UpstreamSpec } | { faults: string[] } {
  const faults: string[] = [];
  const [spec] = parseUpstream(entry, 0, context, faults);
  return spec !== undefined && faults.length === 0
    ? { spec }
    : { faults: faults.map((fault) => fault.replace(/^0\.?/, "")) };
}

/** `notion_mcp, linear_mcp` */
const NAMES = /^\s*[a-z][a-z0-9_-]*(\s*,\s*[a-z][a-z0-9_-]*)*\s*$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(notJson(text));
  }
}

/** The entry that a name stands for. */
function named(name: string, { official = [] }: UpstreamsContext): unknown {
  const server = official.find((server) => server.name === name);
  if (server !== undefined) return { name, title: server.title, url: server.url, oauth: true };
  const known = official.map(({ name }) => name).join(", ");
  // Whoever mixes up two variables has put a secret there.
  const what = /^[a-z][a-z0-9_-]{0,31}[_-]mcp$/.test(name) ? `"${name}"` : "an entry";
  const near = nearest(name, official.map(({ name }) => name));
  const meant = near === undefined ? "" : `, did you mean "${near}"?`;
  throw new TypeError(
    `is not JSON, and ${what} is no server that is known by its name${meant}; known are ${known}`,
  );
}

/** One entry, or none where something was added to `faults`. */
function parseUpstream(
  entry: unknown,
  index: number,
  { users, env = {} }: UpstreamsContext,
  faults: string[],
): UpstreamSpec[] {
  const isLocal = typeof entry === "object" && entry !== null && "command" in entry;
  const result = isLocal ? Local().safeParse(entry) : Remote().safeParse(entry);
  if (!result.success) {
    const members = Object.keys((isLocal ? Local() : Remote()).shape);
    faults.push(
      ...result.error.issues.map(({ path, ...issue }) =>
        issueWords({ ...issue, path: [index, ...path] }, members)
      ),
    );
    return [];
  }
  const { data } = result;
  const common = commonOf(data);
  if ("command" in data) {
    const { command, args } = data;
    const { per, provider, token_env: tokenEnv, memory_mb: memoryMb } = data;
    const filled = filledIn(data.env, env);
    faults.push(...filled.faults.map((fault) => `${index}.env.${fault}`));
    const runAs = data.user === undefined ? undefined : userOf(String(data.user), users);
    if (typeof runAs === "string") faults.push(`${index}.user: ${runAs}`);
    return typeof runAs === "string" ? [] : [{
      kind: "stdio",
      ...common,
      command,
      args,
      env: filled.env,
      runAs,
      per,
      provider,
      tokenEnv,
      maxProcesses: data.max_processes,
      memoryMb,
    }];
  }
  const { url, provider, headers, private: isPrivate } = data;
  const mayAsk = provider === undefined && !saysWho(headers) && isSecureAddress(url);
  const oauth = data.oauth === true
    ? "always"
    : mayAsk && data.oauth !== false
    ? "if_asked"
    : undefined;
  const client = oauth === undefined ? undefined : clientOf(common.name, env, faults);
  return [{ kind: "http", ...common, url, headers, provider, oauth, client, isPrivate }];
}

/** Whether HTTP takes them. The fault is said here, and not with each call. */
function areHeaders(headers: Record<string, string>): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

/** Whether the operator's headers are credentials: `Authorization`, `X-Api-Key` and the like. */
function saysWho(headers: Record<string, string>): boolean {
  return Object.keys(headers).some((name) => /auth|key|token|secret|cookie/i.test(name));
}

/** Its client that the operator has registered. */
function clientOf(name: string, env: Env, faults: string[]): RemoteUpstream["client"] {
  const id = env[variable(name, "CLIENT_ID")];
  const secret = env[variable(name, "CLIENT_SECRET")];
  if (id !== undefined) return { id, secret };
  if (secret === undefined) return undefined;
  faults.push(`of ${name}: ${variable(name, "CLIENT_SECRET")} is set, and its CLIENT_ID is not`);
  return undefined;
}

/** What every entry may say. */
function commonOf(data: z.infer<ReturnType<typeof Remote | typeof Local>>) {
  const { name, prefix } = data;
  return {
    name,
    title: shownName(data.title ?? "", name),
    timeoutMs: data.timeout_ms,
    prefix,
    newTools: data.new_tools === "withhold" ? data.new_tools : undefined,
    perPersonDefinitions: data.per_person_definitions,
    showTools: data.show_tools,
  };
}

/** `env` with what stands behind `${NAME}` in the gateway's own environment. */
function filledIn(
  env: Record<string, string>,
  variables: Env,
): { env: Record<string, string>; faults: string[] } {
  const faults: string[] = [];
  const filled = Object.entries(env).map(([name, text]) => {
    const value = text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]{0,127})\}/g, (_, wanted: string) => {
      const value = Object.hasOwn(variables, wanted) ? variables[wanted] : undefined;
      if (OWN_VARIABLE.test(wanted)) faults.push(`${name}: ${wanted} is the gateway's own`);
      else if (value === undefined) faults.push(`${name}: ${wanted} is not set`);
      return value ?? "";
    });
    return [name, value];
  });
  return { env: Object.fromEntries(filled), faults };
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
