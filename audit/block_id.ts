/**
 * What blocks are called: when one begins, which process writes it, and the how
 * manieth of that process it is. All are of one length, so that none begins
 * with another, and stand in the order of their times. Pure.
 *
 * @module
 */

const TIME = 9;
const PROCESS = 12;
const COUNT = 6;
const ID = /^[0-9a-z]{9}[A-Za-z0-9]{12}[0-9a-z]{6}$/;

/** What tells one process from others, out of a random text. */
export function processOf(secret: string): string {
  return secret.replaceAll(/[^A-Za-z0-9]/g, "").padEnd(PROCESS, "0").slice(0, PROCESS);
}

/** No other block is called so, whatever clocks do. */
export function blockId(at: number, process: string, count: number): string {
  return inPlaces(at, TIME) + process + inPlaces(count, COUNT);
}

/** Whether a text that came from outside can be one. */
export function isBlockId(text: string): boolean {
  return ID.test(text);
}

/** When a block begins, in epoch ms. */
export function timeOfBlock(id: string): number {
  return parseInt(id.slice(0, TIME), 36);
}

/** What stands behind a block, and before the next: all ids are of one length. */
export function justBehind(id: string): string {
  return `${id}~`;
}

function inPlaces(number: number, places: number): string {
  return Math.max(0, Math.floor(number)).toString(36).padStart(places, "0").slice(-places);
}
