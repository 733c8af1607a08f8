/**
 * What a vendor's TypeScript declarations say, as schemas. Some vendors publish
 * nothing else that a machine can read.
 *
 * @module
 */

import ts from "typescript";
import type { Schema } from "./description.ts";

/** The language's own types come with TypeScript. */
const LIBRARY = ts.sys.getExecutingFilePath().replace(/[^/]*$/, "");
/** `- "confirmed" - The event is confirmed.` */
const VALUE = /^\s*-\s+"([^"]+)"/gm;

/** Reads declarations; packages that they import are looked for in `paths`, and are else unknown. */
export class Types {
  readonly checker: ts.TypeChecker;
  readonly #program: ts.Program;
  #refs = new Map<string, ts.Type>();
  #ids = new Map<ts.Type, string>();
  #schemas = new Map<string, Schema>();

  constructor(files: URL[], paths: Record<string, URL> = {}) {
    const options: ts.CompilerOptions = {
      lib: ["lib.es2022.d.ts"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      paths: Object.fromEntries(
        Object.entries(paths).map(([name, file]) => [name, [file.pathname]]),
      ),
    };
    const host = ts.createCompilerHost(options);
    host.getDefaultLibLocation = () => LIBRARY;
    const rootNames = files.map(({ pathname }) => decodeURIComponent(pathname));
    this.#program = ts.createProgram({ rootNames, options, host });
    this.checker = this.#program.getTypeChecker();
  }

  /** The parsed file. */
  file(url: URL): ts.SourceFile {
    const found = this.#program.getSourceFile(decodeURIComponent(url.pathname));
    if (found === undefined) throw new Error(`${url} is not there`);
    return found;
  }

  /** What a type allows. Objects are named: their members are looked up when they are asked for. */
  schemaOf(type: ts.Type): Schema {
    const { checker } = this;
    if (type.isUnion()) return this.#union(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { enum: [type.value] };
    const { flags } = type;
    if (flags & ts.TypeFlags.BooleanLiteral) {
      return { enum: [checker.typeToString(type) === "true"] };
    }
    if (flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { type: "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    // `string & {}`, which stands for any string beside some well-known ones.
    if (type.isIntersection()) {
      const plain = type.types.find((part) => part.flags & ts.TypeFlags.StringLike);
      if (plain !== undefined) return { type: "string" };
    }
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: "array", items: item === undefined ? {} : this.schemaOf(item) };
    }
    if (!(flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return {};
    if (type.getCallSignatures().length > 0) return {};
    const id = this.#ids.get(type) ?? `#${this.#ids.size}`;
    this.#ids.set(type, id);
    this.#refs.set(id, type);
    return { $ref: id };
  }

  /** Where a reference leads. */
  lookUp = (ref: string): Schema => {
    const known = this.#schemas.get(ref);
    if (known !== undefined) return known;
    const schema = this.#object(this.#refs.get(ref)!);
    this.#schemas.set(ref, schema);
    return schema;
  };

  #union(types: ts.Type[]): Schema {
    const parts = types.filter(({ flags }) =>
      !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void))
    );
    const nullable = types.some(({ flags }) => flags & ts.TypeFlags.Null) ? { nullable: true } : {};
    const bools = parts.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    const literals = parts.flatMap((part) =>
      part.isStringLiteral() || part.isNumberLiteral() ? [part.value] : []
    );
    const rest = parts.filter((part) =>
      !part.isStringLiteral() && !part.isNumberLiteral() && !bools.includes(part)
    );
    const schemas = [
      ...rest.map((part) => this.schemaOf(part)),
      ...(literals.length > 0 ? [{ enum: literals }] : []),
      ...(bools.length === 2 ? [{ type: "boolean" }] : bools.map((one) => this.schemaOf(one))),
    ];
    const [only] = schemas;
    return schemas.length === 1 ? { ...only, ...nullable } : { anyOf: schemas, ...nullable };
  }

  #object(type: ts.Type): Schema {
    const { checker } = this;
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const member of checker.getPropertiesOfType(type)) {
      const schema = this.schemaOf(checker.getTypeOfSymbol(member));
      properties[member.name] = { ...schema, ...this.#said(member, schema) };
      if (!(member.flags & ts.SymbolFlags.Optional)) required.push(member.name);
    }
    const [index] = checker.getIndexInfosOfType(type);
    return {
      type: "object",
      properties: Object.keys(properties).length === 0 && index ? undefined : properties,
      required,
      additionalProperties: index === undefined ? undefined : this.schemaOf(index.type),
    };
  }

  /** What stands in the comment of a member only. */
  #said(member: ts.Symbol, schema: Schema): Schema {
    const description = ts.displayPartsToString(member.getDocumentationComment(this.checker));
    const deprecated = member.getJsDocTags().some(({ name }) => name === "deprecated");
    const values = /values are/i.test(description) && schema.type === "string"
      ? [...description.matchAll(VALUE)].map(([, value]) => value)
      : [];
    return {
      description,
      ...(deprecated ? { deprecated } : {}),
      ...(values.length > 1 ? { enum: values } : {}),
      ...(/RFC ?3339 timestamp/.test(description) && schema.type === "string"
        ? { format: "date-time" }
        : {}),
    };
  }
}
