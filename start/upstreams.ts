/**
 * Puts the upstreams together: those that people connect are providers, too.
 * All of it is loaded only where there is an upstream.
 *
 * @module
 */

import type { Config } from "../broker/config/config.ts";
import type { CarefulFetch } from "../broker/core/careful_fetch.ts";
import type { Store } from "../broker/core/store.ts";
import type { UpstreamSpec } from "../broker/core/upstream.ts";
import type { World } from "../broker/core/world.ts";
import type { Features, FeaturesDeps } from "../mcp/features.ts";
import type { Upstream, UpstreamDeps } from "../mcp/upstream/upstream.ts";
import type { DiscoveredProvider } from "../providers/discovered/provider.ts";
import type { Provider } from "../providers/provider.ts";

/** The ways out of this process, and what is kept. */
export interface UpstreamPorts {
  store: Store;
  /** To upstreams. */
  fetch: typeof fetch;
  /** To what MCP servers name: where their people sign in. */
  careful: CarefulFetch;
}

/** Upstreams that people connect, as providers: of each it is found out where that is done. */
export async function createDiscovered(
  { upstreams, publicUrl }: Pick<Config, "upstreams" | "publicUrl">,
  world: World,
  { store: { discoveries }, fetch, careful }: Omit<UpstreamPorts, "store"> & {
    store: Pick<Store, "discoveries">;
  },
  native: Provider[],
): Promise<DiscoveredProvider[]> {
  const specs = upstreams.flatMap((spec) =>
    spec.kind === "http" && spec.oauth !== undefined ? [spec] : []
  );
  if (specs.length === 0) return [];
  const [{ discoveredProvider }, { carefulFetchFor }] = await Promise.all([
    import("../providers/discovered/provider.ts"),
    import("../net/careful_fetch.ts"),
  ]);
  const made: DiscoveredProvider[] = specs.map((spec) => {
    const deps = {
      store: discoveries,
      world,
      publicUrl,
      fetch: carefulFetchFor(spec.url, { careful, plain: fetch, isPrivate: spec.isPrivate }),
    };
    return discoveredProvider(spec, deps, () => endsOf(made, native, spec.name));
  });
  // What other processes have met need not be met again.
  await Promise.allSettled(made.map((provider) => provider.met()));
  return made;
}

/** Where all others send people, and take codes. */
async function endsOf(made: DiscoveredProvider[], native: Provider[], name: string) {
  const found = await Promise.all(
    made.filter((other) => other.name !== name).map((other) => other.ends()),
  );
  const known = native.flatMap(({ credential }) => {
    if (credential.kind === "found") {
      // Where its people are sent is found when the first one signs in: most are at one place.
      const { origin } = new URL(credential.url);
      return [{ authorizationEndpoint: origin, tokenEndpoint: origin }];
    }
    return credential.kind === "oauth" && credential.origin !== undefined
      ? [{ authorizationEndpoint: credential.origin, tokenEndpoint: credential.tokenOrigin }]
      : [];
  });
  return [...found.flat(), ...known];
}

/** What this program says of itself to authorization servers that ask for it by its address. */
export async function clientDocumentsOf(publicUrl: string, connectable: DiscoveredProvider[]) {
  if (connectable.length === 0) return new Map();
  const { clientDocument } = await import("../providers/discovered/client_metadata.ts");
  return new Map(
    connectable.map((
      { name },
    ) => [name, clientDocument(publicUrl, `${publicUrl}/callback/${name}`)]),
  );
}

/** The client side of MCP is loaded only where there is an upstream. */
export async function createUpstreams(
  specs: UpstreamSpec[],
  connectable: DiscoveredProvider[],
  deps: Omit<UpstreamDeps, "access" | "others">,
): Promise<Upstream[]> {
  if (specs.length === 0) return [];
  const { Upstream } = await import("../mcp/upstream/upstream.ts");
  const { ProcessPlaces } = await import("../mcp/upstream/processes.ts");
  const places = new ProcessPlaces();
  return specs.map((spec) => {
    const others = specs.filter((other) => other !== spec);
    const all = { ...deps, others, places };
    const provider = connectable.find(({ name }) => name === spec.name);
    return provider === undefined
      ? new Upstream(spec, all)
      : new Upstream(metBy(spec, provider), { ...all, access: provider.access });
  });
}

/** The same, with the provider that it has as far as that is known at each moment. */
function metBy(spec: UpstreamSpec, provider: DiscoveredProvider): UpstreamSpec {
  if (spec.kind !== "http") return spec;
  return {
    ...spec,
    get provider() {
      return spec.oauth === "always" || provider.known === "protected" ? spec.name : undefined;
    },
  };
}

/** What is had beside tools is all of upstreams. */
export async function createFeatures(deps: FeaturesDeps): Promise<Features | undefined> {
  if (deps.upstreams.length === 0) return undefined;
  return (await import("../mcp/features.ts"))
    .createFeatures(deps);
}
