/**
 * The tools of all providers, and the lists that callers see. Of our own what is
 * known is enough for all of it: their code is for calls.
 *
 * @module
 */

import { allowsTool, scopeOfTool } from "../broker/core/gateway_scopes.ts";
import type { Accounts } from "../broker/core/accounts.ts";
import type { Acting } from "../broker/core/actor.ts";
import { andThen, type Awaitable } from "../broker/core/awaitable.ts";
import { unique } from "../broker/core/lists.ts";
import { isPersonal, ownsTool, tokenService } from "../broker/core/upstream.ts";
import type { Provider } from "../providers/provider.ts";
import type { ReachedService } from "./instructions.ts";
import { formOf, JoinedLists, type ListedForm, type Listing, listingOf } from "./listing.ts";
import { type CatalogueEntry, type LoadedEntry, ownEntries, titleOf } from "./own_entry.ts";
import {
  mayHear,
  type Needs,
  needsOf,
  passes,
  type ToolFilter,
  upstreamNeeds,
} from "./tool_filter.ts";
import { type ToOurs, withLinkedPage } from "./upstream/links.ts";
import type { UpstreamTool } from "./upstream/list.ts";
import type { Upstream } from "./upstream/upstream.ts";
import { Uris } from "./upstream/uris.ts";
import type { ListedTool } from "./wire.ts";

export type { CatalogueEntry, LoadedEntry, ToolFilter };

/** A tool of an upstream MCP server. */
export interface UpstreamEntry {
  kind: "upstream";
  upstream: Upstream;
  tool: UpstreamTool;
  /** Our URI for one of the upstream's. */
  toOurs: ToOurs;
}

/** A tool, wherever it is. */
export type AnyEntry = CatalogueEntry | UpstreamEntry;

/** A tool that can be called as it is. */
export type CallableEntry = LoadedEntry | UpstreamEntry;

/**
 * All tools of the configured providers, in a fixed order, and then the
 * upstreams'. An upstream hears of a visitor, and gets the provider token of
 * the visitor's subject, only where the filter lets some tool of it through:
 * that is decided before anything is sent.
 */
export interface Catalogue {
  list(visitor: Visitor): Promise<ListedTool[]>;
  /** The same, with its JSON. */
  listing(visitor: Visitor): Awaitable<Listing>;
  /** The services of which the filter lets some tool through, as far as is known without asking. */
  services(filter: ToolFilter): ReachedService[];
  /** By name or alias, if the filter lets it through. */
  find(name: string, visitor: Visitor): Awaitable<AnyEntry | undefined>;
  /** The gateway scope that a visitor lacks for a name which only its scopes keep from it. */
  missingScope(name: string, visitor: Visitor): Promise<string | undefined>;
}

/** A catalogue that says where its tools come from. */
export interface PlacedCatalogue extends Catalogue {
  /** The tools of {@linkcode Catalogue.list}, by where they come from. */
  places(visitor: Visitor): Promise<Place[]>;
}

/** Tools that come from one place, as a visitor is shown them. */
export interface Place {
  /** All that came from there, for whomever: the same object until any of it changes. */
  origin: object;
  /** All of it. */
  whole(): ListedTool[];
  shown: readonly { tool: ListedTool; service: string; title: string }[];
  isOwn: boolean;
}

/** Who looks into the catalogue, and through which filter. */
export interface Visitor extends Acting {
  filter: ToolFilter;
}

const NAME = /^[a-z0-9_]{1,40}$/;
/** Filters whose list is kept ready. A key is as long as a query may be: 5 KB. */
const MAX_LISTS = 100;
const NONE: string[] = [];

/**
 * Collects the tools.
 *
 * @throws {TypeError} where a name or an alias is malformed or taken: a mistake
 * in a provider module, found at start.
 */
