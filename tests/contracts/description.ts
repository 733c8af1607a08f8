/**
 * What a vendor's description says, in one form for all vendors.
 *
 * @module
 */

import type { Json } from "../support/api.ts";

/** JSON Schema, with OpenAPI's `nullable`; a reference is followed by {@linkcode Description}. */
export type Schema = Json;

/** One parameter of a path, or of a query. */
export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  deprecated: boolean;
  /** Its value may hold slashes. */
  manySegments?: boolean | undefined;
  schema: Schema;
}

/** One answer that is documented. */
export interface Answer {
  status: number;
  /** `undefined`: without a body. */
  schema?: Schema | undefined;
  examples: Json[];
}

/** One thing that can be asked. */
export interface Operation {
  /** `GET /repos/{owner}/{repo}` */
  id: string;
  method: string;
  /** With `{name}` for each parameter, and the host: `https://api.github.com/repos/{owner}/{repo}`. */
  url: string;
  deprecated: boolean;
  parameters: Parameter[];
  /** Of the JSON that is sent; `undefined`: none is. */
  body?: { schema: Schema; required: boolean } | undefined;
  /** Other kinds of body than JSON are taken, and not judged. */
  otherBodies?: boolean | undefined;
  answers: Answer[];
  /** One of these suffices; `undefined`: the description does not say. */
  scopes?: string[] | undefined;
}

/** A request as it left. */
export interface Sent {
  method: string;
  url: URL;
  headers: Headers;
  body: string | undefined;
}

/** All that can be asked of one API. */
export class Description {
  #operations = new Map<string, { pattern: RegExp; literal: number; operation: Operation }[]>();

  constructor(
    readonly title: string,
    operations: Operation[],
    /** Where `$ref` leads. */
    readonly lookUp: (ref: string) => Schema = (ref) => {
      throw new Error(`Nothing is known of ${ref}`);
    },
  ) {
    for (const operation of operations) {
      const many = new Set(
        operation.parameters.filter((one) => one.manySegments)
          .map(({ name }) => name),
      );
      const parts = operation.url.split(/(\{[^{}]+\})/);
      const pattern = parts.map((part) =>
        !part.startsWith("{")
          ? RegExp.escape(part)
          : many.has(part.slice(1, -1))
          ? "(.*)"
          : "([^/]+)"
      );
      const literal = parts.filter((part) => !part.startsWith("{")).join("").length;
      const list = this.#operations.get(operation.method) ?? [];
      list.push({ pattern: new RegExp(`^${pattern.join("")}$`), literal, operation });
      this.#operations.set(operation.method, list);
    }
  }

  /** What a request asks for, with the values of its path's parameters. */
  find({ method, url }: Sent): { operation: Operation; path: Record<string, string> } | undefined {
    const place = url.origin + url.pathname;
    const found = (this.#operations.get(method) ?? [])
      .filter(({ pattern }) => pattern.test(place))
      .sort((one, other) => other.literal - one.literal)[0];
    if (found === undefined) return undefined;
    const { pattern, operation } = found;
    const names = [...operation.url.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name);
    const values = pattern.exec(place)!.slice(1).map(decodeURIComponent);
    return { operation, path: Object.fromEntries(names.map((name, at) => [name, values[at]!])) };
  }

  /** The schema itself, where there was a reference to it. */
  resolve(schema: Schema): Schema {
    let found = schema ?? {};
    for (let steps = 0; typeof found.$ref === "string" && steps < 20; steps++) {
      found = { ...this.lookUp(found.$ref), ...withoutRef(found) };
    }
    return found;
  }

  /** A schema that stands alone: with everything that it refers to, for a validator. */
  whole(schema: Schema): Schema {
    const $defs: Record<string, Schema> = {};
    const names = new Map<string, string>();
    const copy = (part: Schema): Schema => {
      if (Array.isArray(part)) return part.map(copy);
      if (part === null || typeof part !== "object") return part;
      const { $ref, ...rest } = part;
      const copied = Object.fromEntries(
        Object.entries(rest).filter(([key]) => !WORDS.has(key))
          .map(([key, value]) => [key, copy(value)]),
      );
      return typeof $ref === "string" ? { ...copied, $ref: `#/$defs/${nameOf($ref)}` } : copied;
    };
    const nameOf = (ref: string): string => {
      const known = names.get(ref);
      if (known !== undefined) return known;
      const name = `d${names.size}`;
      names.set(ref, name);
      $defs[name] = copy(this.lookUp(ref));
      return name;
    };
    return { ...copy(schema), $defs };
  }
}

/** They say nothing to a validator, and some of them confuse it. */
const WORDS = new Set(["example", "examples", "externalDocs", "discriminator", "xml"]);

function withoutRef({ $ref: _, ...rest }: Schema): Schema {
  return rest;
}
