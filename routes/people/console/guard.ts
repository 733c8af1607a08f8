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
import { formToken, requireOwnForm } from "../../http/browser_cookie.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse, refuseHttp } from "../../http/errors.ts";
import { wordsFor } from "../../http/page_words.ts";
import { CONSOLE_KINDS, setSaid, takeSaid } from "../../http/said_cookie.ts";
import { type Person, personOf } from "../../http/session_cookie.ts";
import { type Settings, type SettingsChange, SETUP_ACTOR } from "../../../broker/core/settings.ts";
import { signInPath } from "../../http/sign_in_path.ts";
import { ownToken } from "../own_form.ts";
import { setupSecret } from "./setup_cookie.ts";
import type { ConsoleFrame, Part } from "./frame.tsx";

/** What forms of the first set-up are for. */
const SETUP = "console setup";

/** A form of the console, in bytes: a picture of 32 KB, and texts. */
export const CONSOLE_FORM_LIMIT = 128 * 1024;

/** An operator who looks, or whoever sets a new deployment up. */
export interface Looking {
  /** Absent in the first set-up, where nobody can sign in yet. */
  person?: Person | undefined;
  frame: ConsoleFrame;
  actor: Actor;
  /** Whether their word is fresh enough to change something by. */
  isFresh: boolean;
}

/** What a page is for. */
export interface Reserved {
  /** Not for the first set-up: it is about people. */
  forOperators?: boolean | undefined;
}

/** A page of the console. */
export function consoleGet(
  deps: AppDeps,
  path: string,
  show: (c: Context, looking: Looking) => Promise<Response>,
  reserved: Reserved = {},
): Route {
  return get(path, async (c) => {
    const viewer = await viewerOf(c, deps, reserved);
    if (viewer === undefined) {
      const { pathname, search } = new URL(c.req.url);
      return c.redirect(signInPath(pathname + search), 303);
    }
    return await show(c, await looking(c, deps, viewer));
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
  reserved: Reserved = {},
): Route {
  return post(path, async (c) => {
    const { looks, form } = await readConsoleForm(c, deps, reserved);
    const returnTo = back(form.texts, c);
    if (!looks.isFresh) {
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

/** Asks before something ends; the form is sent to where it stands. */
export async function askSure(
  c: Context,
  { frame }: Looking,
  asks: {
    part: Part;
    title: string;
    text: string;
    button: string;
    fields: Record<string, string>;
    back: string;
    seen?: string | null;
  },
): Promise<Response> {
  const { surePage } = await import("./frame.tsx");
  return c.html(surePage({ ...frame, ...asks, action: new URL(c.req.url).pathname }));
}

/** Changes settings, as far as nobody was faster, and says so at `to`. */
export function changesOf(settings: Settings) {
  return async ({ actor, form, told }: Changing, change: SettingsChange, to: string) => {
    await settings.change(actor, form.seen, change);
    return told(to, change.kind.endsWith("removed") ? "removed" : "saved");
  };
}

/** A form that only asks for something, such as a try. */
export function consoleAsk(
  deps: AppDeps,
  path: string,
  ask: (c: Context, looking: Looking & { form: ConsoleForm }) => Promise<Response>,
): Route {
  return post(path, async (c) => {
    const { looks, form } = await readConsoleForm(c, deps, { forOperators: true });
    return await ask(c, { ...looks, form });
  });
}

/** Who looks, by their cookie. */
type Viewer = { kind: "operator"; person: Person } | { kind: "setup"; secret: string };

/** `undefined`: nobody is signed in. Whoever is no operator is told what strangers are told of any address. */
async function viewerOf(
  c: Context,
  deps: AppDeps,
  { forOperators = false }: Reserved,
): Promise<Viewer | undefined> {
  const { gateway } = deps;
  const secret = setupSecret(c, deps);
  if (secret !== undefined && await gateway.isInSetup(secret)) {
    return forOperators ? refuseHttp({ code: "not_found" }) : { kind: "setup", secret };
  }
  const person = await personOf(c, deps);
  if (person === undefined) return undefined;
  if (!gateway.isOperator(person.session)) refuseHttp({ code: "not_found" });
  return { kind: "operator", person };
}

/** By now: another process may have taken it from them, or this one while the form came in. */
async function requireStill({ settings }: AppDeps, viewer: Viewer): Promise<void> {
  if (viewer.kind === "setup") return;
  if (!await settings.isOperator(viewer.person.session)) refuseHttp({ code: "not_found" });
}

async function looking(c: Context, deps: AppDeps, viewer: Viewer): Promise<Looking> {
  const words = await wordsFor(c);
  const said = c.req.method === "GET" ? takeSaid(c, deps, CONSOLE_KINDS) : undefined;
  const frame = { words, formToken: tokenOf(viewer), said };
  if (viewer.kind === "setup") {
    const here = { label: words.console.setupTitle, at: "console", isSetup: true } as const;
    return { frame: { ...frame, here }, actor: SETUP_ACTOR, isFresh: true };
  }
  const { person } = viewer;
  const { label, subject } = person.session;
  return {
    person,
    frame: { ...frame, here: { label, at: "console", isOperator: true } },
    actor: { kind: "operator", id: subject },
    isFresh: deps.gateway.isFresh(person.session),
  };
}

function tokenOf(viewer: Viewer): string {
  return viewer.kind === "setup" ? formToken(viewer.secret, SETUP) : ownToken(viewer.person);
}

async function readConsoleForm(
  c: Context,
  deps: AppDeps,
  reserved: Reserved,
): Promise<{ looks: Looking; form: ConsoleForm }> {
  const viewer = await viewerOf(c, deps, reserved) ?? refuse({ code: "sign_in_needed" });
  const bytes = await readBytes(c.req.raw, CONSOLE_FORM_LIMIT, deps.world);
  const type = c.req.header("Content-Type") ?? "";
  const parts = type.startsWith("multipart/form-data")
    ? await readFormParts(bytes, type)
    : { texts: new URLSearchParams(new TextDecoder().decode(bytes)), files: new Map() };
  if (parts === null) return refuse({ code: "invalid_request", detail: "The form is malformed." });
  const texts = parameters(parts.texts);
  const own = viewer.kind === "setup"
    ? { browser: viewer.secret, purpose: SETUP }
    : { browser: viewer.person.secret, purpose: viewer.person.session.subject };
  requireOwnForm(c, deps.publicUrl, { ...own, token: texts.form_token });
  await requireStill(deps, viewer);
  const seen = texts.seen === undefined || texts.seen === "" ? null : texts.seen;
  return { looks: await looking(c, deps, viewer), form: { texts, files: parts.files, seen } };
}
