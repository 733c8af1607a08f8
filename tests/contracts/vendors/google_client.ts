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
import { Description, type Operation, type Schema } from "../description.ts";
import { isOld } from "../judge.ts";
import { packageFolder } from "../packages.ts";
import { Types } from "../types.ts";
import { withWords } from "./google_words.ts";

/** A method of a client: where it sends what. */
interface Call {
  url: string;
  media: string | undefined;
  method: string;
  required: string[];
  path: string[];
}

/** What a client declares. */
export async function describe(name: string, version: string): Promise<Description> {
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
