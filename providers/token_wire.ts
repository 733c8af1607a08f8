/**
 * What an authorization server sent, as members: JSON, or a form, whatever its
 * `Content-Type` calls it. Servers send forms as `text/plain`, JSON as
 * `text/html`, and errors in places of their own (seen up to November 2026).
 *
 * Nothing of it is quoted: it may hold tokens.
 *
 * @module
 */

import { parseJson } from "../broker/core/json.ts";

/** The members of an answer. */
export type Wire = Record<string, unknown>;

/** Names and values without anything that a form would have encoded: no page looks like this. */
const FORM = /^[A-Za-z_][\w.%[\]-]*=[^\s<>"'{}]*(&[A-Za-z_][\w.%[\]-]*=[^\s<>"'{}]*)*&?$/;

/** JSON or a form; `undefined` for whatever else it is, such as a firewall's page. */
export function wireOf(text: string): Wire | undefined {
  const trimmed = text.trim();
  try {
    const value: unknown = parseJson(trimmed);
    return typeof value === "object" && value !== null ? value as Wire : undefined;
  } catch {
    return FORM.test(trimmed) ? Object.fromEntries(new URLSearchParams(trimmed)) : undefined;
  }
}

/** A text, number or truth value by a path with dots: `errors.0.resource`. */
export function wordAt(wire: Wire, path: string): string | undefined {
  const found = Object.hasOwn(wire, path) ? wire[path] : valueAt(wire, path);
  return ["string", "number", "boolean"].includes(typeof found) ? String(found) : undefined;
}

/** A text or number inside of JSON, by a path with dots. */
export function memberOf(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" || typeof found === "number" ? String(found) : undefined;
}

/** What stands at a path with dots; the value itself where none is said. */
export function valueAt(value: unknown, path: string | undefined): unknown {
  return (path?.split(".") ?? []).reduce<unknown>(
    (at, name) => isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined,
    value,
  );
}

/** Where servers put their code, the standard's place first. */
const CODES = ["error", "error_code", "errorCode", "errorType", "code", "type", "name", "status"];

/** How many entries of a list of errors are looked at. */
const MOST_ERRORS = 5;

/**
 * All that may be the code of an error, the standard's place first: beside
 * `error` itself, what stands in it where it is an object, and in a list of
 * `errors` (Fitbit's `errorType`, seen November 2026).
 */
export function codesOf(wire: Wire): string[] {
  const { error, errors } = wire;
  const listed = Array.isArray(errors) ? errors.slice(0, MOST_ERRORS) : [];
  return [wire, error, ...listed].filter(isObject).flatMap((from) =>
    CODES.map((name) => from[name]).filter((word) => typeof word === "string" && word !== "")
  ) as string[];
}

/** Whether an answer says of itself that it is an error. */
export function saysError({ error, errors }: Wire): boolean {
  return (typeof error === "string" && error !== "") || isObject(error) ||
    (Array.isArray(errors) && errors.length > 0);
}

function isObject(value: unknown): value is Wire {
  return typeof value === "object" && value !== null;
}
