/**
 * What is served beside tools, in words that everybody here may import: no SDK
 * is loaded for them.
 *
 * @module
 */

/** What a server says that it can do (MCP 2025-11-25, `ServerCapabilities`), as far as it is passed on. */
export type Ability = "prompts" | "resources" | "completions" | "logging";
export const ABILITIES: readonly Ability[] = ["prompts", "resources", "completions", "logging"];

/** What can be listed beside tools. */
export type FeatureKind = "prompts" | "resources" | "resourceTemplates";

/** What is offered to one subject is asked for anew after this. */
export const OFFER_TTL_MS = 60_000;
/**
 * How long a client may keep a person's list of tools before it asks again:
 * what was taken back, or newly connected, shows by then. Nobody is told of it
 * before: answers are JSON, and no stream is held open for anybody.
 */
export const TOOLS_TTL_MS = 30_000;
