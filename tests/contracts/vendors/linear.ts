/**
 * Linear, as its GraphQL schema has it: queries are checked against it, and
 * answered with what they ask for.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import { Description, type Schema, type Sent } from "../description.ts";
import { packageFolder } from "../packages.ts";
import type { Judgement, Refusal, Vendor } from "../vendor.ts";
import { definitionsOf } from "./linear_schema.ts";

const API = "https://api.linear.app/graphql";

/** The package `graphql`, which is loaded from its folder, and Linear's schema. */
let graphql: Json;
let schema: Json;

async function describe(): Promise<Description> {
  const folder = await packageFolder("graphql");
  graphql = await import(new URL("index.mjs", folder).href);
  const definitions = definitionsOf(await declarations(await packageFolder("@linear/sdk")));
  // The declarations do not say all that a schema has to.
  schema = graphql.buildSchema(definitions, { assumeValid: true, assumeValidSDL: true });
  return new Description("Linear", []);
}

/** The file has another name in each version. */
async function declarations(folder: URL): Promise<string> {
  const dist = new URL("dist/", folder);
  for await (const { name } of Deno.readDir(dist)) {
    if (!/\.d\.m?ts$/.test(name)) continue;
    const code = await Deno.readTextFile(new URL(name, dist));
    if (/^(export )?(declare )?type Query = \{/m.test(code)) return code;
  }
  throw new Error("@linear/sdk declares no Query");
}

function judge(_description: Description, sent: Sent): Judgement {
  const place = `${sent.method} ${sent.url.href}`;
  if (place !== `POST ${API}`) {
    return { operation: undefined, path: {}, faults: [`${place} is not described`] };
  }
  const { query, variables, ...rest } = JSON.parse(sent.body ?? "{}");
  const document = graphql.parse(query);
  const rules = [...graphql.specifiedRules, graphql.NoDeprecatedCustomRule];
  const invalid = graphql.validate(schema, document, rules).map(({ message }: Error) => message);
  const [operation] = document.definitions.filter(({ kind }: Json) =>
    kind === "OperationDefinition"
  );
  const fields: string[] = operation.selectionSet.selections.map(({ name }: Json) => name.value);
  const id = `${operation.operation} ${fields.join(" ")}`;
  const faults = [
    ...invalid,
    ...(invalid.length > 0 ? [] : wrongVariables(operation.variableDefinitions, variables)),
    ...Object.keys(rest).filter((name) => name !== "operationName")
      .map((name) => `sends ${name}, which GraphQL does not know`),
  ];
  const answer = invalid.length > 0 ? {} : answerOf(document, operation);
  return {
    path: {},
    faults: faults.map((fault) => `${id}: ${fault}`),
    operation: {
      id,
      method: "POST",
      url: API,
      deprecated: false,
      parameters: [],
      answers: [{ status: 200, schema: answer, examples: [] }],
    },
  };
}

function wrongVariables(definitions: Json[], variables: Json): string[] {
  const { errors } = graphql.getVariableValues(schema, definitions, variables ?? {});
  const known = definitions.map(({ variable }) => variable.name.value);
  return [
    ...(errors ?? []).map(({ message }: Error) => message),
    ...Object.keys(variables ?? {}).filter((name) => !known.includes(name))
      .map((name) => `sends the variable ${name}, which the query does not have`),
  ];
}

/** The schema of what a query selects: all of it comes. */
function answerOf(document: Json, operation: Json): Schema {
  const fragments = new Map<string, Json>(
    document.definitions.filter(({ kind }: Json) => kind === "FragmentDefinition")
      .map((one: Json) => [one.name.value, one]),
  );
  const root = operation.operation === "mutation" ? "getMutationType" : "getQueryType";
  const data = selected(schema[root](), operation.selectionSet);
  return { type: "object", properties: { data }, required: ["data"] };

  function selected(type: Json, { selections }: Json): Schema {
    const properties: Record<string, Schema> = {};
    for (const selection of selections) {
      const inner = selection.kind === "FragmentSpread"
        ? fragments.get(selection.name.value)
        : selection;
      if (selection.kind === "Field") {
        const name = selection.name.value;
        const field = name === "__typename" ? undefined : type.getFields()[name];
        properties[selection.alias?.value ?? name] = field === undefined
          ? { enum: [type.name] }
          : typed(field.type, selection);
      } else {
        const on = inner.typeCondition?.name.value;
        const narrower = on === undefined ? type : schema.getType(on);
        Object.assign(properties, selected(narrower, inner.selectionSet).properties);
      }
    }
    return { type: "object", properties, required: Object.keys(properties) };
  }

  function typed(type: Json, field: Json): Schema {
    if (graphql.isNonNullType(type)) return { ...typed(type.ofType, field), nullable: false };
    const nullable = true;
    if (graphql.isListType(type)) {
      return { type: "array", items: typed(type.ofType, field), nullable };
    }
    if (graphql.isEnumType(type)) {
      return { enum: type.getValues().map(({ name }: Json) => name), nullable };
    }
    if (graphql.isLeafType(type)) return { ...SCALARS[type.name] ?? { type: "string" }, nullable };
    return { ...selected(type, field.selectionSet), nullable };
  }
}

const SCALARS: Record<string, Schema> = {
  Int: { type: "integer" },
  Float: { type: "number" },
  Boolean: { type: "boolean" },
  DateTime: { type: "string", format: "date-time" },
  TimelessDate: { type: "string", format: "date" },
  JSON: { type: "object" },
  JSONObject: { type: "object" },
};

/** https://linear.app/developers/graphql#errors, https://linear.app/developers/rate-limiting */
const REFUSALS: Refusal[] = [
  [200, "AUTHENTICATION_ERROR", "authentication error", "unauthorized"],
  [401, "AUTHENTICATION_ERROR", "authentication error", "unauthorized"],
  [400, "RATELIMITED", "ratelimited", "rate_limited"],
  [200, "FORBIDDEN", "forbidden", "forbidden"],
  [200, "INPUT_ERROR", "invalid input", "invalid"],
  [200, "INTERNAL_SERVER_ERROR", "internal error", "unavailable"],
  [200, "FEATURE_NOT_ACCESSIBLE", "feature not accessible", "forbidden"],
].map(([status, code, type, kind]) => ({
  status: Number(status),
  body: { data: null, errors: [{ message: "It did not work", extensions: { code, type } }] },
  kinds: kind === "forbidden" ? ["forbidden", "missing_scope"] : [String(kind)],
}));

/** Linear. */
export const linear: Vendor = {
  title: "Linear",
  services: ["linear"],
  describe,
  judge,
  words: [
    [/^(id|.*Id)$/, (dice) => `9f3a7c1e-0000-4000-8000-${100_000_000_000 + dice.int(900_000_000)}`],
    [/^identifier$/, () => "ENG-12"],
    [/^key$/, () => "ENG"],
    [/^url$/, () => "https://linear.app/acme/issue/ENG-12/the-door"],
    [/^type$/, (dice) => dice.pick(["backlog", "unstarted", "started", "completed", "canceled"])],
    [/email/, (dice) => `p${dice.int(50)}@example.com`],
  ],
  kept: /^$/,
  most: ({ body }) => Number(/"first":\s*(\d+)/.exec(body ?? "")?.[1] ?? 50),
  echoes: false,
  fit: (body, { sent }, style) => named(settled(body, style.name === "long"), sent),
  headers: () => ({}),
  reads: ({ id }) => id.startsWith("query "),
  goesOn: ({ answered }) => JSON.stringify(answered).includes('"hasNextPage":true'),
  // It says no in the list of errors.
  statuses: [401, 429, 500],
  refusal: () => ({ errors: [{ message: "It did not work" }] }),
  refusals: [
    ...REFUSALS,
    {
      status: 200,
      body: {
        data: null,
        errors: [{
          message: "Entity not found: Issue",
          extensions: { code: "INPUT_ERROR", type: "invalid input" },
        }],
      },
      kinds: ["not_found"],
    },
  ],
  undone: (body) => {
    const payloads = Object.entries<Json>(body.data ?? {}).filter(([, one]) =>
      one && "success" in one
    );
    return payloads.flatMap(([name, one]) =>
      [one, emptied(one)].map((payload) => ({
        ...body,
        data: { ...body.data, [name]: { ...payload, success: false } },
      }))
    );
  },
};

/** What was asked for or changed by its id has that id. */
function named(body: Json, sent: Sent): Json {
  const { id } = JSON.parse(sent.body ?? "{}").variables ?? {};
  if (!/^[0-9a-f-]{36}$/.test(id ?? "")) return body;
  const data = Object.fromEntries(
    Object.entries<Json>(body.data ?? {}).map(([name, one]) => [
      name,
      one?.issue
        ? { ...one, issue: { ...one.issue, id } }
        : one && { ...one, ...("id" in one && { id }) },
    ]),
  );
  return { ...body, data };
}

/** What was to be changed did change, and a page says truly whether another follows. */
function settled(body: Json, hasMore: boolean): Json {
  if (Array.isArray(body)) return body.map((one) => settled(one, hasMore));
  if (body === null || typeof body !== "object") return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (name === "success") return [name, true];
      if (name === "hasNextPage") return [name, hasMore];
      return [name, settled(value, hasMore)];
    }),
  );
}

function emptied(payload: Json): Json {
  return Object.fromEntries(
    Object.entries<Json>(payload).map(([name, value]) => [
      name,
      value !== null && typeof value === "object" ? null : value,
    ]),
  );
}
