/**
 * Google's APIs, as its own clients have them: the declarations say what goes
 * in and comes out, the code says where to, the comments say with which scopes.
 *
 * https://github.com/googleapis/google-api-nodejs-client
 *
 * @module
 */

import ts from "typescript";
import type { Json } from "../../support/api.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import { Description, type Operation, type Schema, type Sent } from "../description.ts";
import { isOld, judgeRequest } from "../judge.ts";
import type { Words } from "../made.ts";
import { packageFolder } from "../packages.ts";
import { Types } from "../types.ts";
import type { Refusal, Vendor } from "../vendor.ts";

/** A method of a client: where it sends what. */
interface Call {
  url: string;
  media: string | undefined;
  method: string;
  required: string[];
  path: string[];
}

async function describe(name: string, version: string): Promise<Description> {
  const folder = await packageFolder(name);
  const declared = new URL(`build/${version}.d.ts`, folder);
  const calls = callsOf(await Deno.readTextFile(new URL(`build/${version}.js`, folder)));
  const types = new Types([declared]);
  const operations: Operation[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node) && node.name?.text.startsWith("Resource$")) {
      for (const member of node.members) {
        if (!ts.isMethodDeclaration(member)) continue;
        const call = calls.get(`${node.name.text}.${member.name.getText()}`);
        const made = call === undefined ? [] : operationsOf(types, call, member);
        for (const operation of made) {
          if (!operations.some(({ id }) => id === operation.id)) operations.push(operation);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(types.file(declared));
  if (operations.length === 0) throw new Error(`${name} declares nothing`);
  return new Description(name, operations, types.lookUp);
}

/** `Resource$Events.list` → where it sends what. */
function callsOf(code: string): Map<string, Call> {
  const calls = new Map<string, Call>();
  let of = "";
  const parts = code.split(/^ {4}class (?=Resource\$)|^ {8}(?=\w+\(paramsOrCallback)/m);
  for (const part of parts) {
    const name = /^Resource\$[\w$]+/.exec(part)?.[0];
    if (name !== undefined) {
      of = name;
      continue;
    }
    const root = /rootUrl = options\.rootUrl \|\| '([^']+)'/.exec(part)?.[1];
    const path = /\burl: \(rootUrl \+\s+'([^']+)'/.exec(part)?.[1];
    if (root === undefined || path === undefined) continue;
    const media = /\bmediaUrl: \(rootUrl \+\s+'([^']+)'/.exec(part)?.[1];
    const listed = (key: string) =>
      [...(new RegExp(`${key}: \\[([^\\]]*)\\]`).exec(part)?.[1] ?? "").matchAll(/'([^']+)'/g)]
        .map(([, one = ""]) => one);
    const place = (path: string) => root.replace(/\/$/, "") + path.replaceAll("{+", "{");
    calls.set(`${of}.${/^\w+/.exec(part)?.[0]}`, {
      url: place(path),
      media: media && place(media),
      method: /method: '(\w+)'/.exec(part)?.[1] ?? "GET",
      required: listed("requiredParams"),
      path: listed("pathParams"),
    });
  }
  return calls;
}

function operationsOf(types: Types, call: Call, method: ts.MethodDeclaration): Operation[] {
  const { checker } = types;
  const [first] = method.parameters;
  const wanted = first && checker.getTypeAtLocation(first);
  const params = wanted && checker.getNonNullableType(wanted);
  // The overload with a callback alone has no parameters, and that for streams no body.
  const given = method.type?.getText() ?? "";
  const isWhole = /^(Gaxios)?Promise</.test(given) && !given.includes("Readable");
  if (params === undefined || !isWhole || params.getCallSignatures().length > 0) return [];
  const { properties } = types.lookUp(types.schemaOf(params).$ref);
  const { requestBody, media: _media, auth: _auth, resource: _resource, ...rest } = properties;
  const comment = ts.getJSDocCommentsAndTags(method).map((node) => node.getText()).join("\n") ||
    docsOf(method);
  const example = exampleIn(comment);
  const made: Operation = {
    id: `${call.method} ${new URL(call.url).pathname.replaceAll(/%7B|%7D/g, brace)}`,
    method: call.method,
    url: call.url,
    deprecated: false,
    parameters: Object.entries<Schema>(rest).map(([name, schema]) => ({
      name,
      in: call.path.includes(name) ? "path" : "query",
      required: call.required.includes(name),
      deprecated: isOld(schema),
      schema: withoutNull(schema),
    })),
    body: requestBody === undefined ? undefined : { schema: requestBody, required: false },
    otherBodies: call.media !== undefined,
    answers: [
      given === "<void>" ? { status: 204, examples: [] } : {
        status: 200,
        schema: answerOf(types, method),
        examples: example === undefined ? [] : [example],
      },
    ],
    scopes: scopesIn(comment),
  };
  if (call.media === undefined) return [made];
  const upload = { name: "uploadType", in: "query", required: true, deprecated: false } as const;
  const others = made.parameters.filter(({ name }) => name !== upload.name);
  return [made, {
    ...made,
    id: `${made.method} ${new URL(call.media).pathname.replaceAll(/%7B|%7D/g, brace)}`,
    url: call.media,
    parameters: [...others, {
      ...upload,
      schema: { enum: ["media", "multipart", "resumable"] },
    }],
  }];
}

