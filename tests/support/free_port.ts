/**
 * Ports for programs that must be told theirs.
 *
 * @module
 */

/**
 * Where a system takes the ports of outgoing connections from (Linux from 32768,
 * macOS from 49152): a port from there can be taken between being found free and
 * being listened on, and with a suite that connects all the time it sometimes is.
 */
const LOWEST = 11_000;
const HIGHEST = 32_000;

const given = new Set<number>();

/**
 * A port that nobody listens on at this moment, and that this process has not given out. By chance:
 * two processes that count up, and happen to meet, would go on together and take each other's.
 */
export function freePort(): number {
  for (let tries = LOWEST; tries < HIGHEST; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (given.has(port) || !isFree(port)) continue;
    given.add(port);
    return port;
  }
  throw new Error("Cannot find a free port");
}

function isFree(port: number): boolean {
  try {
    using _listener = Deno.listen({ hostname: "127.0.0.1", port });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
