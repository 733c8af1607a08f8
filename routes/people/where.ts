/**
 * Where at a provider, on the page behind a link: what is known is shown, and
 * the rest is asked for.
 *
 * @module
 */

import type { OpenedLink } from "../../broker/broker.ts";
import type { Extra } from "../../broker/core/connection.ts";

/** Stands before a param's name in the form. */
const PARAM = "param_";

/** What is known: titles and values. */
export function whereOf({ server, params }: OpenedLink): [title: string, value: string][] {
  const { credential } = server;
  const said = Object.entries(params).map((
    [name, value],
  ): [string, string] => [server.params![name]!.title, value]);
  // Anybody may call a server "Notes": whose it is stands in its address.
  return credential.kind === "found"
    ? [["MCP server", new URL(credential.url).host], ...said]
    : said;
}

/** The inputs for what is not. */
export function asksOf({ server, missing }: OpenedLink): { name: string; title: string }[] {
  return missing.map((name) => ({ name: PARAM + name, title: server.params![name]!.title }));
}

/** What a form, or a link's query, says of it. */
export function saidWhere(fields: Record<string, string>): Extra {
  const said = Object.entries(fields).filter(([name]) => name.startsWith(PARAM))
    .map(([name, value]) => [name.slice(PARAM.length), value.trim()]);
  return Object.fromEntries(said);
}
