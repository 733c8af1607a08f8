/**
 * One upstream's prompts, resources and completions: what it offers whom, kept
 * for a while, and the requests that go there.
 *
 * What is kept is kept per person, always (`ownerOf()` says whose it is): with a
 * provider token on the way, what one person may see says something of that
 * person.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import { isToCome } from "../../broker/core/clock.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { OFFER_TTL_MS } from "../abilities.ts";
import { withoutSecrets } from "../secrets_in.ts";
import type { UpstreamClients } from "./client.ts";
import { askOffer, NO_OFFER, type Offer } from "./offer.ts";
import { LIST_PATIENCE_MS, RETRY_MS } from "./lists.ts";
import { ownerOf } from "./owner.ts";
import { AnswerWithheld, remoteErrorOf } from "./remote_error.ts";

/** What is kept of one upstream for everybody: so many, and so much of it. */
export const MAX_OFFERS = 500;
export const MAX_OFFERS_BYTES = 8 * 1024 * 1024;

/** What an upstream's features need. */
export interface FeatureDeps {
  world: World;
  clients: Pick<UpstreamClients, "with">;
  /** The operator's, that go to it with every request. */
  secrets: readonly string[];
  /** What a subject's list hangs on: another connection has another mark, and none has none. */
  markOf(visitor: Acting): Promise<string | undefined>;
}

/** What is kept for one owner. */
interface Kept {
  subject: string;
  /** Of the connection that it was offered with. */
  mark: string;
  offer: Offer;
  goodUntil: number;
}

/** What is being asked for one owner. */
interface Asking {
  offer: Promise<Offer>;
  mark: string | undefined;
  /** One caller has waited long; the others take what is known. */
  slow: boolean;
  /** Who is not connected gets no link. */
  unlinked: boolean;
}

/** One upstream, as far as it is more than tools. */
export class UpstreamFeatures {
  readonly #spec: UpstreamSpec;
  readonly #deps: FeatureDeps;
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Asking>();
  #bytes = 0;

  constructor(spec: UpstreamSpec, deps: FeatureDeps) {
    this.#spec = spec;
    this.#deps = deps;
  }

  /** What it offers a visitor, as last told; does not throw, and does not wait long. */
  async offer(visitor: Acting): Promise<Offer> {
    const { world } = this.#deps;
    const owner = ownerOf(visitor);
    // Nobody is shown what may not be theirs any more, or that cannot be known.
    const mark = await this.#deps.markOf(visitor).catch(() => undefined);
    if (mark === undefined) {
      this.#forget(owner);
      return NO_OFFER;
    }
    // What is kept, or offered meanwhile, may be another account's.
    const known = () => {
      const kept = this.#kept.get(owner);
      return kept?.mark === mark ? kept.offer : NO_OFFER;
    };
    const running = this.#asking.get(owner);
    if (running?.slow === true && running.mark === mark) return known();
    // Whatever goes wrong is said in the log by whoever asks.
    const whole = this.#whole(visitor, mark, true).catch(known);
    const asking = this.#asking.get(owner);
    const stop = new AbortController();
    const late = world.sleep(LIST_PATIENCE_MS, stop.signal).then(() => {
      if (asking !== undefined) asking.slow = true;
      return known();
    });
    return await Promise.race([whole, late]).finally(() => stop.abort());
  }

  /**
   * The same, waited for.
   *
   * @throws {Refusal} where the visitor must connect first; what the client throws.
   */
  async wholeOffer(visitor: Acting): Promise<Offer> {
    return await this.#whole(visitor, await this.#deps.markOf(visitor), false);
  }

