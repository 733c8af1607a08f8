/**
 * What an upstream lists, and for whom. What it lists for a person's token is
 * that person's: nobody else is shown it, and nobody else's failure takes it
 * away.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import { andThen, type Awaitable } from "../../broker/core/awaitable.ts";
import type { Standings } from "../../broker/core/call.ts";
import { isToCome } from "../../broker/core/clock.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { Subject } from "../../broker/core/subject.ts";
import {
  isPersonal,
  longestTime,
  tokenService,
  type UpstreamSpec,
} from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { RecentlyApproved } from "./approval.ts";
import type { UpstreamClients } from "./client.ts";
import { Findings, type NotListed } from "./findings.ts";
import { RecentlyMended } from "./judge.ts";
import { type Kept, KeptLists, type KeptListsDeps } from "./kept_lists.ts";
import {
  fetchList,
  type ListDeps,
  reviewedList,
  type UnshownTool,
  type UpstreamTool,
} from "./list.ts";
import { ownerOf } from "./owner.ts";
import {
  connectTool,
  generalTools,
  namedStandIn,
  silentStandIn,
  unshownTool,
} from "./stand_ins.ts";
import { type Got, LIST_TTL_MS, SubjectList } from "./subject_list.ts";
import { connectName, couldBeToolName } from "./tool_name.ts";

export { LIST_PATIENCE_MS, LIST_TTL_MS, RETRY_MS } from "./subject_list.ts";

/** People whose lists of one upstream are held in memory; those who came longest ago make way. */
export const MAX_PEOPLE = 500;
/** All lists of one upstream that are held in memory, as JSON. The one in use may be larger. */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** What listing needs, beside a way to the upstream: the clock, and who is connected. */
export interface ListsDeps extends Omit<ListDeps, "recent" | "mended">, KeptListsDeps {
  world: World;
  broker: Standings;
}

/** What stands behind a person's list. */
interface Behind {
  mark: string;
  version: string;
}

/** A person's list, and the connection that it was listed with. */
interface Own extends Behind {
  subject: Subject;
  list: SubjectList;
}

/** The lists of one upstream. */
export class UpstreamLists {
  readonly #spec: UpstreamSpec;
  readonly #clients: Pick<UpstreamClients, "with">;
  readonly #deps: ListsDeps;
  readonly #secrets: readonly string[];
  readonly #kept: KeptLists;
  readonly #findings: Findings;
  /** Everybody's, where no person's token stands behind it. */
  readonly #shared: SubjectList;
  /** By owner, in the order of their last use. */
  readonly #people = new Map<string, Own>();
  /** People are listed the same, mostly. */
  readonly #mended = new RecentlyMended();
  #recent: RecentlyApproved = new Map();
  #recentUntil = 0;
  #general: UpstreamTool[] = [];
  #generalUntil = 0;

