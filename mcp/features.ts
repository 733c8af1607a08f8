/**
 * What is served beside tools: the upstreams' prompts, resources and
 * completions, under our names and URIs.
 *
 * The same filters hold as for tools. An upstream hears of a visitor only
 * where they let it, and a name or URI that is nobody's, or that a filter keeps
 * from the visitor, is refused before anything is sent to anybody.
 *
 * A list of tools (`?tools=`) narrows tools alone; whoever sets one wants
 * nothing else. So it leaves of everything here only the pages that the tools
 * on it name, without which they could not be shown. An app that may not use a
 * tool has its page no more than the tool, unless another one of its tools names
 * the page as well.
 *
 * @module
 */

import { allowsTool } from "../broker/core/gateway_scopes.ts";
import { deniesPrefix } from "../broker/core/tool_policy.ts";
import type { World } from "../broker/core/world.ts";
import type { Catalogue, ToolFilter, Visitor } from "./catalogue.ts";
import { errorReply, NOT_FOUND, type Reply, replyOf } from "./feature_reply.ts";
import type { Ability, FeatureKind } from "./abilities.ts";
import type { Offer } from "./upstream/offer.ts";
import { namedPrompts, ownersOfPrompt } from "./prompt_names.ts";
import { completionOf, contentsOf, promptOf } from "./upstream/feature_results.ts";
import { KeptPages } from "./kept_pages.ts";
import { linkedPages, type ToOurs } from "./upstream/links.ts";
import type { Upstream } from "./upstream/upstream.ts";
import { Uris } from "./upstream/uris.ts";

/** Something that a list shows. */
export type ListedFeature = Record<string, unknown>;

/** What a caller sends along, as it came. */
type Params = Record<string, unknown>;

/** Who asks, and what their client can (MCP's client capabilities). */
export interface Asker extends Visitor {
  capabilities: Record<string, unknown> | undefined;
}

/** Prompts, resources and completions of all upstreams. */
export interface Features {
  /**
   * What some upstream that the visitor can see has, and whether all of them have said so. Does not
   * wait long.
   */
  abilities(visitor: Visitor): Promise<{ known: ReadonlySet<Ability>; areAll: boolean }>;
  list(kind: FeatureKind, visitor: Visitor): Promise<ListedFeature[]>;
  getPrompt(visitor: Asker, params: Params, signal: AbortSignal): Promise<Reply>;
  read(visitor: Asker, params: Params, signal: AbortSignal): Promise<Reply>;
  complete(visitor: Asker, params: Params, signal: AbortSignal): Promise<Reply>;
  /** The gateway scope that a visitor lacks for what a message asks for; asks nobody. */
  missingScope(visitor: Visitor, method: unknown, params: Params): string | undefined;
}

/** What they need. */
export interface FeaturesDeps {
  world: Pick<World, "log">;
  upstreams: Upstream[];
  catalogue: Pick<Catalogue, "list">;
}

/** A prompt, and where it is. */
interface FoundPrompt {
  upstream: Upstream;
  remoteName: string;
}

