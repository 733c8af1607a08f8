/**
 * Asana, as its own client has it: the code says which paths there are, the
 * comments say which parameters they take, and which scope each asks for. What
 * comes out is a `Blob` there; it is written down in `asana_things.ts`.
 *
 * https://github.com/Asana/node-asana
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import { Description, type Operation, type Parameter, type Schema } from "../description.ts";
import { isOld, judgeRequest } from "../judge.ts";
import { packageFolder } from "../packages.ts";
import type { Vendor } from "../vendor.ts";
import { thingAt, THINGS } from "./asana_things.ts";

const API = "https://app.asana.com/api/1.0";

async function describe(): Promise<Description> {
  const folder = new URL("src/api/", await packageFolder("asana"));
  const operations: Operation[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".js")) continue;
    const code = await Deno.readTextFile(new URL(name, folder));
    operations.push(...operationsIn(code));
  }
  if (operations.length === 0) throw new Error("asana describes nothing");
  return new Description("Asana", operations, (ref) => THINGS[ref.slice(1)]);
}

/** Each method is a comment and a function. */
function operationsIn(code: string): Operation[] {
  const methods = code.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*\w+WithHttpInfo\(([^]*?)\n {4}\}/g);
  return [...methods].flatMap(([, comment = "", body = ""]): Operation[] => {
    const [, path, method] = /callApi\(\s*'([^']+)', '(\w+)'/.exec(body) ?? [];
    if (path === undefined || method === undefined) return [];
    const said = comment.replaceAll("&#x60;", "`");
    const documented = new Map(
      [...said.matchAll(/@param \{([^\n]*?)\} (opts\.)?([\w.]+) ([^\n]*)/g)]
        .map(([, type = "", , name = "", words = ""]) => [name, { type, words }]),
    );
    const inQuery = [...said.matchAll(/\} opts\.([\w.]+)/g)].map(([, name = ""]) => name);
    const required = [...body.matchAll(/queryParams\['([\w.]+)'\] = \1;/g)]
      .map(([, name = ""]) => name);
    // Of one the text tells, and not the list.
    const told = [...said.matchAll(/specified by the `(\w+)` query parameter/g)]
      .map(([, name = ""]) => name);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const parameter = (where: "path" | "query", name: string): Parameter => {
      const { type = "", words = "" } = documented.get(name) ?? {};
      return {
        name,
        in: where,
        required: where === "path" || required.includes(name),
        deprecated: isOld({ description: words }),
        schema: schemaOf(type, words),
      };
    };
    const scope = /Required scope: [^]*?&lt;code&gt;([^&]*)&lt;/.exec(said)?.[1];
    const takesBody = /let postBody = body;/.test(body);
    const mayHaveBody = /let postBody = opts\['body'\]/.test(body);
    return [{
      id: `${method} ${path}`,
      method,
      url: API + path,
      deprecated: /@deprecated/.test(said),
      parameters: [
        ...inPath.map((name) => parameter("path", name)),
        ...[...new Set([...required, ...inQuery, ...told])].map((name) => parameter("query", name)),
      ],
      body: takesBody || mayHaveBody ? { schema: ENVELOPE, required: takesBody } : undefined,
      answers: [{ status: 200, schema: thingAt(method, path), examples: [] }],
      scopes: scope === undefined ? undefined : [scope],
    }];
  });
}

/** What is in it is not described. */
const ENVELOPE: Schema = {
  type: "object",
  properties: { data: { type: "object", additionalProperties: true } },
  required: ["data"],
};

