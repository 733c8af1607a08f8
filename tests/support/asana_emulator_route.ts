/**
 * How the emulated Asana answers: envelopes, the fields that were asked for, pages, refusals.
 *
 * https://developers.asana.com/docs/inputoutput-options
 *
 * @module
 */

import type { EmulatorContext } from "emulate";
import type { AsanaState, AsanaUser, Clock } from "./asana_emulator.ts";
import { Refused, signedIn } from "./asana_emulator_lookup.ts";

const PREFIX = "/api/1.0";

export type App = EmulatorContext<AsanaState>["app"];
type Handler = Parameters<App["get"]>[1];
type Context = Parameters<Handler>[0];
type Params = Record<string, string>;
// deno-lint-ignore no-explicit-any -- whatever a client sends
export type Fields = Record<string, any>;

/** Adds routes that ask for a scope, refuse as Asana does, and give the fields that were asked for. */
export function routesOf(app: App, state: AsanaState, now: Clock) {
  return function route(
    method: "get" | "post" | "put",
    path: string,
    scope: string,
    handle: (me: AsanaUser, params: Params, body: Fields, c: Context) => unknown,
  ): void {
    app[method](PREFIX + path, async (c) => {
      try {
        const me = signedIn(state, c.req.header("Authorization"), scope, now());
        const body = method === "get" ? {} : await c.req.json().catch(() => ({}));
        const answer = handle(me, c.req.param(), body.data ?? {}, c) as Fields;
        const fields = (c.req.query("opt_fields") ?? "name").split(",");
        const shown = { ...answer, data: selected(answer.data, fields) };
        return c.json(shown, method === "post" ? 201 : 200);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const help = "For more information on API status codes and how to handle them, read the " +
          "docs on errors: https://developers.asana.com/docs/errors";
        return c.json({ errors: [{ message: error.message, help }] }, error.status);
      }
    });
  };
}

/** Of an object what was asked for, and its id and kind in any case. */
function selected(data: unknown, fields: string[]): unknown {
  if (Array.isArray(data)) return data.map((one) => selected(one, fields));
  if (typeof data !== "object" || data === null) return data;
  const all = data as Fields;
  const shown: Fields = {};
  for (const name of ["gid", "resource_type"]) if (name in all) shown[name] = all[name];
  for (const name of new Set(fields.map((field) => field.split(".")[0]!))) {
    if (!(name in all)) continue;
    const inner = fields.filter((field) => field.startsWith(`${name}.`))
      .map((field) => field.slice(name.length + 1));
    // What is no object of its own comes whole.
    const isWhole = inner.length === 0 && !isObject(all[name]);
    shown[name] = isWhole ? all[name] : selected(all[name], inner);
  }
  return shown;
}

function isObject(value: unknown): boolean {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null && "gid" in one;
}

/** How many were asked for. */
export function limitOf(c: Context): number {
  const limit = Number(c.req.query("limit") ?? 100);
  if (!(limit >= 1 && limit <= 100)) throw new Refused(400, "limit: Must be between 1 and 100");
  return limit;
}

/** A page of a list, and where it goes on. */
export function pageOf(c: Context, items: unknown[], baseUrl: string) {
  const limit = limitOf(c);
  const offset = c.req.query("offset");
  const start = offset === undefined ? 0 : Number(/^offset_(\d+)$/.exec(atob(offset))?.[1]);
  if (Number.isNaN(start)) throw new Refused(400, "offset: Your pagination token is invalid.");
  const end = start + limit;
  const next = btoa(`offset_${end}`);
  const path = `${c.req.path.slice(PREFIX.length)}?limit=${limit}&offset=${next}`;
  return {
    data: items.slice(start, end),
    next_page: end < items.length ? { offset: next, path, uri: baseUrl + PREFIX + path } : null,
  };
}
