/**
 * Values that were written for a reader who puts things in, or takes them away.
 *
 * @module
 */

import { variable } from "../../core/variable.ts";
import { variables } from "../config.ts";
import { windowsLineEnds } from "../texts.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** What is put in there is for local MCP servers, and for this program to do. */
const PUT_IN = ["UPSTREAMS"];
const OF_PROVIDERS = ["CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "API_URL"];

/** Doubts about all that is set. */
export function textDoubts({ env, known, config }: Doubted): Doubt[] {
  const owners = [...known, ...config.upstreams].map(({ name }) => name);
  const own = [
    ...variables,
    ...owners.flatMap((name) => OF_PROVIDERS.map((suffix) => variable(name, suffix))),
  ].filter((name) => env[name]);
  const doubts: Doubt[] = own.filter((name) => !PUT_IN.includes(name))
    .filter((name) => /\$\{[A-Za-z_]\w*\}|^\$[A-Z_][A-Z0-9_]*$/.test(env[name]!))
    .map((variable) => ({
      variable,
      found: "names another variable with $, and nobody puts in what that holds.",
      cure: "Write the value itself.",
      isFault: true,
    }));
  const [first = "", found] = windowsLineEnds(env, own)?.split(": ", 2) ?? [];
  if (found === undefined) return doubts;
  const [what = "", cure = ""] = found.split(". ", 2);
  return [{ variable: first, found: `${what}.`, cure: `${cure}.`, isFault: true }, ...doubts];
}
