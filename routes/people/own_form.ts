/**
 * Forms of a signed-in person's own pages.
 *
 * @module
 */

import type { Context } from "hono";
import { parameters, readText } from "../http/body.ts";
import { formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { type Person, requirePerson } from "../http/session_cookie.ts";

const FORM_LIMIT = 16 * 1024;

/** What such a form says. */
export interface OwnForm {
  person: Person;
  /** Fields that are there once. */
  form: Record<string, string>;
  /** The boxes that were ticked, where there are several. */
  services: string[];
}

/** Goes into every form of a person's pages. */
export function ownToken({ secret, session: { subject } }: Person): string {
  return formToken(secret, subject);
}

/** A form that was sent by the person whose page it stood on. */
export async function readOwnForm(
  c: Context,
  deps: AppDeps,
  { severalServices = false } = {},
): Promise<OwnForm> {
  const person = await requirePerson(c, deps);
  const fields = new URLSearchParams(await readText(c.req.raw, FORM_LIMIT, deps.world));
  const services = fields.getAll("service");
  if (severalServices) fields.delete("service");
  const form = parameters(fields);
  const { secret: browser, session: { subject: purpose } } = person;
  requireOwnForm(c, deps.publicUrl, { browser, purpose, token: form.form_token });
  return { person, form, services };
}
