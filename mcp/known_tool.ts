/**
 * What is known of our own tools without their code. It is made of the code: by
 * `deno task tools`, which writes it down for tools that are loaded later, and
 * for all others when it is first asked for.
 *
 * @module
 */

import { once } from "../broker/core/lazily.ts";
import { formerTools } from "../providers/former_names.ts";
import type { KnownTool, Tool } from "../providers/provider.ts";
import { listedSchema } from "./listed_schema.ts";

/** A tool's own, and then of each that it has taken the place of. */
export function knownTools(tool: Tool): KnownTool[] {
  return [knownTool(tool), ...formerTools(tool).map((former) => knownTool(former, true))];
}

function knownTool(tool: Tool, isFormer?: true): KnownTool {
  const { name, aliases, service, title, description, hints } = tool;
  // Schemas that few ask for are not waited for.
  const input = once(() => listedSchema(tool.input, "input"));
  const output = once(() => listedSchema(tool.output, "output"));
  return {
    ...{ name, isFormer, aliases, service, title, description, hints },
    get input() {
      return input();
    },
    get output() {
      return output();
    },
  };
}
