/**
 * What a gateway knows in memory, and must not forget because an operator has
 * changed a setting: who guessed wrong, whose door is closed for now, which
 * proofs were used, whose documents were fetched. One for each process; every
 * gateway that is put together in it works with the same.
 *
 * @module
 */

import { isLoopback } from "../broker/core/addresses.ts";
import type { Client, FetchDocument } from "../broker/core/client.ts";
import { type Limits, NO_LIMITS } from "../broker/core/limits.ts";
import type { Store } from "../broker/core/store.ts";
import type { World } from "../broker/core/world.ts";
import type { AuthenticationDeps } from "./clients/client_authentication.ts";
import { Clients } from "./clients/clients.ts";
import { Nonces } from "./dpop/dpop_nonce.ts";
import { Proofs } from "./dpop/proofs.ts";
import { createDoors, type Doors } from "./doors.ts";
import { Guesses } from "./guesses.ts";
import { limitedStore } from "./limited_store.ts";
import type { SigningKeys } from "./own_jwt.ts";

/** What it is made of; all of it is env's to say. */
export interface MemoryOptions {
  publicUrl: string;
  store: Store;
  world: World;
  mcpClients: Omit<Client, "kind">[];
  signingKeys: SigningKeys;
  fetchDocument: FetchDocument;
  /** Whether clients may be described by documents of their own, which are fetched. */
  clientDocuments: boolean;
  /** Of all processes; absent: what is made is counted in this one. */
  limits?: Limits | undefined;
}

/** What one process remembers. */
export interface GatewayMemory {
  limits: Limits;
  doors: Doors;
  /** The store; what people put there is counted at the doors. */
  store: Store;
  keyGuesses: Guesses;
  clients: Clients;
  authentication: AuthenticationDeps;
  nonces: Nonces;
  proofs: Proofs;
}

/** A memory that knows nothing yet. */
export function createGatewayMemory(options: MemoryOptions): GatewayMemory {
  const { publicUrl, world, fetchDocument } = options;
  const { limits } = options;
  const doors = createDoors(world, limits);
  const store = limitedStore(options.store, doors);
  const clients = new Clients({
    store,
    world,
    operatorClients: options.mcpClients.map((client): Client => ({ ...client, kind: "operator" })),
    fetchDocument,
    doors,
    readsDocuments: options.clientDocuments,
    isLocal: isLoopback(new URL(publicUrl).hostname),
  });
  const nonces = new Nonces(options.signingKeys, world);
  return {
    limits: limits ?? NO_LIMITS,
    doors,
    store,
    keyGuesses: new Guesses(world),
    clients,
    authentication: {
      store,
      world,
      keySets: clients.keySets,
      guesses: new Guesses(world),
      doors,
      isAgreed: (client) => clients.isAgreed(client),
      audiences: [publicUrl, `${publicUrl}/oauth/token`],
    },
    nonces,
    proofs: new Proofs({ store, world, nonces }),
  };
}
