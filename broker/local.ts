/**
 * The broker of one person at one machine: provider tokens from env, and, where
 * there is one, the vault of a gateway on the same machine.
 *
 * @module
 */

import type { Accounts, HeldAccount } from "./core/accounts.ts";
import type { CallBroker } from "./core/call.ts";
import type { Connection } from "./core/connection.ts";
import { Refusal } from "./core/refusal.ts";
import { resolveService, type Servers } from "./core/scopes.ts";
import { heldOf } from "./held_accounts.ts";
import { lackOf } from "./tokens/choice.ts";
import { variable } from "./core/variable.ts";

/** Where a local caller's tokens come from. */
export interface LocalOptions {
  servers: Servers;
  /** Provider → access token. */
  envTokens: Map<string, string>;
  /** The vault's broker, if there is one. */
  vault?: (CallBroker & Accounts) | undefined;
}

/** A broker that takes a token from env where there is one, and asks the vault otherwise. */
export function createLocalBroker(
  { servers, envTokens, vault }: LocalOptions,
): CallBroker & Accounts {
  return {
    async accounts(acting) {
      const fromVault = vault === undefined ? heldOf([]) : await vault.accounts(acting);
      // Where there is a token in env, it is used whatever account is named.
      const others = fromVault?.accounts.filter(({ provider }) => !envTokens.has(provider));
      const own = [...envTokens.keys()].flatMap((provider): HeldAccount[] => {
        const services = servers.get(provider)?.services.map(({ name }) => name);
        return services ? [{ provider, services, account: "env", works: true }] : [];
      });
      return others && heldOf([...own, ...others]);
    },
    async token(request) {
      const { server, services } = resolveService(servers, request.service);
      const accessToken = envTokens.get(server.name);
      // A token that was refused is not tried again; the vault may have another.
      const { rejected, refused } = request;
      if (accessToken !== undefined && accessToken !== rejected && refused === undefined) {
        return fromEnv(server.name, accessToken, request.subject);
      }
      const title = services.length === 1 ? services[0]!.title : server.title;
      const named = { service: request.service, title };
      if (accessToken !== undefined && accessToken === rejected && refused?.kind === "scopes") {
        // No link puts more into a variable.
        const scopes = refused.scopes.length > 0 ? refused.scopes : request.scopes[0] ?? [];
        const lack = { ...lackOf(server, scopes), why: refused.why };
        throw new Refusal({ code: "insufficient_scope", ...named, ...lack });
      }
      if (vault !== undefined) return await vault.token(request);
      if (accessToken === undefined) throw new Refusal({ code: "not_connected", ...named });
      const held = variable(server.name, "TOKEN");
      throw new Refusal({ code: "reauthorization_required", ...named, variable: held });
    },
    once: (key, run, worthKeeping, signal) =>
      vault?.once(key, run, worthKeeping, signal) ??
        run().then((outcome) => ({ kind: "outcome", outcome, repeated: false })),
    misconfigured: vault?.misconfigured,
  };
}

function fromEnv(
  provider: string,
  accessToken: string,
  subject: Connection["subject"],
): Connection {
  return {
    subject,
    provider,
    account: "env",
    label: "env",
    status: "active",
    connectedAt: 0,
    updatedAt: 0,
    // Nobody can ask what it is allowed: the provider will say.
    tokens: { accessToken, tokenType: "Bearer", scopes: [], issuedAt: 0 },
  };
}