export function createCatalogue(
  providers: Provider[],
  upstreams: Upstream[] = [],
  people?: Accounts | undefined,
): PlacedCatalogue {
  const entries: CatalogueEntry[] = [];
  /** Listed to whoever asks for them by name. */
  const formers: CatalogueEntry[] = [];
  const byName = new Map<string, CatalogueEntry>();
  const put = (name: string, entry: CatalogueEntry) => {
    if (!NAME.test(name) || byName.has(name)) {
      throw new TypeError(`Cannot list tool "${name}": the name is malformed or taken`);
    }
    byName.set(name, entry);
  };
  for (const provider of providers) {
    for (const entry of ownEntries(provider)) {
      const { name, aliases } = entry.tool;
      (entry.isFormer ? formers : entries).push(entry);
      // The other names of one that was replaced are those of what took its place.
      for (const each of entry.isFormer ? [name] : [name, ...aliases]) put(each, entry);
    }
  }
  const listFor = (filter: ToolFilter, several: string[]): Listing => {
    const { tools: named = [], outputSchemas = false } = filter;
    const asked = formers.filter(({ tool }) => named.includes(tool.name));
    const forms = [...entries, ...asked].filter(({ tool }) => passes(needsOf(tool), filter))
      .map(({ listed, tool: { service } }) =>
        listed.of({ outputSchemas, account: several.includes(service) })
      );
    return listingOf(forms);
  };
  /** Lists that are asked for again and again, and with upstreams' after them. */
  const joinedLists = new JoinedLists();
  /** By the tools as they were listed to us. */
  const plainRemote = new WeakMap<UpstreamTool[], Listing[]>();
  const lists = new Map<string, Listing>();
  const plainLists: (Listing | undefined)[] = [];
  const own = (filter: ToolFilter, several: string[]): Listing => {
    // Who narrows nothing is asked for the most, and JSON of it takes longer than all the rest here.
    if (isPlain(filter) && several.length === 0) {
      const at = Number(filter.readOnly === true) + 2 * Number(filter.outputSchemas === true);
      return plainLists[at] ??= joinedLists.remembered(listFor(filter, several));
    }
    const key = JSON.stringify([
      filter.services,
      filter.tools,
      filter.readOnly,
      filter.scopes,
      filter.outputSchemas,
      filter.policy,
      several,
    ]);
    const list = lists.get(key) ?? listFor(filter, several);
    // Filters come from callers: the cache must not grow with what they make up, and what
    // they made up makes way for what is asked for.
    lists.delete(key);
    if (lists.size >= MAX_LISTS) lists.delete(lists.keys().next().value!);
    lists.set(key, list);
    return list;
  };
  const uris = new Uris(upstreams.map(({ spec }) => spec));
  const toOursOf = ({ spec }: Upstream): ToOurs => (uri) => uris.ours(spec.name, uri);
  // Of tools as they were listed to us: what is forgotten there is forgotten here.
  const forms = new WeakMap<ListedTool, ListedForm>();
  const remoteForm = (upstream: Upstream, { listed }: UpstreamTool): ListedForm => {
    const form = forms.get(listed) ?? formOf(withLinkedPage(listed, toOursOf(upstream)));
    forms.set(listed, form);
    return form;
  };
  /**
   * The one upstream that a name can belong to: `config/names.ts` lets no two share a prefix, and
   * no two have none.
   */
  const ownerOf = (name: string) =>
    upstreams.find(({ spec }) => ownsTool(spec, name)) ??
      upstreams.find(({ spec }) => spec.prefix === "");

  const services = unique(entries.map(({ tool }) => tool.service));
  /** Services of which the visitor has to say which account is meant, or may. */
  const severalOf = (visitor: Visitor): Awaitable<string[]> =>
    people === undefined ? NONE : andThen(
      people.accounts(visitor),
      (held) =>
        held === undefined || held.several.size === 0
          ? NONE
          : services.filter((service) => held.several.has(service)),
    );
  /** All that the upstreams list which may hear of a visitor, each alone. */
  const heard = <T>(
    visitor: Visitor,
    of: (upstream: Upstream, tools: UpstreamTool[]) => T,
  ): Awaitable<T[]> => {
    const all = upstreams.filter((upstream) => mayHear(upstream, visitor.filter))
      .map((upstream) => andThen(upstream.tools(visitor), (tools) => of(upstream, tools)));
    return areThere(all) ? all : Promise.all(all);
  };
  const ownListing = (visitor: Visitor): Awaitable<Listing> =>
    andThen(severalOf(visitor), (several) => own(visitor.filter, several));
  const remoteListing = (
    upstream: Upstream,
    tools: UpstreamTool[],
    filter: ToolFilter,
  ): Listing => {
    const made = () =>
      listingOf(
        tools.filter((tool) => passes(upstreamNeeds(upstream, tool), filter))
          .map((tool) => remoteForm(upstream, tool)),
      );
    // What is one person's is not worth the memory.
    if (!isPlain(filter) || isPersonal(upstream.spec)) return made();
    const lists = plainRemote.get(tools) ?? [];
    plainRemote.set(tools, lists);
    return lists[Number(filter.readOnly === true)] ??= joinedLists.remembered(made());
  };
  const wholeListing = (visitor: Visitor): Awaitable<Listing> =>
    andThen(
      heard(visitor, (upstream, tools) => remoteListing(upstream, tools, visitor.filter)),
      (remote) =>
        andThen(
          ownListing(visitor),
          (own) => remote.reduce((one, other) => joinedLists.join(one, other), own),
        ),
    );
  const listing = upstreams.length === 0 ? ownListing : wholeListing;
  const whole = () =>
    entries.map(({ listed }) => listed.of({ outputSchemas: false, account: false }).tool);

  return {
    listing,
    async places(visitor) {
      const { filter } = visitor;
      const { tools } = own({ ...filter, outputSchemas: false }, await severalOf(visitor));
      const shown = tools.map((tool) => {
        const entry = byName.get(tool.name)!;
        return { tool, service: entry.tool.service, title: titleOf(entry) };
      });
      const remote = await heard(visitor, (upstream, tools): Place => ({
        origin: tools,
        whole: () => tools.map(({ listed }) => listed),
        shown: tools.filter((tool) => passes(upstreamNeeds(upstream, tool), filter)).map((tool) => {
          const { name: service, title } = upstream.spec;
          return { tool: remoteForm(upstream, tool).tool, service, title };
        }),
        isOwn: false,
      }));
      // Who names earlier tools is shown them, and finds them.
      const isUsual = shown.every(({ tool: { name } }) => entries.includes(byName.get(name)!));
      const ours = isUsual ? { origin: entries, whole } : { origin: tools, whole: () => tools };
      return [{ ...ours, shown, isOwn: true }, ...remote];
    },
    list: async (visitor) => (await listing(visitor)).tools,
    services(filter) {
      const own = services.flatMap((name): ReachedService[] => {
        const entry = entries.find(({ tool }) =>
          tool.service === name && passes(needsOf(tool), filter)
        );
        return entry ? [{ title: titleOf(entry), by: name }] : [];
      });
      const remote = upstreams.filter((upstream) => mayHear(upstream, filter))
        .map(({ spec }) => ({ title: spec.title, by: tokenService(spec) }));
      return [...own, ...remote];
    },
    find(name, visitor) {
      const entry = byName.get(name);
      if (entry !== undefined) {
        return passes(needsOf(entry.tool), visitor.filter) ? entry : undefined;
      }
      const upstream = ownerOf(name);
      if (upstream === undefined || !mayHear(upstream, visitor.filter, name)) return undefined;
      return andThen(
        upstream.find(name, visitor),
        (tool) =>
          tool === undefined || !passes(upstreamNeeds(upstream, tool), visitor.filter)
            ? undefined
            : { kind: "upstream", upstream, tool, toOurs: toOursOf(upstream) },
      );
    },
    async missingScope(name, visitor) {
      const { scopes, ...filter } = visitor.filter;
      if (scopes === undefined) return undefined;
      const entry = byName.get(name);
      const upstream = ownerOf(name);
      const needs = entry !== undefined
        ? needsOf(entry.tool)
        : upstream !== undefined && mayHear(upstream, filter, name)
        ? await needsUnasked(upstream, name, visitor)
        : undefined;
      const lacks = needs !== undefined && passes(needs, filter) && !allowsTool(scopes, needs);
      return lacks ? scopeOfTool(needs) : undefined;
    },
  };
}

/** Whether nobody has to be waited for. */
function areThere<T>(all: Awaitable<T>[]): all is T[] {
  return all.every((one) => !(one instanceof Promise));
}

/** Whether a filter keeps nothing from its caller but, perhaps, what changes something. */
function isPlain({ services, tools, scopes, policy }: ToolFilter): boolean {
  return !services && !tools && !scopes && !policy;
}

/**
 * What an upstream's tool needs, from what is known where the upstream may not
 * be asked. Of a tool that is not known either, the least: a second step-up
 * asks for more where a call changes something.
 */
async function needsUnasked(
  upstream: Upstream,
  name: string,
  visitor: Visitor,
): Promise<Needs | undefined> {
  const asked = mayHear(upstream, visitor.filter, name);
  const tool = asked
    ? await upstream.find(name, visitor)
    : upstream.known(visitor).find(({ listed }) => listed.name === name);
  if (tool !== undefined) return upstreamNeeds(upstream, tool);
  return asked ? undefined : { name, aliases: [], service: upstream.spec.name, readOnly: true };
}
