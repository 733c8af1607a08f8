/**
 * The broker as tool calls see it: the one that was put together last. What
 * calls tools outlives brokers, which are made anew with each change of an
 * operator's.
 *
 * @module
 */

import type { Broker } from "../broker/broker.ts";
import type { Accounts } from "../broker/core/accounts.ts";
import type { Acting, Actor } from "../broker/core/actor.ts";
import type { InNameOf } from "../broker/core/callers.ts";
import type { CallBroker, CallKey, Standings } from "../broker/core/call.ts";
import type { TokenRequest } from "../broker/core/token_request.ts";

/** Hands every question on; what the store is asked for it is asked in the name of whoever acts. */
export class LatestBroker implements CallBroker, Standings, Accounts {
  readonly #inNameOf: InNameOf;
  #broker: Broker | undefined;

  constructor(inNameOf: InNameOf) {
    this.#inNameOf = inNameOf;
  }

  /** From now on this one is asked. */
  set(broker: Broker): void {
    this.#broker = broker;
  }

  get #latest(): Broker {
    if (this.#broker === undefined) throw new TypeError("Cannot call: there is no broker yet");
    return this.#broker;
  }

  token(request: TokenRequest) {
    return this.#inNameOf(request.actor, () => this.#latest.token(request), request.request);
  }

  standing(request: Parameters<Standings["standing"]>[0]) {
    return this.#inNameOf(request.actor, () => this.#latest.standing(request));
  }

  /** What is remembered of them is nobody's work; see `RememberedAccounts`. */
  accounts(acting: Acting) {
    return this.#latest.accounts(acting);
  }

  once<T>(
    key: CallKey,
    run: () => Promise<T>,
    worthKeeping: (outcome: T) => boolean,
    signal: AbortSignal,
  ) {
    return this.#inNameOf(
      key.actor,
      () => this.#latest.once(key, run, worthKeeping, signal),
    );
  }

  async misconfigured(provider: string, detail: string, actor: Actor): Promise<void> {
    await this.#inNameOf(
      actor,
      () => this.#latest.misconfigured?.(provider, detail, actor),
    );
  }
}
