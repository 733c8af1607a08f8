/**
 * An MCP server that asks for OAuth, as a provider: nothing of it is
 * configured but its address. Where its people sign in is found, and this
 * program registers itself there.
 *
 * @module
 */

import { parseUrl, withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import type { FoundFlow, KnownOfAccount } from "../../broker/core/authorization_server.ts";
import {
  type Account,
  isUnnamed,
  namedAccount,
  UNNAMED_ACCOUNT,
} from "../../broker/core/connection.ts";
import type { Discovered } from "../../broker/core/discovered.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { UpstreamAccess } from "../../broker/core/upstream.ts";
import { bareParts } from "../bare_provider.ts";
import type { Provider } from "../provider.ts";
import { Finding } from "./finding.ts";
import { type KnownOrigin, Registering } from "./registering.ts";
import {
  type DiscoveryDeps,
  type Protection,
  ServerRecord,
  type ServerSpec,
} from "./server_record.ts";

export type { DiscoveryDeps, Protection, ServerSpec } from "./server_record.ts";

/** Such a provider. */
export interface DiscoveredProvider extends Provider {
  /** Whether it asks who calls, as far as this process knows. */
  readonly known: Protection | undefined;
  /** The same, as far as any process does. */
  met(): Promise<Protection | undefined>;
  /** Hears whether it asks. */
  readonly access: UpstreamAccess;
  /** Where its people are sent, as far as that is known without asking it. */
  ends(): Promise<Ends[]>;
}

/** Where another server is, and where its authorization server sends people and takes codes. */
export interface Ends {
  /** Of the MCP server itself. */
  url?: string | undefined;
  authorizationEndpoint?: string | undefined;
  tokenEndpoint?: string | undefined;
}

/** The provider of one server; `others` are those of the others, against mix-up. */
export function discoveredProvider(
  spec: ServerSpec,
  deps: DiscoveryDeps,
  others: () => Promise<Ends[]>,
): DiscoveredProvider {
  const { name, title } = spec;
  // A slash more or less is no other server.
  const url = withoutTrailingSlashes(new URL(spec.url).href);
  const record = new ServerRecord(spec, deps.store);
  const finding = new Finding(spec, deps, record);
  const registering = new Registering(spec, deps, record);
  const flowFor = async ({ registration, ...origin }: KnownOrigin) => {
    const { discoveredFlow } = await import("./flow.ts");
    return discoveredFlow({
      ...origin,
      registration,
      fetch: deps.fetch,
      now: () => deps.world.now(),
      onMethod: (method) => quietly(() => registering.useMethod(registration, method)),
      onUnknownClient: () => quietly(() => registering.refused(registration)),
      onSilence: () => quietly(() => finding.doubt()),
    });
  };
  /** What is noted beside an answer costs nobody the answer. */
  const quietly = async (note: () => Promise<void>) => {
    try {
      await note();
    } catch (error) {
      const detail = kindOf(error);
      deps.world.log({ level: "warn", event: "upstream_not_noted", upstream: name, detail });
    }
  };
  /** At an address of before: only to end what was issued there. */
  const before = (url: string) =>
    new Registering(spec, deps, new ServerRecord({ ...spec, url }, deps.store));
  const credential: FoundFlow = {
    kind: "found",
    url,
    async begin(scopes) {
      const discovered = await finding.forSignIn();
      requireItsOwn(spec, deps, discovered, await others());
      const { scopesToAsk } = await import("./discovery.ts");
      const asked = scopesToAsk(discovered, scopes);
      const registration = await registering.registration(discovered, asked);
      const { issuer } = discovered;
      const via = { issuer, clientId: registration.clientId, url };
      return { flow: await flowFor({ discovered, registration, isLeft: false }), via };
    },
    async resume(via) {
      const known = await (via.url === url ? registering : before(via.url)).of(via);
      return known && await flowFor(known);
    },
  };
  const parts = bareParts({ name, title }, {
    clientId: "",
    clientSecret: "",
    redirectUri: "",
    fetch: deps.fetch,
  });
  return {
    ...parts,
    get needsNobody() {
      return finding.known === "open";
    },
    credential,
    // deno-lint-ignore require-await -- the contract wants a promise
    identify: async (_, known) => accountOf(title, known),
    get known() {
      return finding.known;
    },
    met: () => finding.met(),
    access: {
      answered: () => quietly(() => finding.wasOpen()),
      refused: (challenge) => finding.findAgain(challenge),
    },
    async ends() {
      const { authorizationEndpoint, tokenEndpoint } = await finding.forMixUp() ?? {};
      return [{ url: spec.url, authorizationEndpoint, tokenEndpoint }];
    },
  };
}

/** As the server says; else as the person calls it; else there is one. */
function accountOf(title: string, { said, name, meant }: KnownOfAccount = {}): Account {
  if (said !== undefined) return said;
  // The same one again.
  if (meant !== undefined && isUnnamed(meant.account)) {
    return { id: meant.account, label: meant.label };
  }
  return name === undefined || name === ""
    ? { id: UNNAMED_ACCOUNT, label: title }
    : { id: namedAccount(name), label: name };
}

/**
 * Against mix-up (RFC 9700 §4.4), and against servers that want tokens which are good elsewhere:
 * many authorization servers ignore `resource`.
 *
 * A sign-in page that is known to be another server's may not be borrowed, unless the page's own
 * host publishes these metadata. And a server that is its own authorization server is nobody
 * else's: one for several has a host of its own.
 */
function requireItsOwn(
  { name: upstream, title, url }: ServerSpec,
  { world }: Pick<DiscoveryDeps, "world">,
  { issuer, authorizationEndpoint, tokenEndpoint }: Discovered,
  others: Ends[],
): void {
  const origin = (text = "") => parseUrl(text)?.origin;
  const here = origin(url);
  const page = origin(authorizationEndpoint);
  const named = [origin(issuer), page, origin(tokenEndpoint)];
  const isSuspect = others.some((other) => {
    const there = origin(other.url);
    if (there !== undefined && there !== here && named.includes(there)) return true;
    return page !== origin(issuer) && other.tokenEndpoint !== undefined &&
      origin(other.authorizationEndpoint) === page &&
      origin(other.tokenEndpoint) !== origin(tokenEndpoint);
  });
  if (!isSuspect) return;
  world.log({ level: "error", event: "upstream_mix_up", upstream });
  throw new Refusal({ code: "provider_refused", title, providerCode: "borrowed_sign_in_page" });
}
