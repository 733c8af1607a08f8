/**
 * Linear's GraphQL schema, from the declarations that its client was generated
 * with: the schema itself is in no package.
 *
 * https://github.com/linear/linear/tree/master/packages/sdk
 *
 * @module
 */

import ts from "typescript";

/** Their members are read as GraphQL's own. */
const BUILT_IN = ["ID", "String", "Boolean", "Int", "Float"];

/** What stands in a declaration file. */
interface Declared {
  types: Map<string, ts.TypeNode>;
  enums: Map<string, string[]>;
}

/** GraphQL's schema definition language. */
export function definitionsOf(code: string): string {
  const declared = declarationsIn(code);
  const { types, enums } = declared;
  const inputs = reachable(types, [...types.keys()].filter((name) => name.endsWith("Args")));
  const objects = reachable(types, ["Query", "Mutation"]);
  // An interface has no name of its own at run time.
  const isInterface = (name: string) =>
    objects.has(name) && !inputs.has(name) && partsOf(types.get(name)).length > 0 &&
    !partsOf(types.get(name)).some((part) =>
      part.members.some((one) => nameOf(one) === "__typename")
    );
  const lines: string[] = [];
  for (const name of scalarsIn(types)) {
    if (!BUILT_IN.includes(name)) lines.push(`scalar ${name}`);
  }
  for (const [name, values] of enums) lines.push(`enum ${name} { ${values.join(" ")} }`);
  for (const [name, node] of types) {
    if (inputs.has(name) && !name.endsWith("Args")) {
      lines.push(`input ${name} {\n${membersOf(node).join("\n")}\n}`);
    } else if (objects.has(name)) {
      if (ts.isUnionTypeNode(node)) {
        lines.push(`union ${name} = ${node.types.map((one) => one.getText()).join(" | ")}`);
        continue;
      }
      const above = aboveOf(node).filter(isInterface);
      const kind = isInterface(name) ? "interface" : "type";
      const as = above.length === 0 ? "" : ` implements ${above.join(" & ")}`;
      lines.push(`${kind} ${name}${as} {\n${fieldsOf(name, node, declared).join("\n")}\n}`);
    }
  }
  return lines.join("\n");
}

function declarationsIn(code: string): Declared {
  const file = ts.createSourceFile("linear.d.ts", code, ts.ScriptTarget.ESNext, true);
  const types = new Map<string, ts.TypeNode>();
  const enums = new Map<string, string[]>();
  for (const node of file.statements) {
    if (ts.isTypeAliasDeclaration(node) && node.typeParameters === undefined) {
      types.set(node.name.text, node.type);
    } else if (ts.isEnumDeclaration(node)) {
      const values = node.members.flatMap(({ initializer }) =>
        initializer !== undefined && ts.isStringLiteral(initializer) ? [initializer.text] : []
      );
      if (values.length > 0) enums.set(node.name.text, values);
    }
  }
  if (!types.has("Query")) throw new Error("@linear/sdk declares no Query");
  return { types, enums };
}

/** The literals of which `Node & { … }` is made. */
function partsOf(node: ts.TypeNode | undefined): ts.TypeLiteralNode[] {
  if (node === undefined) return [];
  if (ts.isTypeLiteralNode(node)) return [node];
  return ts.isIntersectionTypeNode(node) ? node.types.flatMap(partsOf) : [];
}

/** `Node` of `Node & { … }` */
function aboveOf(node: ts.TypeNode): string[] {
  if (!ts.isIntersectionTypeNode(node)) return [];
  return node.types.flatMap((one) => ts.isTypeReferenceNode(one) ? [one.getText()] : []);
}

function nameOf(member: ts.TypeElement): string {
  return member.name?.getText().replaceAll('"', "") ?? "";
}

function reachable(types: Map<string, ts.TypeNode>, from: string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const node = types.get(name);
    if (seen.has(name) || node === undefined || name === "Scalars") return;
    seen.add(name);
    const look = (inner: ts.Node): void => {
      if (ts.isTypeReferenceNode(inner)) visit(inner.typeName.getText());
      ts.forEachChild(inner, look);
    };
    look(node);
  };
  from.forEach(visit);
  return seen;
}

function scalarsIn(types: Map<string, ts.TypeNode>): string[] {
  return partsOf(types.get("Scalars")).flatMap(({ members }) => members.map(nameOf));
}

function membersOf(node: ts.TypeNode): string[] {
  return propertiesOf(node).map((member) =>
    `  ${nameOf(member)}: ${typeOf(member)}${oldOf(member)}`
  );
}

function propertiesOf(node: ts.TypeNode): ts.PropertySignature[] {
  return partsOf(node).flatMap(({ members }) => members.filter(ts.isPropertySignature))
    .filter((member) => nameOf(member) !== "__typename");
}

/** Each field with its arguments, which stand in `QueryIssuesArgs`. */
function fieldsOf(type: string, node: ts.TypeNode, { types }: Declared): string[] {
  return propertiesOf(node).map((member) => {
    const name = nameOf(member);
    const wanted = `${type}_${name}Args`.toLowerCase().replaceAll("_", "");
    const args = argumentsOf(types).get(wanted);
    const taken = args === undefined
      ? ""
      : `(${membersOf(args).map((one) => one.trim()).join(", ")})`;
    return `  ${name}${taken}: ${typeOf(member)}${oldOf(member)}`;
  });
}

const argumentTypes = new WeakMap<Map<string, ts.TypeNode>, Map<string, ts.TypeNode>>();

/** By a name without case: `issueVcsBranchSearch` is spelled `IssueVcsBranchSearch` in some and not in others. */
function argumentsOf(types: Map<string, ts.TypeNode>): Map<string, ts.TypeNode> {
  const known = argumentTypes.get(types);
  if (known !== undefined) return known;
  const all = new Map(
    [...types].filter(([name]) => name.endsWith("Args"))
      .map(([name, node]) => [name.toLowerCase().replaceAll("_", ""), node]),
  );
  argumentTypes.set(types, all);
  return all;
}

/** `Maybe<Array<Scalars["String"]>>` → `[String!]` */
function typeOf({ type, questionToken }: ts.PropertySignature): string {
  const written = typeText(type!);
  return questionToken === undefined ? written : written.replace(/!$/, "");
}

function typeText(node: ts.TypeNode): string {
  if (ts.isIndexedAccessTypeNode(node)) {
    // Newer generators tell what is read from what is sent: `Scalars["String"]["input"]`.
    const inner = ts.isIndexedAccessTypeNode(node.objectType) ? node.objectType : node;
    return `${inner.indexType.getText().replaceAll(/["']/g, "")}!`;
  }
  if (ts.isTypeReferenceNode(node)) {
    const [argument] = node.typeArguments ?? [];
    const name = node.typeName.getText();
    if (argument === undefined) return `${name}!`;
    const inner = typeText(argument);
    return /Maybe$/.test(name) ? inner.replace(/!$/, "") : `[${inner}]!`;
  }
  return "String!";
}

/** What is only for Linear's own programs is no more to be used than what goes away. */
function oldOf(member: ts.PropertySignature): string {
  const comment = ts.getJSDocCommentsAndTags(member).map((node) => node.getText()).join(" ");
  const why = /@deprecated|\[(Internal|Deprecated)\]/i.exec(comment)?.[0];
  return why === undefined ? "" : ` @deprecated(reason: "${why}")`;
}
