/**
 * An upstream with prompts, resources and templates beside its tools, over
 * {@linkcode startUpstream}. What a test sets, it may change later.
 *
 * @module
 */

import { type Heard, startUpstream, type UpstreamDouble } from "./upstream_double.ts";

/** What it has; of each request its own answer. */
export interface Shelf {
  tools?: unknown[];
  prompts?: unknown[];
  resources?: unknown[];
  templates?: unknown[];
  call?: (heard: Heard) => unknown;
  get?: (heard: Heard) => unknown;
  read?: (heard: Heard) => unknown;
  complete?: (heard: Heard) => unknown;
  /** Before anything else is answered. */
  before?: (heard: Heard) => void;
  capabilities?: Record<string, unknown>;
}

/** Starts one; `shelf` stays the test's to change. */
export function startFeatures(shelf: Shelf): UpstreamDouble {
  return startUpstream({
    tools: shelf.tools ?? [],
    capabilities: shelf.capabilities ?? { prompts: {}, resources: {}, completions: {} },
    answer(heard) {
      shelf.before?.(heard);
      const { params } = heard;
      switch (heard.method) {
        case "prompts/list":
          return { prompts: shelf.prompts ?? [] };
        case "resources/list":
          return { resources: shelf.resources ?? [] };
        case "resources/templates/list":
          return { resourceTemplates: shelf.templates ?? [] };
        case "prompts/get":
          return shelf.get?.(heard) ?? {
            messages: [{ role: "user", content: { type: "text", text: `prompt ${params.name}` } }],
          };
        case "resources/read":
          return shelf.read?.(heard) ??
            { contents: [{ uri: params.uri, text: `of ${params.uri}` }] };
        case "completion/complete":
          return shelf.complete?.(heard) ?? { completion: { values: ["one", "two"] } };
        default:
          return shelf.call?.(heard);
      }
    },
  });
}

/** The methods that were asked for, without those of every connection. */
export function asked({ heard }: UpstreamDouble): string[] {
  return heard.map(({ method }) => method)
    .filter((method) => method?.includes("/") && !/^(notifications|server)\//.test(method));
}