/** The comment of the first of several overloads is that of all. */
function docsOf(method: ts.MethodDeclaration): string {
  if (!ts.isClassDeclaration(method.parent)) return "";
  const same = method.parent.members.filter((member) =>
    ts.isMethodDeclaration(member) && member.name.getText() === method.name.getText()
  );
  return same.flatMap((member) => ts.getJSDocCommentsAndTags(member))
    .map((node) => node.getText()).join("\n");
}

function brace(code: string): string {
  return code === "%7B" ? "{" : "}";
}

function withoutNull({ nullable: _, ...schema }: Schema): Schema {
  return schema;
}

/** `Promise<GaxiosResponseWithHTTP2<Schema$Event>>` → the schema of an event. */
function answerOf(types: Types, method: ts.MethodDeclaration): Schema {
  let found: Schema;
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) && node.typeName.getText().startsWith("Schema$")) {
      found = types.schemaOf(types.checker.getTypeAtLocation(node));
    } else ts.forEachChild(node, visit);
  };
  visit(method.type!);
  return found;
}

function scopesIn(comment: string): string[] | undefined {
  const listed = /scopes: \[([^\]]*)\]/.exec(comment)?.[1];
  return listed === undefined
    ? undefined
    : [...listed.matchAll(/'([^']+)'/g)].map(([, scope = ""]) => scope);
}

