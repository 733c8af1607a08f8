/**
 * Programs that are asked the same, turn by turn, so that whatever else the
 * machine does meanwhile falls on all of them alike.
 *
 * @module
 */

import { type Answer, connect, type Question, wireOf } from "./caller.ts";
import type { Finding } from "./finding.ts";
import { load, PEER, PEER_WARM_UP, type Target, USUAL, WARM_UP } from "./load.ts";

/** One of those that are asked. */
export interface Contestant {
  name: string;
  target: Target;
  question: Question;
  /** Throws where the answer is not a right one: who answers wrongly is not timed. */
  check(answer: Answer): void;
  /** How often it does for one request what the others do once. @default 1 */
  times?: number | undefined;
  /** It is not warmed up for as long as ours: its figure is no budget's. */
  isPeer?: boolean | undefined;
}

/** Processor time per request of each, in microseconds, round by round. */
export type Rounds = Map<string, number[]>;

/** Asks each once, and throws where an answer is wrong. */
export async function checkAll(contestants: Contestant[]): Promise<void> {
  for (const { name, target, question, check } of contestants) {
    using caller = await (target.connect ?? connect)(target.port);
    // Twice: the second answer of a connection is another path in some servers.
    for (let time = 0; time < 2; time++) {
      const answer = await caller.read(wireOf(question.of?.(1) ?? question, target.port));
      try {
        check(answer);
      } catch (error) {
        const said = `${answer.status} ${answer.body.slice(0, 300)}`;
        throw new Error(`${name} answers wrongly: ${said}`, { cause: error });
      }
    }
  }
}

/** Checks all, warms all up, and measures them in turns. */
export async function compete(
  contestants: Contestant[],
  rounds: number,
): Promise<Rounds> {
  await checkAll(contestants);
  for (const { target, question, isPeer } of contestants) {
    await load(target, question, isPeer === true ? PEER_WARM_UP : WARM_UP);
  }
  const measured: Rounds = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Forth and back: nobody always follows the same one.
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const { name, target, question, times = 1, isPeer } of order) {
      const { cpuUsPerRequest } = await load(target, question, isPeer === true ? PEER : USUAL);
      measured.get(name)!.push(cpuUsPerRequest / times);
    }
  }
  await checkAll(contestants);
  return measured;
}

/** What a finding says of those that took part, ours being the first and the limit the second. */
export function compared(
  [ours, limit, ...peers]: [Contestant, Contestant, ...Contestant[]],
  rounds: Rounds,
): Pick<Finding, "unit" | "ours" | "limit" | "ratio" | "peers"> {
  const middle = ({ name }: Contestant) => median(rounds.get(name) ?? []);
  return {
    unit: "µs CPU",
    ours: middle(ours),
    limit: { name: limit.name, value: middle(limit) },
    ratio: ratioOf(rounds, ours.name, limit.name),
    peers: peers.map((peer) => ({ name: peer.name, value: middle(peer) })),
  };
}

/** The middle one; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The median over the rounds of one's cost by the other's in the same round. */
export function ratioOf(rounds: Rounds, one: string, other: string): number {
  const others = rounds.get(other) ?? [];
  return median((rounds.get(one) ?? []).map((value, round) => value / (others[round] ?? NaN)));
}