function schemaOf(type: string, words: string): Schema {
  const values = /\bOne of ((?:`[\w.]+`,? ?(?:or )?)+)/i.exec(words)?.[1];
  if (values !== undefined) return { enum: [...values.matchAll(/`([^`]+)`/g)].map(([, v]) => v) };
  if (type.startsWith("Array")) return { type: "array", items: { type: "string" } };
  if (type === "Number") return { type: "integer", ...limits(words) };
  if (type === "Boolean") return { type: "boolean" };
  if (type === "Date") {
    return /datetime/i.test(words) ? { type: "string", format: "date-time" } : { type: "string" };
  }
  return { type: "string" };
}

/** "The number of objects to return per page. The value must be between 1 and 100." */
function limits(words: string): Schema {
  const [, minimum, maximum] = /between (\d+) and (\d+)/.exec(words) ?? [];
  return maximum === undefined ? {} : { minimum: Number(minimum), maximum: Number(maximum) };
}

/** What is left of a thing where some fields were asked for: `gid` always is. */
function masked(thing: Json, paths: string[][]): Json {
  if (Array.isArray(thing)) return thing.map((one) => masked(one, paths));
  if (thing === null || typeof thing !== "object") return thing;
  return Object.fromEntries(
    Object.entries(thing).flatMap(([name, value]) => {
      if (/^(gid|resource_type|brand_new_member)$/.test(name)) return [[name, value]];
      const inner = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
      return inner.length === 0 ? [] : [[name, masked(value, inner.filter((one) => one.length))]];
    }),
  );
}

/** Asana. */
export const asana: Vendor = {
  title: "Asana",
  services: ["asana"],
  describe,
  words: [
    [/^gid$/, (dice) => `12000000${1_000 + dice.int(9_000)}`],
    [/permalink_url/, () => "https://app.asana.com/0/1/12"],
    [/_on$/, (dice) => `2026-11-2${dice.int(8)}`],
  ],
  kept: /(^|\.)(gid|data)$/,
  most: ({ url }) => Number(url.searchParams.get("limit") ?? 100),
  judge(description, sent) {
    const judgement = judgeRequest(description, sent);
    const thing = judgement.operation?.answers[0]?.schema;
    const wrong = fieldsOf(sent.url).filter((path) =>
      thing !== undefined && !isField(description, thing.properties.data, path)
    );
    const faults = wrong.map((path) =>
      `${judgement.operation?.id} asks for the field ${path.join(".")}, which is not described`
    );
    return { ...judgement, faults: [...judgement.faults, ...faults] };
  },
  fit(body, { sent }, style) {
    const isList = Array.isArray(body.data);
    const isLast = sent.url.searchParams.has("offset") || style.name !== "long";
    const paths = fieldsOf(sent.url);
    const written = sent.body === undefined ? {} : asRead(JSON.parse(sent.body).data, body.data);
    const data = isList ? body.data : { ...body.data, ...written };
    return {
      ...body,
      // Without being asked Asana sends little more than the name.
      data: masked(data, paths.length > 0 ? paths : [["name"]]),
      ...(isList ? { next_page: isLast ? null : { offset: "eyJ0", path: "/x", uri: "x" } } : {}),
    };
  },
  echoes: false,
  // A thing that is not there, where one was asked for or changed.
  undone: (body) =>
    typeof body.data?.gid === "string" ? [{ ...body, data: null }, { ...body, data: {} }] : [],
  headers: () => ({}),
  goesOn: ({ answered }) => Boolean(answered.next_page),
  refusal: (status) => ({ errors: [{ message: status === 404 ? "Unknown object" : "Not so" }] }),
  refusals: [{
    status: 402,
    body: { errors: [{ message: "Payment Required" }] },
    kinds: ["forbidden"],
  }],
};

function fieldsOf(url: URL): string[][] {
  const fields = (url.searchParams.get("opt_fields") ?? "").split(",").filter(Boolean);
  return fields.map((field) => field.split("."));
}

function isField(description: Description, schema: Schema, [name, ...rest]: string[]): boolean {
  const whole = description.resolve(schema);
  const inner = whole.type === "array" ? description.resolve(whole.items) : whole;
  const member = name === undefined ? undefined : inner.properties?.[name];
  return member !== undefined && (rest.length === 0 || isField(description, member, rest));
}

/** What was written, as it is read: people and projects are written by their ids. */
function asRead(sent: Json, made: Json): Json {
  return Object.fromEntries(
    Object.entries<Json>(sent).filter(([name, value]) =>
      name in made && (value === null || typeof value === typeof made[name]) &&
      !Array.isArray(value)
    ),
  );
}
