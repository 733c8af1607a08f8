/**
 * One upstream MCP server, remote over Streamable HTTP or local over stdio.
 * Whatever happens to it happens to its own tools only.
 *
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { CallToolResultSchema, type Progress } from "@modelcontextprotocol/sdk/types.js";
import type { CallBroker } from "../../broker/core/call.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import { reviewTools, toolName } from "./review.ts";
import type { Acting } from "../../broker/core/actor.ts";
import type { World } from "../../broker/core/world.ts";
import type { UpstreamStore } from "../../broker/core/store.ts";
import type { ListedTool, ToolCallResult } from "../wire.ts";
import { connectTransport } from "./transport.ts";

/** A list is asked for anew after this. */
const LIST_TTL_MS = 5 * 60_000;
/** A caller's own list does not wait longer for an upstream's. */
const LIST_PATIENCE_MS = 2_000;
/** An upstream that could not be reached is left alone for this long. */
const RETRY_MS = 30_000;
const MAX_TOOLS = 200;

/** A tool of an upstream under our name. */
export interface UpstreamTool {
  remoteName: string;
  listed: ListedTool;
  readOnly: boolean;
}

/** What an upstream needs: the clock, provider tokens, what was approved, and a way out. */
export interface UpstreamDeps {
  world: World;
  broker: Pick<CallBroker, "token">;
  store: UpstreamStore;
  fetch: typeof fetch;
}

/** One call's way back to its caller. */
export interface UpstreamCall extends Acting {
  signal: AbortSignal;
  timeoutMs: number;
  onprogress?: ((progress: Progress) => void) | undefined;
}

/** An upstream with its cached list. */
export class Upstream {
  readonly spec: UpstreamSpec;
  readonly #deps: UpstreamDeps;
  #tools: UpstreamTool[] = [];
  #goodUntil = 0;
  #listing: Promise<void> | undefined;
  #slow = false;
  /** stdio: one process, kept. */
  #shared: Promise<Client> | undefined;

  constructor(spec: UpstreamSpec, deps: UpstreamDeps) {
    this.spec = spec;
    this.#deps = deps;
  }

  /** Its tools as last listed; does not throw, and does not wait long. */
  async tools(visitor: Acting): Promise<UpstreamTool[]> {
    const { world } = this.#deps;
    if (world.now() < this.#goodUntil) return this.#tools;
    if (this.#listing !== undefined && this.#slow) return this.#tools;
    this.#listing ??= this.#list(visitor).finally(() => {
      this.#listing = undefined;
      this.#slow = false;
    });
    const stop = new AbortController();
    const late = world.sleep(LIST_PATIENCE_MS, stop.signal).then(() => {
      // One caller has waited; the others take what is known.
      this.#slow = this.#listing !== undefined;
    });
    await Promise.race([this.#listing, late]);
    stop.abort();
    return this.#tools;
  }

  /** Calls a tool; its result goes through unchanged. */
  async call(tool: UpstreamTool, args: unknown, call: UpstreamCall): Promise<ToolCallResult> {
    return await this.#withClient(call, async (client) => {
      const params = { name: tool.remoteName, arguments: args as Record<string, unknown> };
      const result = await client.callTool(params, CallToolResultSchema, {
        signal: call.signal,
        timeout: call.timeoutMs,
        resetTimeoutOnProgress: true,
        ...(call.onprogress === undefined ? {} : { onprogress: call.onprogress }),
      });
      return result as ToolCallResult;
    });
  }

  /** Starts a local process ahead of its first caller. */
  async start(): Promise<void> {
    await this.tools({ subject: "local:start", actor: { kind: "operator", id: "start" } });
  }

  /** Ends a local process. */
  async close(): Promise<void> {
    const shared = this.#shared;
    this.#shared = undefined;
    await (await shared?.catch(() => undefined))?.close();
  }

  async #list(visitor: Acting): Promise<void> {
    const { world } = this.#deps;
    const upstream = this.spec.name;
    try {
      const remote = await this.#withClient(
        visitor,
        (client) => listAll(client, this.spec.timeoutMs),
      );
      this.#tools = (await this.#review(remote)).map((tool) => this.#named(tool));
      this.#goodUntil = world.now() + LIST_TTL_MS;
    } catch (error) {
      // What was listed before stays: a server that restarts has not lost its tools.
      this.#goodUntil = world.now() + RETRY_MS;
      const detail = error instanceof Error ? error.name : "unknown";
      world.log({ level: "warn", event: "upstream_unavailable", upstream, detail });
    }
  }

  /** Withholds what has changed since it was approved. */
  async #review(tools: RemoteListedTool[]): Promise<RemoteListedTool[]> {
    const { store, world } = this.#deps;
    const { name: upstream } = this.spec;
    for (;;) {
      const stored = await store.get(upstream);
      const { allowed, record, newlyWithheld } = reviewTools(tools, stored?.value);
      const stale = record !== undefined &&
        !await store.put(upstream, record, stored?.version ?? null);
      if (stale) continue;
      for (const tool of newlyWithheld) {
        world.log({ level: "error", event: "upstream_tool_changed", upstream, tool });
      }
      return allowed;
    }
  }

  #named(tool: RemoteListedTool): UpstreamTool {
    const name = toolName(this.spec.name, tool.name);
    const readOnly = tool.annotations?.readOnlyHint === true;
    // Everything else goes through unchanged, schemas above all.
    return { remoteName: tool.name, readOnly, listed: { ...tool, name } as unknown as ListedTool };
  }

  /** Local servers are one process for all; remote ones get each subject's own token. */
  async #withClient<T>(visitor: Acting, use: (client: Client) => Promise<T>): Promise<T> {
    if (this.spec.kind === "stdio") return await use(await this.#process());
    const { provider } = this.spec;
    const token = provider === undefined ? undefined : await this.#token(provider, visitor);
    try {
      return await this.#remote(token, use);
    } catch (error) {
      if (provider === undefined || token === undefined || !isUnauthorized(error)) throw error;
      return await this.#remote(await this.#token(provider, visitor, token), use);
    }
  }

  async #remote<T>(token: string | undefined, use: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.#connect(token);
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  async #token(service: string, { subject, actor }: Acting, rejected?: string): Promise<string> {
    const { tokens } = await this.#deps.broker.token({
      subject,
      actor,
      service,
      scopes: [],
      rejected,
      waitMs: this.spec.timeoutMs,
    });
    return tokens.accessToken;
  }

  #process(): Promise<Client> {
    return this.#shared ??= this.#connect(undefined).then((client) => {
      // A process that ended is started again with the next call.
      client.onclose = () => this.#shared = undefined;
      return client;
    }).catch((error) => {
      this.#shared = undefined;
      throw error;
    });
  }

  async #connect(token: string | undefined): Promise<Client> {
    const client = new Client({ name: "switchboard", version: "1" });
    const transport = await connectTransport(this.spec, token, this.#deps.fetch);
    await client.connect(transport, { timeout: this.spec.timeoutMs });
    return client;
  }
}

type RemoteListedTool = Awaited<ReturnType<Client["listTools"]>>["tools"][number];

async function listAll(client: Client, timeout: number): Promise<RemoteListedTool[]> {
  const tools: RemoteListedTool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined && tools.length < MAX_TOOLS);
  return tools.slice(0, MAX_TOOLS);
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error &&
    (error.name === "UnauthorizedError" || ("code" in error && error.code === 401));
}
