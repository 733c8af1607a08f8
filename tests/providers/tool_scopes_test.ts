/** What tools say they need, whatever they are called with: it is asked before anything else. */

import { assert } from "@std/assert";
import { formerTools } from "../../providers/former_names.ts";
import type { Tool } from "../../providers/provider.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { ARGUMENTS } from "../support/tool_arguments.ts";

const ODD: unknown[] = [
  "me",
  "@",
  "%E0%A4%A",
  "https://x.slack.com/archives/C0123456789/p%zz",
  "https://[",
  "<|>",
  "constructor",
  "__proto__",
  "\ud800",
  "D0123456789",
  "1",
  "x".repeat(300),
  "a@example.com",
  ["@ana", "b@example.com"],
  ["__proto__"],
  [],
  true,
  false,
  null,
  1,
];

/** Arguments that are right, and the same with one of them odd, or left out. */
function* calls({ input }: Tool, usual: Record<string, unknown>) {
  const shown: unknown[] = [usual];
  for (const field of Object.keys(input.shape)) {
    const { [field]: _left, ...others } = usual;
    shown.push(others, ...ODD.map((odd) => ({ ...usual, [field]: odd })));
  }
  for (const args of shown) {
    const parsed = input.safeParse(args);
    if (parsed.success) yield parsed.data;
  }
}

Deno.test("scopesFor() names scopes that can be asked for, whatever its schema lets through", () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  let asked = 0;
  for (const provider of modulesWithTools.map((module) => module.create(settings))) {
    for (const whole of provider.tools) {
      for (const tool of [whole, ...formerTools(whole)]) {
        const given = ARGUMENTS[whole.name] ?? {};
        for (const args of calls(tool, given)) {
          const alternatives = tool.scopesFor?.(args as never) ?? tool.scopes;
          const about = `${tool.name} ${JSON.stringify(args)}`;
          assert(alternatives.length > 0 || tool.scopes.length === 0, about);
          assert(alternatives.flat().every((scope) => provider.acceptsScope(scope)), about);
          asked += 1;
        }
      }
    }
  }
  assert(asked > 1_000, String(asked));
});
