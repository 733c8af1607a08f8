/**
 * Whether the headers that a tool wants its arguments said in can be sent at
 * all (MCP 2026-07-28, `x-mcp-header`, SEP-2243). A tool that wants one that
 * cannot is to be left out by clients: a call of it would say less in its
 * headers than its server, or what stands before it, decides by.
 *
 * @module
 */

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Whose value is the same text for everybody. */
const TYPES: unknown[] = ["string", "integer", "boolean"];
const ANNOTATION = "x-mcp-header";
/** Tools are no deeper by then, see `isShallow`. */
const DEPTH = 64;

/** Whether every header that a schema names is one, has an argument that fits, and is named once. */
export function hasFitHeaders(schema: unknown): boolean {
  return isFit(schema, new Set(), DEPTH);
}

function isFit(schema: unknown, names: Set<string>, depth: number): boolean {
  const properties = membersOf(membersOf(schema)?.properties);
  if (properties === undefined || depth === 0) return true;
  return Object.values(properties).every((property) => {
    const members = membersOf(property);
    if (members === undefined || !(ANNOTATION in members)) {
      return isFit(property, names, depth - 1);
    }
    const header = members[ANNOTATION];
    if (typeof header !== "string" || !TOKEN.test(header) || !TYPES.includes(members.type)) {
      return false;
    }
    const name = header.toLowerCase();
    if (names.has(name)) return false;
    names.add(name);
    return true;
  });
}

function membersOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { ...value }
    : undefined;
}
