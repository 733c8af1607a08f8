/**
 * The client side of one upstream: a process that all callers share, or a
 * connection of the caller's own, with the caller's own provider token.
 *
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
import { z } from "zod";
import type { Acting } from "../../broker/core/actor.ts";
import type { CallBroker } from "../../broker/core/call.ts";
import { until } from "../../broker/core/deadline.ts";
import {
  tokenService,
  type UpstreamAccess,
  type UpstreamSpec,
} from "../../broker/core/upstream.ts";
import type { UpstreamSession } from "./session.ts";
import { connectTransport, type WaysOut } from "./transport.ts";

/** What reaching an upstream needs: provider tokens, and a way out. */
export interface ClientDeps extends WaysOut {
  broker: Pick<CallBroker, "token">;
  /** Absent where the operator has said whether it asks who calls. */
  access?: UpstreamAccess | undefined;
}

/** For whom an upstream is reached, and which provider tokens it was given on the way. */
export interface Sender extends Acting {
  /** Each is put in here before it is sent. */
  tokens: Set<string>;
  /** Nobody is there to open a link. */
  unlinked?: boolean | undefined;
  /** What is answered is for everybody: no person's token goes along. */
  shared?: boolean | undefined;
}

/** What is done with a server, as soon as it has greeted. */
type Use<T> = (session: UpstreamSession) => Promise<T>;

/** Any result at all. */
const Result = z.looseObject({});

/** Clients of one upstream. */
export class UpstreamClients {
  readonly #spec: UpstreamSpec;
  readonly #deps: ClientDeps;
  /** stdio: one process, kept until it ends. */
  #process: Promise<Client> | undefined;

  constructor(spec: UpstreamSpec, deps: ClientDeps) {
    this.#spec = spec;
    this.#deps = deps;
  }

  /**
   * Runs `use` with a session; a provider token that is refused is refreshed
   * once. All of it together ends with the signal, at the latest.
   */
  async with<T>(visitor: Sender, signal: AbortSignal, use: Use<T>): Promise<T> {
    return await until(signal, this.#with(visitor, signal, use));
  }

  /** Ends the local process. */
  async close(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await (await running?.catch(() => undefined))?.close();
  }

  async #with<T>(visitor: Sender, signal: AbortSignal, use: Use<T>): Promise<T> {
    const spec = this.#spec;
    if (spec.kind === "stdio") return await use(sessionOf(await this.#shared()));
    const { provider } = spec;
    if (provider === undefined || visitor.shared) {
      return await this.#anonymous(visitor, signal, use);
    }
    const token = await this.#token(provider, visitor);
    try {
      return await this.#remote(token, signal, use);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      const fresh = await this.#token(provider, visitor, token);
      // Only just issued: the server refuses, whatever the token.
      if (fresh === token) throw error;
      return await this.#remote(fresh, signal, use);
    }
  }

  async #anonymous<T>(visitor: Sender, signal: AbortSignal, use: Use<T>): Promise<T> {
    const { access } = this.#deps;
    try {
      const answer = await this.#remote(undefined, signal, use);
      await access?.answered();
      return answer;
    } catch (error) {
      if (access === undefined || !isUnauthorized(error)) throw error;
      await access.refused("Bearer");
      if (visitor.shared || tokenService(this.#spec) === undefined) throw error;
      return await this.#with(visitor, signal, use);
    }
  }

  async #remote<T>(token: string | undefined, signal: AbortSignal, use: Use<T>): Promise<T> {
    // The time may have gone by while the token was refreshed.
    signal.throwIfAborted();
    const client = await this.#connect(token, signal);
    try {
      return await use(sessionOf(client));
    } finally {
      await client.close();
    }
  }

  async #token(service: string, sender: Sender, rejected?: string): Promise<string> {
    const { subject, actor, tokens, unlinked } = sender;
    const waitMs = this.#spec.timeoutMs;
    const request = { subject, actor, service, scopes: [], rejected, unlinked, waitMs };
    const { accessToken } = (await this.#deps.broker.token(request)).tokens;
    tokens.add(accessToken);
    return accessToken;
  }

  #shared(): Promise<Client> {
    // Callers share it: none of their signals ends it. A start takes as long as one answer may.
    return this.#process ??= this.#connect(undefined).then((client) => {
      // A process that ended is started again with the next call.
      client.onclose = () => this.#process = undefined;
      return client;
    }).catch((error) => {
      this.#process = undefined;
      throw error;
    });
  }

  async #connect(token: string | undefined, signal?: AbortSignal): Promise<Client> {
    const client = new Client({ name: "switchboard", version: "1" });
    const transport = await connectTransport(this.#spec, token, this.#deps);
    // The SDK has no time for the notification that ends the greeting: a server that does not answer
    // it would be waited for until it goes.
    // Whoever hangs up does not care how the connection ends.
    const hangUp = () => void client.close().catch(() => {});
    signal?.throwIfAborted();
    signal?.addEventListener("abort", hangUp, { once: true });
    try {
      await client.connect(transport, { timeout: this.#spec.timeoutMs });
    } finally {
      signal?.removeEventListener("abort", hangUp);
    }
    return client;
  }
}

/** As `client` was greeted, in MCP 2025-11-25 or earlier. */
function sessionOf(client: Client): UpstreamSession {
  return {
    instructions: client.getInstructions(),
    capabilities: client.getServerCapabilities() ?? {},
    revision: "2025-11-25",
    request(method, params, { signal, timeoutMs: timeout, onprogress }) {
      // Not callTool() and its like: they check results against a schema of the upstream's, which may
      // cost any time.
      return client.request({ method, params }, Result, {
        signal,
        timeout,
        resetTimeoutOnProgress: true,
        ...(onprogress && { onprogress }),
      });
    },
  };
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error &&
    (error.name === "UnauthorizedError" || ("code" in error && error.code === 401));
}