/** Shown as comments of the sample code. */
function exampleIn(comment: string): Json {
  const shown = /\/\/ Example response\n((?:\s*\*\s*\/\/.*\n)+)/.exec(comment)?.[1];
  if (shown === undefined) return undefined;
  try {
    return JSON.parse(shown.replaceAll(/^\s*\*\s*\/\//gm, ""), withWords);
  } catch {
    return undefined;
  }
}

/** The examples say `my_size`, whatever a size looks like, and that every file is a shortcut to nowhere. */
function withWords(name: string, value: Json): Json {
  if (name === "shortcutDetails" && JSON.stringify(value) === "{}") return undefined;
  if (value !== `my_${name}`) return value;
  return WORDS.find(([pattern]) => pattern.test(name))?.[1](new Dice(1)) ?? value;
}

/** Of e-mails. */
const HEADERS = [
  { name: "From", value: "ana <ana@example.com>" },
  { name: "To", value: "bo@example.com, cy <cy@example.com>" },
  { name: "Subject", value: "quarterly numbers" },
  { name: "Message-ID", value: "<1@example.com>" },
];

/** What Google's references say of fields that are declared as texts. */
const WORDS: Words = [
  [
    /^(dateTime|created|updated|.*Time|start|end)$/,
    (dice) => `2026-11-2${dice.int(8)}T1${dice.int(10)}:30:00Z`,
  ],
  [/^date$/, (dice) => `2026-11-2${dice.int(8)}`],
  [/^timeZone$/, () => "Europe/Berlin"],
  [/email|Email/, (dice) => `p${dice.int(50)}@example.com`],
  [/[lL]ink$|^webViewLink$/, () => "https://docs.google.com/document/d/f1/edit"],
  [/^internalDate$/, () => "1764000000000"],
  [/^(size|historyId|version|quotaBytesUsed)$/, () => "12345"],
  [/^headers$/, () => HEADERS],
  [/^mimeType$/, (dice) => dice.pick(["text/plain", "application/vnd.google-apps.document"])],
  [/^data$/, () => btoa("chapter 7 of 42.")],
  [/^(id|.*Id|raw)$/, (dice) => `a1B2-${1_000 + dice.int(9_000)}`],
];

/** https://developers.google.com/workspace/calendar/api/guides/errors, and the others' pages */
const REFUSALS: Refusal[] = [
  { reason: "insufficientPermissions", status: 403, kinds: ["missing_scope"] },
  { reason: "rateLimitExceeded", status: 403, kinds: ["rate_limited"] },
  { reason: "userRateLimitExceeded", status: 403, kinds: ["rate_limited"] },
  { reason: "backendError", status: 503, kinds: ["unavailable"] },
].map(({ reason, status, kinds }) => ({
  status,
  kinds,
  body: { error: { code: status, message: "Not now", errors: [{ reason, message: "Not now" }] } },
}));

interface Api {
  service: string;
  version: string;
  kept: RegExp;
  fit?: Vendor["fit"];
}

function googleApi({ service, version, kept, fit = (body) => body }: Api): Vendor {
  return {
    title: `Google's ${service}`,
    services: [service],
    describe: () => describe(`@googleapis/${service}`, version),
    words: WORDS,
    kept,
    most: ({ url }) =>
      Number(url.searchParams.get("maxResults") ?? url.searchParams.get("pageSize") ?? 20),
    judge(description, sent) {
      const judgement = judgeRequest(description, sent);
      const { operation, faults } = judgement;
      const wrong = operation === undefined
        ? []
        : strangeFields(description, operation.answers[0]!.schema, maskOf(sent));
      return { ...judgement, faults: [...faults, ...wrong] };
    },
    fit: (body, asked, style) => masked(fit(body, asked, style), maskOf(asked.sent)),
    headers: () => ({}),
    reads: ({ method, id }) => method === "GET" || id.endsWith("/freeBusy"),
    goesOn: ({ answered }) => Boolean(answered.nextPageToken),
    refusals: REFUSALS,
    refusal: (status) => ({
      error: { code: status, message: "Not allowed here", errors: [{ reason: "x", message: "x" }] },
    }),
    isMedia: ({ url }: Sent) =>
      url.searchParams.get("alt") === "media" || url.pathname.endsWith("/export"),
  };
}

/** `id,owners(emailAddress)`; an empty one is everything. */
interface Mask {
  [name: string]: Mask;
}

function maskOf({ url }: Sent): Mask {
  const top: Mask = {};
  /** Where the names stand that are read now, and those around them. */
  const around = [top];
  let at = top;
  for (const [token] of (url.searchParams.get("fields") ?? "").matchAll(/[\w*]+|[,()]/g)) {
    if (token === "(") around.push(at);
    else if (token === ")") around.pop();
    if (/[(),]/.test(token)) at = around.at(-1)!;
    else at = at[token] ??= {};
  }
  return top;
}

function strangeFields(description: Description, schema: Schema, mask: Mask): string[] {
  const whole = description.resolve(schema);
  const inner = whole.type === "array" ? description.resolve(whole.items) : whole;
  return Object.entries(mask).flatMap(([name, deeper]) => {
    if (name === "*") return [];
    const member = inner.properties?.[name];
    return member === undefined
      ? [`asks for the field ${name}, which is not described`]
      : strangeFields(description, member, deeper);
  });
}

/** What is left of an answer where only some fields were asked for. */
function masked(body: Json, mask: Mask): Json {
  if (Object.keys(mask).length === 0 || "*" in mask) return body;
  if (Array.isArray(body)) return body.map((one) => masked(one, mask));
  if (body === null || typeof body !== "object") return body;
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name in mask || name === "brand_new_member")
      .map(([name, value]) => [name, masked(value, mask[name] ?? {})]),
  );
}

/** Google Calendar. */
export const calendar = googleApi({
  service: "calendar",
  version: "v3",
  // An event has times, even where the declarations say that it may have none.
  kept: /(^|\.)(id|start|end|calendars)$/,
  fit(body, { operation, sent }, style) {
    if (operation.id.endsWith("/freeBusy")) {
      const [any] = Object.values<Json>(body.calendars ?? {});
      // It says why it does not know, or when they are busy.
      if (!style.wild && any) delete any.errors;
      const wanted = JSON.parse(sent.body ?? "{}").items ?? [];
      body.calendars = Object.fromEntries(wanted.map(({ id }: Json) => [id, any ?? {}]));
    }
    return asPeriods(body);
  },
});

/** Gmail. */
export const gmail = googleApi({
  service: "gmail",
  version: "v1",
  kept: /(^|\.)(id|threadId|name|value|message|sendAsEmail)$/,
});

/** Google Drive. */
export const drive = googleApi({
  service: "drive",
  version: "v3",
  kept: /(^|\.)(id|name|mimeType|targetId|role)$/,
});

/** A day, or a moment of it; and what begins ends later. */
function asPeriods(body: Json): Json {
  if (Array.isArray(body)) return body.map(asPeriods);
  if (body === null || typeof body !== "object") return body;
  const made = Object.fromEntries(
    Object.entries(body).map(([name, one]) => [name, asPeriods(one)]),
  );
  if (made.date && made.dateTime) delete made.date;
  if (made.start?.dateTime && made.end?.dateTime) {
    made.end.dateTime = made.start.dateTime.replace("T1", "T2").replace(/T2[4-9]/, "T23");
  }
  return made;
}