  /**
   * What is asked for, or is being asked for already, stands in `#asking` when this returns.
   * `unlinked`: a list makes no link for who is not connected.
   */
  async #whole(visitor: Acting, mark: string | undefined, unlinked: boolean): Promise<Offer> {
    const owner = ownerOf(visitor);
    const kept = this.#kept.get(owner);
    if (
      kept !== undefined && kept.mark === mark &&
      isToCome(kept.goodUntil, this.#deps.world.now(), OFFER_TTL_MS)
    ) {
      return kept.offer;
    }
    const running = this.#asking.get(owner);
    const joins = running?.mark === mark && (unlinked || !running?.unlinked);
    if (running !== undefined && joins) return await running.offer;
    const before = kept?.mark === mark ? kept?.offer : undefined;
    const offer = this.#ask(visitor, { unlinked, mark, before }).finally(() => {
      if (this.#asking.get(owner)?.offer === offer) this.#asking.delete(owner);
    });
    this.#asking.set(owner, { offer, mark, unlinked, slow: false });
    return await offer;
  }

  /**
   * Sends a request that changes nothing at the upstream; its answer comes
   * without what was sent along.
   *
   * @throws {RemoteError} the upstream's own no; {@linkcode AnswerWithheld};
   * {@linkcode Refusal}; what the client throws.
   */
  async request(
    visitor: Acting & { capabilities?: Record<string, unknown> | undefined },
    method: string,
    params: Record<string, unknown>,
    caller: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const { world, clients, secrets } = this.#deps;
    const { subject, actor, capabilities } = visitor;
    const { timeoutMs } = this.#spec;
    const tokens = new Set(secrets);
    using deadline = deadlineIn(world, timeoutMs);
    const signal = AbortSignal.any([caller, deadline.signal]);
    let answer: Record<string, unknown>;
    try {
      answer = await clients.with(
        { subject, actor, capabilities, tokens },
        signal,
        (session) => session.request(method, params, { signal, timeoutMs }),
      );
    } catch (error) {
      throw remoteErrorOf(error, this.#spec, tokens);
    }
    const searched = withoutSecrets(answer, tokens);
    if (searched.kind === "withheld") throw new AnswerWithheld("an answer held a secret");
    return searched.value;
  }

  async #ask(
    visitor: Acting,
    { unlinked, mark = "", before }: {
      unlinked: boolean;
      mark: string | undefined;
      before: Offer | undefined;
    },
  ): Promise<Offer> {
    const { world, clients, secrets } = this.#deps;
    const spec = this.#spec;
    const tokens = new Set(secrets);
    using deadline = deadlineIn(world, spec.timeoutMs);
    const { signal } = deadline;
    try {
      const offer = await clients.with(
        { ...visitor, tokens, unlinked },
        signal,
        (session) => askOffer(session, spec, { world, secrets: tokens }, signal),
      );
      this.#keep(visitor, { mark, offer }, OFFER_TTL_MS);
      return offer;
    } catch (error) {
      // Who is not connected may be so in a moment, and nobody was asked.
      if (error instanceof Refusal) {
        this.#forget(ownerOf(visitor));
        throw error;
      }
      const what = { upstream: spec.name, detail: kindOf(error) };
      world.log({ level: "warn", event: "upstream_features_unavailable", ...what });
      // What was offered before stays: a server that restarts has not lost it.
      this.#keep(visitor, { mark, offer: before ?? NO_OFFER }, RETRY_MS);
      throw error;
    }
  }

  /** What is known is not the latest any more: of a subject, or of anybody. */
  changed(subject: string | undefined): void {
    for (const [owner, kept] of this.#kept) {
      if (subject === undefined || kept.subject === subject) this.#forget(owner);
    }
  }

  #keep(visitor: Acting, kept: Pick<Kept, "mark" | "offer">, ms: number): void {
    const owner = ownerOf(visitor);
    const { subject } = visitor;
    this.#forget(owner);
    this.#kept.set(owner, { ...kept, subject, goodUntil: this.#deps.world.now() + ms });
    this.#bytes += kept.offer.bytes;
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MAX_OFFERS && this.#bytes <= MAX_OFFERS_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(owner: string): void {
    this.#bytes -= this.#kept.get(owner)?.offer.bytes ?? 0;
    this.#kept.delete(owner);
  }
}
