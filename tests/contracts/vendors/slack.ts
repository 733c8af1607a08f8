/**
 * Slack, as its own client has it: the declarations say which methods there
 * are, what goes in and what comes out.
 *
 * https://github.com/slackapi/node-slack-sdk
 *
 * @module
 */

import ts from "typescript";
import { Description, type Operation, type Schema } from "../description.ts";
import { isOld } from "../judge.ts";
import { packageFolder } from "../packages.ts";
import { Types } from "../types.ts";
import type { Refusal, Vendor } from "../vendor.ts";

const API = "https://slack.com/api/";

async function describe(): Promise<Description> {
  const folder = await packageFolder("@slack/web-api");
  const declared = new URL("dist/methods.d.ts", folder);
  const blocks = await typesBeside(folder);
  const types = new Types([declared], { "@slack/types": blocks });
  const operations: Operation[] = [];
  const { checker } = types;
  const visit = (type: ts.Type, name: string): void => {
    for (const member of checker.getPropertiesOfType(type)) {
      const inner = checker.getTypeOfSymbol(member);
      const path = name === "" ? member.name : `${name}.${member.name}`;
      const [signature] = inner.getCallSignatures();
      if (signature !== undefined) operations.push(...operationsOf(types, path, signature, member));
      else if (inner.flags & ts.TypeFlags.Object) visit(inner, path);
    }
  };
  ts.forEachChild(types.file(declared), (node) => {
    if (!ts.isClassDeclaration(node) || node.name?.text !== "Methods") return;
    for (const { name, type } of node.members.filter(ts.isPropertyDeclaration)) {
      if (type !== undefined) visit(checker.getTypeAtLocation(type), name.getText());
    }
  });
  if (operations.length === 0) throw new Error("@slack/web-api declares nothing");
  return new Description("Slack", operations, types.lookUp);
}

/** The declarations of blocks are a package of their own. */
async function typesBeside(folder: URL): Promise<URL> {
  const { dependencies } = JSON.parse(await Deno.readTextFile(new URL("package.json", folder)));
  const major = /\d+/.exec(dependencies["@slack/types"])?.[0];
  const beside = new URL("../../types/", folder);
  for await (const { name } of Deno.readDir(beside)) {
    if (name.startsWith(`${major}.`)) return new URL(`${name}/dist/index.d.ts`, beside);
  }
  throw new Error(`There is no @slack/types of version ${major}`);
}

/** Every method takes its arguments in a query, or as JSON. */
function operationsOf(
  types: Types,
  name: string,
  signature: ts.Signature,
  member: ts.Symbol,
): Operation[] {
  const { checker } = types;
  const [argument] = signature.parameters;
  const wanted = argument && checker.getNonNullableType(checker.getTypeOfSymbol(argument));
  const given = checker.getAwaitedType(signature.getReturnType())!;
  const schema = wanted === undefined ? {} : types.schemaOf(wanted);
  const parts = partsOf(types, schema);
  const parameters = [...new Set(parts.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const common = {
    url: API + name,
    deprecated: member.getJsDocTags().some((tag) => tag.name === "deprecated"),
    answers: [{ status: 200, schema: types.schemaOf(given), examples: [] }],
  };
  return [
    {
      ...common,
      id: `GET ${name}`,
      method: "GET",
      parameters: parameters.map((name) => {
        const members = parts.flatMap(({ properties }) => properties?.[name] ?? []);
        return {
          name,
          in: "query",
          required: parts.every(({ required }) => required.includes(name)),
          deprecated: members.some(isOld),
          schema: members.length === 1 ? members[0] : { anyOf: members },
        };
      }),
    },
    {
      ...common,
      id: `POST ${name}`,
      method: "POST",
      parameters: [],
      body: { schema, required: false },
    },
  ];
}

/** The objects that a union is made of. */
function partsOf(types: Types, schema: Schema): Schema[] {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.flatMap((one: Schema) => partsOf(types, one));
  }
  return schema.$ref === undefined ? [] : [types.lookUp(schema.$ref)];
}

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors, and those of the others */
const REFUSALS: Refusal[] = [
  ["unauthorized", "invalid_auth", "token_revoked", "account_inactive"],
  ["not_found", "channel_not_found", "user_not_found"],
  ["rate_limited", "ratelimited"],
  ["unavailable", "internal_error", "fatal_error", "service_unavailable"],
  ["forbidden", "not_in_channel", "is_archived", "restricted_action", "access_denied"],
  ["invalid", "msg_too_long", "brand_new_code"],
].flatMap(([kind = "", ...codes]) =>
  codes.map((error) => ({ status: 200, body: { ok: false, error }, kinds: [kind] }))
);

/** Slack. */
export const slack: Vendor = {
  title: "Slack",
  services: ["slack"],
  describe,
  words: [
    [/^(ts|thread_ts|latest_reply|oldest|latest)$/, () => "1764000000.000100"],
    [/^(id|channel|channel_id)$/, (dice) => `C01234567${10 + dice.int(80)}`],
    [/^(user|bot_id|creator|inviter|parent_user_id)$/, () => "U0123456789"],
    [/^name$/, () => "general"],
    [/email/, (dice) => `p${dice.int(50)}@example.com`],
    [/permalink|url/, () => "https://example.slack.com/archives/C0123456789/p1764000000000100"],
    [/^tz$/, () => "Europe/Berlin"],
  ],
  // Blocks hold blocks, and each of them is of twenty kinds.
  depth: 5,
  // It says no with 200.
  statuses: [429, 500],
  kept: /^(ok|channel|channels|user|messages|members|ts|message)$|^[a-z]+\.(id|name|ts)$/,
  most: ({ url }) => Math.min(Number(url.searchParams.get("limit") ?? 100), 200),
  fit(body, { sent }, style) {
    const { error: _error, needed: _needed, provided: _provided, warning: _, ...rest } = body;
    // One page follows the first.
    const isLast = sent.url.searchParams.has("cursor") || style.name !== "long";
    const next_cursor = isLast ? "" : "dXNlcjo5";
    const { response_metadata } = rest;
    return {
      ...rest,
      ok: true,
      ...(response_metadata || style.name === "long"
        ? { response_metadata: { ...response_metadata, next_cursor } }
        : {}),
    };
  },
  headers: () => ({}),
  // Nobody sees that a conversation was opened.
  reads: ({ method, id }) => method === "GET" || id === "POST conversations.open",
  goesOn: ({ answered }) =>
    Boolean(answered.response_metadata?.next_cursor) && Object.values(answered).some(Array.isArray),
  refusal: () => ({ ok: false, error: "fatal_error" }),
  refusals: [
    ...REFUSALS,
    {
      status: 200,
      body: { ok: false, error: "missing_scope", needed: "chat:write", provided: "users:read" },
      kinds: ["missing_scope"],
    },
  ],
};
