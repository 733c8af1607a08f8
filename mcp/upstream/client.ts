/**
 * The client side of one upstream: sessions that are kept while they are used,
 * each of one subject, with that subject's own provider token.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import type { Acting } from "../../broker/core/actor.ts";
import type { CallBroker } from "../../broker/core/call.ts";
import { saidOf } from "../../broker/core/own_words.ts";
import { reasonOf, Refusal } from "../../broker/core/refusal.ts";
import type { StartProcess } from "../../broker/core/system_user.ts";
import {
  isPersonal,
  type LocalUpstream,
  type UpstreamAccess,
  type UpstreamSpec,
} from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { notDone, UpstreamFault } from "./fault.ts";
import { type HttpUpstream, openHttp } from "./http_session.ts";
import type { ClientSays } from "./open.ts";
import { operatorSecrets } from "./operator_secrets.ts";
import { openProcess, type ProcessSession } from "./process_session.ts";
import { DEFAULT_PROCESSES, type ProcessPlaces, Rests } from "./processes.ts";
import type { UpstreamMessage, UpstreamSession } from "./session.ts";
import { type KeptSession, MAX_SESSIONS, SESSION_IDLE_MS, Sessions } from "./sessions.ts";

/** What reaching an upstream needs: provider tokens, and ways out. */
export interface ClientDeps {
  world: Pick<World, "now" | "sleep" | "log">;
  broker: Pick<CallBroker, "token">;
  fetch: typeof globalThis.fetch;
  /** Absent where the operator has said whether it asks who calls. */
  access?: UpstreamAccess | undefined;
  /** Starts local servers. Absent where there are none. */
  startProcess?: StartProcess | undefined;
  /** Of all local servers together. */
  places?: ProcessPlaces | undefined;
  /** Hears what a server says to nobody's request, such as that a list has changed: to this subject. */
  heard?: ((subject: Subject | undefined, notification: UpstreamMessage) => void) | undefined;
}

/** For whom an upstream is reached, and which provider tokens it was given on the way. */
export interface Sender extends Acting {
  /** Each is put in here before it is sent. */
  tokens: Set<string>;
  /** Told whose account's token goes along. */
  served?: { account: string | undefined } | undefined;
  /** What the caller's client can, as MCP's client capabilities: the server may ask for no more. */
  capabilities?: Record<string, unknown> | undefined;
  /** Nobody is there to open a link. */
  unlinked?: boolean | undefined;
  /** What is answered is for everybody: no person's token goes along. */
  shared?: boolean | undefined;
}

/** What is done with a server that has greeted. */
type Use<T> = (session: UpstreamSession) => Promise<T>;

/** A subject's token, and the account that it is for. */
interface Held {
  token: string;
  account: string;
}

/** Until 2025-06-18 `elicitation` meant forms, and some servers still ask for no more than its being there. */
const CAPABILITIES = {};
/** Pages of tools in the client (MCP Apps, 2026-01-26). */
const APPS = "io.modelcontextprotocol/ui";
const APP_PAGE = "text/html;profile=mcp-app";
const CLIENT_INFO = { name: "switchboard", version: "1" };

/** Clients of one upstream. */
export class UpstreamClients {
  readonly #spec: UpstreamSpec;
  readonly #deps: ClientDeps;
  readonly #http: HttpUpstream | undefined;
  readonly #sessions: Sessions;
  readonly #rests: Rests;
  #ids = 0;

