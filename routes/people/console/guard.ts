/**
 * Who may open the console, and change something in it: asked at every request.
 * To everybody else there is nothing at its addresses.
 *
 * @module
 */

import type { Context } from "hono";
import type { Actor } from "../../../broker/core/actor.ts";
import { readFormParts } from "../../../broker/core/bodies.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { get, post, type Route } from "../../http/area.ts";
import { parameters, readBytes } from "../../http/body.ts";
import { requireOwnForm } from "../../http/browser_cookie.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse, refuseHttp } from "../../http/errors.ts";
import { wordsFor } from "../../http/page_words.ts";
import { CONSOLE_KINDS, setSaid, takeSaid } from "../../http/said_cookie.ts";
import { type Person, personOf, requirePerson } from "../../http/session_cookie.ts";
import { ownToken } from "../own_form.ts";
import type { ConsoleFrame } from "./frame.tsx";

/** A form of the console, in bytes: a picture of 32 KB, and texts. */
export const CONSOLE_FORM_LIMIT = 128 * 1024;

/** An operator who looks. */
export interface Looking {
  person: Person;
  frame: ConsoleFrame;
  actor: Actor;
}

/** A page of the console. */
export function consoleGet(
  deps: AppDeps,
  path: string,
  show: (c: Context, looking: Looking) => Promise<Response>,
): Route {
  return get(path, async (c) => {
    const person = await personOf(c, deps);
    if (person === undefined) {
      const { pathname, search } = new URL(c.req.url);
      return c.redirect(`/sign-in?${new URLSearchParams({ return_to: pathname + search })}`, 303);
    }
    return await show(c, await looking(c, deps, person));
  });
}

/** What a form of the console says. */
export interface ConsoleForm {
  texts: Record<string, string>;
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** The version of the settings that the operator saw. */
  seen: string | null;
}

/** What a form of the console does. */
export interface Changing extends Looking {
  form: ConsoleForm;
  /** Back to a page, which says what came of it. */
  told(
    to: string,
    kind: typeof CONSOLE_KINDS[number],
    values?: Record<string, string>,
  ): Response;
}

/**
 * A form of the console that changes something: sent by its own page, meant, and by a sign-in that
 * is fresh. `back` is where the form stands.
 */
export function consolePost(
  deps: AppDeps,
  path: string,
  back: (form: Record<string, string>, c: Context) => string,
  change: (c: Context, changing: Changing) => Promise<Response>,
): Route {
  return post(path, async (c) => {
    const { person, form } = await readConsoleForm(c, deps);
    const looks = await looking(c, deps, person);
    const returnTo = back(form.texts, c);
    if (!deps.gateway.isFresh(person.session)) {
      const { stalePage } = await import("./setup.tsx");
      return c.html(stalePage({ words: looks.frame.words, returnTo }), 403);
    }
    const told: Changing["told"] = (to, kind, values = {}) => {
      setSaid(c, deps, { kind, values, at: deps.world.now() });
      return c.redirect(to, 303);
    };
    if (form.texts.sure !== "yes") return told(returnTo, "notSure");
    try {
      return await change(c, { ...looks, form, told });
    } catch (error) {
      const isLate = error instanceof Refusal && error.reason.code === "settings_changed";
      if (isLate) return told(returnTo, "faster");
      throw error;
    }
  });
}

/** A form that only asks for something, such as a try. */
export function consoleAsk(
  deps: AppDeps,
  path: string,
  ask: (c: Context, looking: Looking & { form: ConsoleForm }) => Promise<Response>,
): Route {
  return post(path, async (c) => {
    const { person, form } = await readConsoleForm(c, deps);
    return await ask(c, { ...await looking(c, deps, person), form });
  });
}

async function looking(c: Context, deps: AppDeps, person: Person): Promise<Looking> {
  const { session } = person;
  // Whoever is no operator is told what strangers are told of any address.
  if (!deps.gateway.isOperator(session)) refuseHttp({ code: "not_found" });
  return {
    person,
    frame: {
      words: await wordsFor(c),
      here: { label: session.label, at: "console", isOperator: true },
      formToken: ownToken(person),
      said: c.req.method === "GET" ? takeSaid(c, deps, CONSOLE_KINDS) : undefined,
    },
    actor: { kind: "operator", id: session.subject },
  };
}

async function readConsoleForm(
  c: Context,
  deps: AppDeps,
): Promise<{ person: Person; form: ConsoleForm }> {
  const person = await requirePerson(c, deps);
  const bytes = await readBytes(c.req.raw, CONSOLE_FORM_LIMIT, deps.world);
  const type = c.req.header("Content-Type") ?? "";
  const parts = type.startsWith("multipart/form-data")
    ? await readFormParts(bytes, type)
    : { texts: new URLSearchParams(new TextDecoder().decode(bytes)), files: new Map() };
  if (parts === null) return refuse({ code: "invalid_request", detail: "The form is malformed." });
  const texts = parameters(parts.texts);
  const { secret: browser, session: { subject: purpose } } = person;
  requireOwnForm(c, deps.publicUrl, { browser, purpose, token: texts.form_token });
  const seen = texts.seen === undefined || texts.seen === "" ? null : texts.seen;
  return { person, form: { texts, files: parts.files, seen } };
}
