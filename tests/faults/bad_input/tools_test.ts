import { assert } from "@std/assert";
import { modulesWithTools } from "../../support/own_tools.ts";
import { startRange } from "../../support/fuzz/range.ts";
import type { Shot } from "../../support/fuzz/shots.ts";
import { rpcError, typedOrRpcError } from "../../support/fuzz/verdicts.ts";
import { MCP_PATHS, modern, post, rpc, toolCall } from "./requests.ts";
import { DEEP_ARRAY, DEEP_OBJECT, INHERITED, object, texts, VALUES, valuesBut } from "./values.ts";

/** A tool as the list shows it, as far as it is of use here. */
interface Listed {
  annotations: { readOnlyHint: boolean };
  name: string;
  inputSchema: {
    properties?: Record<string, Property>;
    required?: string[];
  };
}

interface Property {
  type?: string;
  default?: unknown;
  enum?: string[];
  maxLength?: number;
  maximum?: number;
  minimum?: number;
  maxItems?: number;
}

/** Good values, by the names that tools have in common. */
const SAMPLES: Record<string, string> = {
  repo: '"octocat/hello-world"',
  start: '"2030-05-06T14:00"',
  to: '["ana@example.com"]',
};
const BY_TYPE: Record<string, string> = {
  string: '"x"',
  integer: "1",
  number: "1",
  boolean: "true",
  array: "[]",
  object: "{}",
};

function wrongValues({ type, enum: options, maxLength, maximum, minimum, maxItems }: Property) {
  const types = type === undefined ? Object.keys(VALUES) : type === "number" ? ["integer"] : [type];
  const many = (count: number) => `[${Array(count).fill('"ana@example.com"').join(",")}]`;
  return [
    ...valuesBut(...types).filter((value) => value !== DEEP_ARRAY && value !== DEEP_OBJECT),
    ...(options === undefined ? [] : texts(...INHERITED, "")),
    ...(maxLength === undefined ? [] : [`"${"x".repeat(maxLength + 1)}"`]),
    ...(maximum === undefined ? [] : [String(maximum + 1)]),
    ...(minimum === undefined ? [] : [String(minimum - 1)]),
    ...(maxItems === undefined ? [] : [many(maxItems + 1)]),
  ];
}

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const CONTENT = new Map(
  modulesWithTools.flatMap((module) => module.create(settings).tools)
    .map(({ name, content = [] }) => [name, content]),
);

/** Whether a value is taken for what it stands for: nothing, or a number. */
function isMeant(tool: Listed, wrong: string, value: string): boolean {
  const { properties = {}, required = [] } = tool.inputSchema;
  const mayBeNothing = !required.includes(wrong) &&
    (tool.annotations.readOnlyHint || CONTENT.get(tool.name)!.includes(wrong));
  if (value === "null" || value === '""') return mayBeNothing;
  const { type, minimum = -Infinity, maximum = Infinity } = properties[wrong] ?? {};
  const [, digits] = /^"(\d+)"$/.exec(value) ?? [];
  return type === "integer" && digits !== undefined &&
    Number(digits) >= minimum && Number(digits) <= maximum;
}

/** Every way to get one argument wrong, and the name that the answer must say. */
function wrongArguments(tool: Listed): { wrong: string; args: string }[] {
  const { inputSchema, annotations } = tool;
  const { properties = {}, required = [] } = inputSchema;
  const good = Object.fromEntries(
    required.map((name) => [name, SAMPLES[name] ?? BY_TYPE[properties[name]?.type ?? "string"]]),
  );
  const missing = required.map((wrong) => ({
    wrong,
    args: object({ ...good, [wrong]: undefined }),
  }));
  const unknown = ["constructor", "toString", "hasOwnProperty", "REPO", "callback_url"]
    .map((wrong) => ({ wrong, args: object({ ...good, [wrong]: '"x"' }) }));
  const mistyped = Object.entries(properties).flatMap(([wrong, property]) =>
    wrongValues(property).filter((value) => !isMeant(tool, wrong, value))
      .map((value) => ({ wrong, args: object({ ...good, [wrong]: value }) }))
  );
  const nobody = texts("nobody", ...INHERITED)
    .map((account) => ({ wrong: "account", args: object({ ...good, account }) }));
  // What changes something may first ask what to change.
  return [...missing, ...unknown, ...mistyped, ...(annotations.readOnlyHint ? nobody : [])];
}

Deno.test("a wrong argument of any tool is answered by an error that names it", async () => {
  await using range = await startRange({ connected: ["github", "google"] });
  const { json } = await range.gateway.mcp(JSON.parse(rpc("tools/list")));
  const tools: Listed[] = json.result.tools;
  assert(tools.length > 0);
  const wrongs = new Map<Shot, string>();
  for (const tool of tools) {
    const name = `"${tool.name}"`;
    for (const [i, { wrong, args }] of wrongArguments(tool).entries()) {
      // Both eras share what checks arguments: the newer one gets a part of them.
      wrongs.set(post("/mcp", toolCall(name, args)), wrong);
      if (i % 5 === 0) wrongs.set(modern("tools/call", { name, arguments: args }), wrong);
    }
  }
  await range.holds([...wrongs.keys()], (reply, shot) => {
    const fault = rpcError(reply, shot);
    const said = fault === undefined ? JSON.parse(reply.text).result?.content?.[0].text : "";
    return fault ?? (said?.includes(wrongs.get(shot)!) ? undefined : `not ${wrongs.get(shot)}`);
  });
});

Deno.test("a tool that is none is answered with a JSON-RPC error in both eras", async () => {
  await using range = await startRange({ connected: ["github"] });
  const names = [...INHERITED, "", "github", "github_create_issue ", "GITHUB_CREATE_ISSUE"]
    .concat(["../github_create_issue", "\0", "x".repeat(5000), '"><script>alert(1)</script>']);
  await range.holds(
    names.flatMap((name) => {
      const text = JSON.stringify(name);
      const sendable = /^[\x21-\x7e]+$/.test(name);
      return [
        ...MCP_PATHS.map((path) => post(path, toolCall(text, "{}"))),
        ...(sendable ? [modern("tools/call", { name: text, arguments: "{}" })] : []),
      ];
    }),
    (reply, shot) => /-32602/.test(reply.text) ? rpcError(reply, shot) : "not -32602",
  );
  // `/mcp/calendar` has no tools of GitHub, whatever they are called.
  await range.holds(
    ["github_list_repositories", "list_repositories"].map((name) =>
      post("/mcp/calendar", toolCall(`"${name}"`, "{}"))
    ),
    typedOrRpcError,
  );
});