/** The features of some upstreams. */
export function createFeatures({ world, upstreams, catalogue }: FeaturesDeps): Features {
  const uris = new Uris(upstreams.map(({ spec }) => spec));
  const toOursOf = ({ spec }: Upstream): ToOurs => (uri) => uris.ours(spec.name, uri);
  const byName = new Map(upstreams.map((upstream) => [upstream.spec.name, upstream]));
  const heard = (filter: ToolFilter) => upstreams.filter(({ spec }) => mayHear(spec, filter));

  /** With a list of tools: the pages that these name. */
  const pagesOf = async (visitor: Visitor): Promise<ReadonlySet<string> | undefined> => {
    if (!narrowsTools(visitor.filter)) return undefined;
    return new Set((await catalogue.list(visitor)).flatMap(linkedPages));
  };
  /** The pages that an app may not have. Those of upstreams which may hear of it, and of no others. */
  const keptPages = async (visitor: Visitor): Promise<KeptPages | undefined> => {
    const { policy } = visitor.filter;
    if (policy?.deny === undefined && policy?.readOnly !== true) return undefined;
    const services = heard(visitor.filter).map(({ spec }) => spec.name);
    const pages = async (filter: ToolFilter) =>
      (await catalogue.list({ ...visitor, filter: { ...filter, services } })).flatMap(linkedPages);
    return new KeptPages(await pages({}), await pages({ policy }));
  };
  /** Those of which anything may be shown, with what they offer. */
  const offersTo = async (visitor: Visitor, pages: ReadonlySet<string> | undefined) => {
    const owners = pages && new Set([...pages].map((uri) => uris.theirs(uri)?.upstream));
    const wanted = heard(visitor.filter).filter(({ spec }) => owners?.has(spec.name) ?? true);
    return await Promise.all(wanted.map(async (upstream) => ({
      upstream,
      offer: await upstream.features.offer(visitor),
    })));
  };

  const findPrompt = async (visitor: Visitor, name: string): Promise<FoundPrompt | undefined> => {
    const { filter } = visitor;
    if (narrowsTools(filter)) return undefined;
    for (const upstream of ownersOfPrompt(heard(filter), name)) {
      const { prompts } = await upstream.features.wholeOffer(visitor);
      const found = namedPrompts(upstream, prompts, upstreams).get(name);
      if (found !== undefined) return { upstream, remoteName: found.id };
    }
    return undefined;
  };
  /** Whose a URI is, if the visitor may have it. */
  const findResource = async (visitor: Visitor, uri: string) => {
    const found = uris.theirs(uri);
    const upstream = found && byName.get(found.upstream);
    if (found === undefined || upstream === undefined) return undefined;
    if (!mayHear(upstream.spec, visitor.filter)) return undefined;
    const pages = await pagesOf(visitor);
    if (pages !== undefined) return pages.has(uri) ? { upstream, uri: found.uri } : undefined;
    const kept = await keptPages(visitor);
    return kept?.has(uri) === true ? undefined : { upstream, uri: found.uri };
  };

  return {
    async abilities(visitor) {
      const pages = await pagesOf(visitor);
      const offers = await offersTo(visitor, pages);
      const all = new Set(offers.flatMap(({ offer }) => [...offer.abilities]));
      const areAll = offers.every(({ offer }) => offer.isKnown);
      if (pages === undefined) return { known: all, areAll };
      return { known: new Set<Ability>(all.has("resources") ? ["resources"] : []), areAll };
    },
    async list(kind, visitor) {
      const pages = await pagesOf(visitor);
      if (pages !== undefined && kind !== "resources") return [];
      const offers = await offersTo(visitor, pages);
      const listed = offers.flatMap(({ upstream, offer }) =>
        kind === "prompts"
          ? [...namedPrompts(upstream, offer.prompts, upstreams)].map(([name, { listed }]) => ({
            ...listed,
            name,
          }))
          : withOurUris(kind, offer, toOursOf(upstream))
      );
      if (pages !== undefined) return listed.filter(({ uri }) => pages.has(String(uri)));
      const kept = kind === "resources" ? await keptPages(visitor) : undefined;
      return listed.filter(({ uri }) => kept?.has(String(uri)) !== true);
    },
    async getPrompt(visitor, params, signal) {
      const { name, arguments: args } = params;
      if (typeof name !== "string") return errorReply(-32602, "Malformed prompts/get: name");
      let upstream: Upstream | undefined;
      try {
        const found = await findPrompt(visitor, name);
        if (found === undefined) return errorReply(-32602, "Unknown prompt");
        upstream = found.upstream;
        const sent = { name: found.remoteName, arguments: args ?? {}, ...inputOf(params) };
        const answer = await upstream.features.request(visitor, "prompts/get", sent, signal);
        return promptOf(answer, upstream.spec, toOursOf(upstream));
      } catch (error) {
        return replyOf(world, upstream ?? ownersOfPrompt(upstreams, name)[0], error);
      }
    },
    async read(visitor, params, signal) {
      const { uri } = params;
      if (typeof uri !== "string") return errorReply(-32602, "Malformed resources/read: uri");
      const found = await findResource(visitor, uri);
      if (found === undefined) return errorReply(NOT_FOUND, "Resource not found", { uri });
      const { upstream } = found;
      try {
        const sent = { uri: found.uri, ...inputOf(params) };
        const answer = await upstream.features.request(visitor, "resources/read", sent, signal);
        return contentsOf(answer, upstream.spec, toOursOf(upstream));
      } catch (error) {
        return replyOf(world, upstream, error, uri);
      }
    },
    async complete(visitor, params, signal) {
      const { ref, argument, context } = params as {
        ref?: { type?: unknown; name?: unknown; uri?: unknown } | null;
        argument?: unknown;
        context?: unknown;
      };
      const prompt = ref?.type === "ref/prompt" && typeof ref.name === "string"
        ? ref.name
        : undefined;
      const template = ref?.type === "ref/resource" && typeof ref.uri === "string"
        ? ref.uri
        : undefined;
      let upstream: Upstream | undefined;
      try {
        let theirs: Params | undefined;
        if (prompt !== undefined) {
          const found = await findPrompt(visitor, prompt);
          upstream = found?.upstream;
          theirs = found && { type: "ref/prompt", name: found.remoteName };
        } else if (template !== undefined) {
          const found = await findResource(visitor, template);
          upstream = found?.upstream;
          theirs = found && { type: "ref/resource", uri: found.uri };
        }
        if (upstream === undefined || theirs === undefined) {
          return errorReply(-32602, "Unknown reference");
        }
        const sent = { ref: theirs, argument, ...(context !== undefined && { context }) };
        const { features } = upstream;
        return completionOf(await features.request(visitor, "completion/complete", sent, signal));
      } catch (error) {
        return replyOf(world, upstream ?? ownersOfPrompt(upstreams, prompt ?? "")[0], error);
      }
    },
    missingScope({ filter: { scopes, ...filter } }, method, params) {
      if (scopes === undefined) return undefined;
      const service = method === "resources/read" && typeof params.uri === "string"
        ? uris.theirs(params.uri)?.upstream
        : method === "prompts/get" && typeof params.name === "string" && !narrowsTools(filter)
        ? ownersOfPrompt(upstreams, params.name)[0]?.spec.name
        : undefined;
      const spec = byName.get(service ?? "")?.spec;
      if (spec === undefined || !mayHear(spec, filter)) return undefined;
      return mayHear(spec, { scopes }) ? undefined : `${service}:read`;
    },
  };
}