  constructor(
    spec: UpstreamSpec,
    clients: Pick<UpstreamClients, "with">,
    deps: ListsDeps,
    secrets: readonly string[],
  ) {
    this.#spec = spec;
    this.#clients = clients;
    this.#deps = deps;
    this.#secrets = secrets;
    this.#kept = new KeptLists(spec.name, deps);
    this.#findings = new Findings(spec.name, deps);
    this.#shared = new SubjectList(
      spec.name,
      deps.world,
      (visitor) => this.#shareable(visitor),
      false,
    );
  }

  /** What a visitor is shown; does not throw, and does not wait long. */
  tools(visitor: Acting): Awaitable<UpstreamTool[]> {
    return andThen(this.#ownTools(visitor), (own) => own ?? this.#offered());
  }

  /**
   * The tool that a visitor means by a name that belongs to the upstream. To who is not connected
   * every such name means that they have to be.
   */
  find(name: string, visitor: Acting): Awaitable<UpstreamTool | undefined> {
    return andThen(
      this.#ownTools(visitor),
      (own) => own === undefined ? this.#standIn(name) : this.#found(name, own, visitor),
    );
  }

  async #standIn(name: string): Promise<UpstreamTool | undefined> {
    return couldBeToolName(this.#spec.name, name)
      ? namedStandIn(name, await this.#offered(), this.#connect())
      : undefined;
  }

  #found(name: string, own: UpstreamTool[], visitor: Acting): UpstreamTool | undefined {
    const found = own.find(({ listed }) => listed.name === name) ??
      own.find(({ alias }) => alias === name);
    // From a list of before they were.
    const isConnect = isPersonal(this.#spec) && name === connectName(this.#spec.name);
    if (found !== undefined || isConnect) return found ?? this.#connect();
    return couldBeToolName(this.#spec.name, name) && this.#isUnknownTo(visitor)
      ? silentStandIn(name, this.#spec)
      : undefined;
  }

  #isUnknownTo(visitor: Acting): boolean {
    if (!isPersonal(this.#spec)) return this.#shared.isUnknown;
    // Without a list of theirs it could not be told whether they are connected.
    return this.#people.get(ownerOf(visitor))?.list.isUnknown ?? true;
  }

  /** As last listed for a visitor; asks nobody. */
  known(visitor: Acting): UpstreamTool[] {
    const list = isPersonal(this.#spec) ? this.#people.get(ownerOf(visitor))?.list : this.#shared;
    return list?.known() ?? [];
  }

  /**
   * What is known is not the latest any more: the upstream has said so, or has refused a token.
   * Without a subject: of nobody.
   */
  async listChanged(subject?: Subject): Promise<void> {
    if (subject === undefined || !isPersonal(this.#spec)) {
      this.#shared.changed();
      for (const { list } of this.#people.values()) list.changed();
      await Promise.all([...this.#people.keys()].map((each) => this.#kept.forget(each)));
      return;
    }
    const owners = [...this.#people].filter(([, own]) => own.subject === subject);
    // However often a server says so, the store hears of it once.
    const changed = owners.filter(([, { list }]) => list.changed()).map(([owner]) => owner);
    if (!this.#people.has(subject)) changed.push(subject);
    await Promise.all(changed.map((owner) => this.#kept.forget(owner)));
  }

  /** `undefined`: a person has to connect first. */
  #ownTools(visitor: Acting): Awaitable<UpstreamTool[] | undefined> {
    if (isPersonal(this.#spec)) return this.#personalTools(visitor);
    return andThen(
      this.#shared.tools(visitor),
      // It may just have asked who calls, for the first time.
      (tools) => isPersonal(this.#spec) ? this.#personalTools(visitor) : tools,
    );
  }

  async #personalTools(visitor: Acting): Promise<UpstreamTool[] | undefined> {
    try {
      const behind = await this.#behind(visitor);
      if (behind === undefined) {
        await this.#forget(ownerOf(visitor));
        return undefined;
      }
      const list = this.#listOf(visitor, behind);
      const tools = await list.tools(visitor);
      this.#makeRoom();
      return list.needsPerson ? undefined : tools;
    } catch (error) {
      // Nobody is shown what may not be theirs any more.
      const upstream = this.#spec.name;
      const detail = kindOf(error);
      this.#deps.world.log({ level: "warn", event: "upstream_unavailable", upstream, detail });
      return [];
    }
  }

  /** Which connection a visitor's list hangs on; none: `undefined`. */
  async #behind({ subject, actor }: Acting): Promise<Behind | undefined> {
    const spec = this.#spec;
    const service = tokenService(spec);
    const where = spec.kind === "http" ? spec.url : [spec.command, spec.args];
    if (service === undefined) return { mark: digest(JSON.stringify(where)), version: "" };
    const standing = await this.#deps.broker.standing({ subject, actor, service });
    if (standing.kind === "not_connected") return undefined;
    const { mark, version } = standing;
    return { mark: digest(JSON.stringify([where, mark])), version };
  }

  /** The mark of the connection that a visitor's list hangs on; none: `undefined`. */
  async markOf(visitor: Acting): Promise<string | undefined> {
    return (await this.#behind(visitor))?.mark;
  }

  #listOf(visitor: Acting, { mark, version }: Behind): SubjectList {
    const owner = ownerOf(visitor);
    const known = this.#people.get(owner);
    this.#people.delete(owner);
    const { world } = this.#deps;
    // Who had to do something has done it, where anything has changed.
    const isOver = known?.list.needsPerson === true && known.version !== version;
    const list = known?.mark === mark && !isOver ? known.list : new SubjectList(
      this.#spec.name,
      world,
      (visitor, isLatest) => this.#personal(visitor, mark, isLatest),
      true,
    );
    this.#people.set(owner, { subject: visitor.subject, mark, version, list });
    return list;
  }

  async #forget(owner: string): Promise<void> {
    if (!this.#people.delete(owner)) return;
    await this.#kept.forget(owner);
  }

  #makeRoom(): void {
    let bytes = [...this.#people.values()].reduce((sum, { list }) => sum + list.bytes, 0);
    for (const [owner, { list }] of this.#people) {
      if (this.#people.size === 1) return;
      if (this.#people.size <= MAX_PEOPLE && bytes <= MAX_HELD_BYTES) return;
      this.#people.delete(owner);
      bytes -= list.bytes;
    }
  }

  async #shareable(visitor: Acting): Promise<Got> {
    return await this.#reviewed(visitor, await this.#ask(visitor, true));
  }

  async #personal(visitor: Acting, mark: string, isLatest: () => boolean): Promise<Got> {
    const { world } = this.#deps;
    const owner = ownerOf(visitor);
    const kept = await this.#kept.read(owner, mark);
    const isFresh = kept !== undefined &&
      isToCome(kept.listedAt + LIST_TTL_MS, world.now(), LIST_TTL_MS);
    const list = isFresh ? kept : await this.#ask(visitor, false);
    if (!isFresh) await this.#kept.write({ owner, subject: visitor.subject }, mark, list);
    // It was read or written after it had been forgotten.
    if (!isLatest()) await this.#kept.forget(owner);
    return await this.#reviewed(visitor, list);
  }

  async #ask(visitor: Acting, shared: boolean): Promise<Kept & { cut: NotListed[] }> {
    const { world } = this.#deps;
    const spec = this.#spec;
    const secrets = new Set(this.#secrets);
    const cut: NotListed[] = [];
    const notListed = (what: NotListed) => cut.push(what);
    using time = deadlineIn(world, longestTime(spec));
    // What came by then is taken.
    using end = deadlineIn(world, longestTime(spec) + spec.timeoutMs);
    const sender = { ...visitor, tokens: secrets, unlinked: true, shared };
    const list = await this.#clients.with(
      sender,
      end.signal,
      (session) => fetchList(session, spec, { world, secrets, notListed }, time.signal),
    );
    return { list, listedAt: world.now(), cut };
  }

  async #reviewed(visitor: Acting, kept: Kept & { cut?: NotListed[] }): Promise<Got> {
    const spec = this.#spec;
    const { world } = this.#deps;
    const left = [...kept.cut ?? []];
    const mended = isPersonal(spec) ? this.#mended : undefined;
    const deps = { ...this.#deps, recent: this.#recently(), mended };
    const { tools, own } = await reviewedList(kept.list, spec, deps, (what) => left.push(what));
    await this.#findings.note(left, isPersonal(spec));
    tools.push(...await this.#ownForms(visitor.subject, own));
    const bytes = tools.reduce((sum, { listed }) => sum + JSON.stringify(listed).length, 0);
    const goodUntil = Math.min(kept.listedAt, world.now()) + LIST_TTL_MS;
    return { tools, goodUntil, bytes };
  }

  /** Definitions that are one person's alone: as they are, once the person was shown them. */
  async #ownForms(subject: Subject, own: UnshownTool[]): Promise<UpstreamTool[]> {
    if (own.length === 0) return [];
    const isShown = await this.#kept.shown(subject);
    const show = async (name: string, definition: string) => {
      await this.#kept.show(subject, name, definition);
      await this.listChanged(subject);
    };
    return own.map((tool) => unshownTool(this.#spec, tool, isShown(tool.name, tool.digest), show));
  }

  #recently(): RecentlyApproved {
    const now = this.#deps.world.now();
    if (!isToCome(this.#recentUntil, now, LIST_TTL_MS)) {
      this.#recent = new Map();
      this.#recentUntil = now + LIST_TTL_MS;
    }
    return this.#recent;
  }

  /** What who is not connected is shown. */
  async #offered(): Promise<UpstreamTool[]> {
    const { showTools = false } = this.#spec;
    if (showTools === false) return [this.#connect()];
    const { world, store } = this.#deps;
    if (!isToCome(this.#generalUntil, world.now(), LIST_TTL_MS)) {
      try {
        this.#general = await generalTools(this.#spec, store, this.#connect());
        this.#generalUntil = world.now() + LIST_TTL_MS;
      } catch (error) {
        const upstream = this.#spec.name;
        const detail = kindOf(error);
        world.log({ level: "warn", event: "upstream_unavailable", upstream, detail });
      }
    }
    return this.#general.length === 0 ? [this.#connect()] : this.#general;
  }

  #connect(): UpstreamTool {
    return connectTool(this.#spec, async (caller) => {
      const { timeoutMs } = this.#spec;
      using end = deadlineIn(this.#deps.world, timeoutMs);
      const { signal } = end;
      // A token that is good by our own record may be refused there.
      await this.#clients.with(
        caller,
        signal,
        (session) => session.request("tools/list", {}, { signal, timeoutMs }),
      );
      await this.listChanged(caller.subject);
    });
  }
}
