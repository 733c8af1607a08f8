/**
 * Ends emulators when they are closed.
 *
 * @module
 */

import { Server } from "node:http";

const listening = new Set<Server>();
const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...args: Parameters<typeof listen>) {
  listening.add(this);
  return listen.apply(this, args);
} as typeof listen;

/**
 * The same emulator. Closed politely, as `emulate` does it by itself, it waits three minutes for a
 * connection that a client has opened and not used, as several requests at once may make it do
 * (seen with Deno 2.5.7).
 */
export function closedHard<T extends { close(): Promise<void> }>(emulator: T, port: number): T {
  const close = emulator.close.bind(emulator);
  emulator.close = async () => {
    for (const server of listening) {
      const address = server.address();
      if (typeof address !== "object" || address?.port !== port) continue;
      listening.delete(server);
      server.closeAllConnections();
    }
    await close();
  };
  return emulator;
}