/** Whether a visitor has some tools and no others: then with these alone. */
function narrowsTools({ tools, policy }: ToolFilter): boolean {
  return tools !== undefined || policy?.allow !== undefined;
}

/**
 * Whether an upstream may hear of a visitor for something that is no tool, and changes nothing. Whoever
 * may use none of its tools, by their names, has nothing else of it either.
 */
function mayHear(
  { name: service, prefix = `${service}_` }: Upstream["spec"],
  { services, scopes, policy = {} }: ToolFilter,
): boolean {
  return !deniesPrefix(policy, prefix) &&
    (scopes === undefined || allowsTool(scopes, { service, readOnly: true })) &&
    (services === undefined || services.includes(service));
}

/** An answer to what a server asked in between goes back to it (MCP 2026-07-28). */
function inputOf({ inputResponses, requestState }: Params): Params {
  return {
    ...(inputResponses !== undefined && { inputResponses }),
    ...(requestState !== undefined && { requestState }),
  };
}

function withOurUris(
  kind: Exclude<FeatureKind, "prompts">,
  offer: Offer,
  toOurs: ToOurs,
): ListedFeature[] {
  const member = kind === "resources" ? "uri" : "uriTemplate";
  return offer[kind].flatMap(({ id, listed }) => {
    const ours = toOurs(id);
    return ours === undefined ? [] : [{ ...listed, [member]: ours }];
  });
}