  constructor(spec: UpstreamSpec, deps: ClientDeps) {
    this.#spec = spec;
    this.#deps = deps;
    const { world } = deps;
    if (spec.kind === "http") {
      const ways = { world, fetch: deps.fetch };
      this.#http = { spec, ways, nextId: () => ++this.#ids };
    }
    const isShared = spec.kind === "stdio" && !isPersonal(spec);
    this.#sessions = new Sessions(world, {
      most: spec.kind === "http" ? MAX_SESSIONS : spec.maxProcesses ?? DEFAULT_PROCESSES,
      // What all share was started by the operator, and stays.
      idleMs: isShared ? undefined : SESSION_IDLE_MS,
      isStrict: spec.kind === "stdio",
    });
    this.#rests = new Rests(world);
    if (spec.kind === "stdio" && !isShared) deps.places?.add(this.#sessions);
  }

  /**
   * Runs `use` with a session of the visitor's. What a server refuses before
   * it does anything is asked for once more: with a fresh token where it does
   * not take this one, in a new session where it does not know this one. All of
   * it together ends with the signal, at the latest.
   *
   * @throws {UpstreamFault}
   * @throws {Refusal} where the subject has to connect, or to allow more.
   */
  async with<T>(visitor: Sender, signal: AbortSignal, use: Use<T>): Promise<T> {
    let held = await this.#held(visitor);
    let isFresh = false;
    let isReopened = false;
    const { access } = this.#deps;
    for (;;) {
      try {
        const answer = await this.#use(visitor, held, signal, use);
        if (held === undefined) await access?.answered();
        return answer;
      } catch (error) {
        if (!(error instanceof UpstreamFault) || error.mayBeDone) throw error;
        const { why } = error;
        if (why.kind === "unauthorized" && held === undefined && access !== undefined) {
          await access.refused(why.challenge ?? "Bearer");
          held = await this.#held(visitor);
          if (held === undefined) throw error;
        } else if (why.kind === "unauthorized" && !isFresh) {
          const next = await this.#other(visitor, held, why.challenge);
          // Only just issued: the server refuses, whatever the token.
          if (next?.token === held?.token) throw error;
          held = next;
          isFresh = true;
        } else if (why.kind === "no_session" && !isReopened) {
          isReopened = true;
        } else {
          if (why.kind === "insufficient_scope") await this.#stepUp(visitor, why.scopes);
          throw error;
        }
      }
    }
  }

  /**
   * Another token than the one that was refused. Where there is none, or the same, its server may
   * have moved to another authorization server: whoever connects next must be led there.
   */
  async #other(visitor: Sender, held: Held | undefined, challenge: string | undefined) {
    const { access } = this.#deps;
    try {
      const next = await this.#held(visitor, held?.token);
      if (next?.token === held?.token) await access?.refused(challenge ?? "Bearer").catch(() => {});
      return next;
    } catch (error) {
      // What is known stays known where nothing else is found.
      if (error instanceof Refusal) await access?.refused(challenge ?? "Bearer").catch(() => {});
      throw error;
    }
  }

  /** Ends the sessions of a subject, who has disconnected. */
  async end(subject: string): Promise<void> {
    await this.#sessions.end((key) => JSON.parse(key)[0] === subject);
  }

  /** Ends all sessions, and local processes. */
  async close(): Promise<void> {
    await this.#sessions.close();
  }

  async #use<T>(
    visitor: Sender,
    held: Held | undefined,
    signal: AbortSignal,
    use: Use<T>,
  ): Promise<T> {
    const { subject } = visitor;
    const capabilities = capabilitiesOf(visitor);
    const isShared = this.#spec.kind === "stdio" && !isPersonal(this.#spec);
    const owner = isShared ? undefined : subject;
    const key = JSON.stringify(isShared ? [] : [subject, held?.account, capabilities]);
    const says = { clientInfo: CLIENT_INFO, capabilities: isShared ? CAPABILITIES : capabilities };
    const open = () => this.#open(key, owner, held?.token, says);
    return await this.#sessions.use(key, { token: held?.token, signal, open }, use);
  }

  /** The subject's token, where this upstream gets one; another one than `rejected` if there is one. */
  async #held(sender: Sender, rejected?: string): Promise<Held | undefined> {
    const service = this.#spec.provider;
    if (
      service === undefined || sender.shared ||
      (this.#spec.kind === "stdio" && !isPersonal(this.#spec))
    ) {
      return undefined;
    }
    const { subject, actor, tokens, unlinked } = sender;
    const waitMs = this.#spec.timeoutMs;
    const request = { subject, actor, service, scopes: [], rejected, unlinked, waitMs };
    try {
      const { tokens: { accessToken: token }, account } = await this.#deps.broker.token(request);
      tokens.add(token);
      if (sender.served !== undefined) sender.served.account = account;
      return { token, account };
    } catch (error) {
      // Who has disconnected has no session there any more, and no process with a token in it.
      if (isOver(error, actor)) this.end(subject).catch(() => {});
      throw error;
    }
  }

  /** Asks for a token with what the server wants, so that the refusal has the link to it. */
  async #stepUp(sender: Sender, scopes: string[]): Promise<void> {
    const { subject, actor, tokens, unlinked } = sender;
    const service = this.#spec.provider;
    if (service === undefined || scopes.length === 0) return;
    const waitMs = this.#spec.timeoutMs;
    const served = await this.#deps.broker.token({
      subject,
      actor,
      service,
      scopes: [scopes],
      unlinked,
      waitMs,
    });
    tokens.add(served.tokens.accessToken);
  }

  async #open(
    key: string,
    owner: Subject | undefined,
    token: string | undefined,
    says: ClientSays,
  ): Promise<KeptSession> {
    const tell = this.#deps.heard;
    const heard = tell && ((notification: UpstreamMessage) => tell(owner, notification));
    if (this.#http !== undefined) return await openHttp(this.#http, { token, says, heard });
    const spec = this.#spec as LocalUpstream;
    return await this.#rests.open(key, () => this.#start(spec, { token, says, heard }));
  }

  async #start(
    spec: LocalUpstream,
    opening: {
      token: string | undefined;
      says: ClientSays;
      heard: ((notification: UpstreamMessage) => void) | undefined;
    },
  ): Promise<ProcessSession> {
    const { startProcess: start, places, world } = this.#deps;
    if (start === undefined) throw notDone({ kind: "not_started" });
    const { command, args, runAs: user, memoryMb, timeoutMs, tokenEnv } = spec;
    const { token } = opening;
    const env = token === undefined || tokenEnv === undefined
      ? spec.env
      : { ...spec.env, [tokenEnv]: token };
    const leave = await places?.take();
    const upstream = spec.name;
    try {
      const session = await openProcess({
        ...opening,
        process: { command, args, env, user, memoryMb },
        start,
        world,
        timeoutMs,
        isPersonal: isPersonal(spec),
        secrets: operatorSecrets(spec),
        onfailed: (stderr) =>
          world.log({ level: "error", event: "upstream_not_started", upstream, stderr }),
      });
      session.over.then(leave, leave);
      session.ended.then(() => {
        const stderr = session.lastWords();
        world.log({ level: "error", event: "upstream_process_ended", upstream, stderr });
      }, leave);
      return session;
    } catch (error) {
      leave?.();
      if (error instanceof UpstreamFault && error.why.kind === "not_started") {
        const detail = saidOf(error.cause);
        world.log({ level: "error", event: "upstream_not_started", upstream, detail });
      }
      throw error;
    }
  }
}

/**
 * Forms, pages and apps, or not: whatever else a caller says of itself makes no session of its own,
 * and a list is asked for in the session of those calls whose client says nothing.
 */
function capabilitiesOf({ capabilities = {} }: Sender): Record<string, unknown> {
  const { elicitation, extensions } = capabilities;
  const isApp = isRecord(extensions) && isRecord(extensions[APPS]);
  const apps = isApp ? { extensions: { [APPS]: { mimeTypes: [APP_PAGE] } } } : CAPABILITIES;
  if (!isRecord(elicitation)) return apps;
  const { form, url } = elicitation;
  // Until 2025-06-18 there was nothing but forms.
  const isForm = form !== undefined || url === undefined;
  const shown = { ...(isForm && { form: {} }), ...(url !== undefined && { url: {} }) };
  return { elicitation: shown, ...apps };
}

/** Whether a subject has no access any more; an account that has ended says nothing of others. */
function isOver(error: unknown, { accounts }: Acting["actor"]): boolean {
  const code = reasonOf(error)?.code;
  return code === "not_connected" ||
    (code === "reauthorization_required" && accounts === undefined);
}
