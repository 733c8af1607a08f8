/**
 * The page behind a link to a service that is connected by an API key, or by a
 * client and its secret, and what comes of it. The secret comes in the body of
 * a form of ours, and goes nowhere but to its provider and into the vault: it
 * stands in no address, no page, no log line.
 *
 * @module
 */

import type { Context } from "hono";
import type { OpenedLink, PresentedLink } from "../../broker/broker.ts";
import type { Credential, Secret } from "../../broker/core/authorization_server.ts";
import { LONGEST_KEY, LONGEST_PARAM } from "../../broker/core/link_bounds.ts";
import type { Popup } from "../../broker/core/popup.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { AppDeps } from "../http/deps.ts";
import { asksOf, whereOf } from "./where.ts";
import { wordsFor } from "../http/page_words.ts";
import type { Catalogue } from "../http/page/words/en.ts";
import { scopesIn, scopeWordsIn } from "../http/page/words/scope_words.ts";
import type { AskingApp } from "./pages/asked.tsx";
import { marksOf, titleOf } from "./titles.ts";
import { goBack } from "./ending.ts";

/** Who is asked, and by whom. */
export interface Asked {
  words: Catalogue;
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: AskingApp | undefined;
  userId: string;
  /** Hidden in the form. */
  fields: Record<string, string | undefined>;
  popup?: Popup | undefined;
}

/** The form's fields. */
const WANTED = {
  api_key: [{ name: "key", secret: true }],
  client_credentials: [
    { name: "client_id", secret: false },
    { name: "client_secret", secret: true },
  ],
} as const;

/** The page that asks for the secret. */
export async function secretPage(
  c: Context,
  opened: OpenedLink,
  { kind, made }: Exclude<Credential, { kind: "oauth" | "found" }>,
  { words, app, userId, fields, popup }: Asked,
): Promise<Response> {
  const { link, server, scopes, meant } = opened;
  const inputs = WANTED[kind].map(({ name, secret }) => ({
    ...{ name, secret },
    title: words.connect.fields[name],
    longest: LONGEST_KEY,
  }));
  const asked = (await asksOf(opened, words)).map((each) => ({
    ...each,
    secret: false,
    longest: LONGEST_PARAM,
  }));
  const [how] = await scopeWordsIn(words, [made.how]);
  const { pasteSecretPage } = await import("./pages/paste_secret.tsx");
  return c.html(pasteSecretPage({
    words,
    app,
    userId,
    title: titleOf(server, link.services, words.lang),
    marks: marksOf(server, link.services),
    account: meant?.label,
    kind,
    shares: await scopesIn(words, server, scopes),
    where: await whereOf(opened, words),
    made: { ...made, how: how! },
    inputs: [...asked, ...inputs],
    action: `/auth/${link.service}`,
    fields,
    popup,
  }));
}

/** What a form of ours was sent with; what is around it was copied with it. */
export function secretIn(form: Record<string, string>): Secret | undefined {
  const { key, client_id, client_secret } = form;
  if (key !== undefined) return { kind: "api_key", key: key.trim() };
  if (client_id === undefined || client_secret === undefined) return undefined;
  const client = { id: client_id.trim(), secret: client_secret.trim() };
  return { kind: "client_credentials", client };
}

/** A secret was pasted into a form of ours, in the browser of `visitor`. */
export async function keepPasted(
  c: Context,
  { broker }: AppDeps,
  presented: PresentedLink,
  visitor: { browser: string; person: Subject | undefined; secret: Secret },
): Promise<Response> {
  const done = await broker.pasteSecret(presented, visitor);
  if (done.kind === "handed_off") return await goBack(c, done);
  const { connectedPage } = await import("./pages/connected.tsx");
  const { connection, server, services, label, missing, meant, againUrl } = done;
  const words = await wordsFor(c);
  return c.html(connectedPage({
    words,
    hasPage: visitor.person === connection.subject,
    title: titleOf(server, services, words.lang),
    provider: server.title,
    label,
    withheld: [],
    missing: await scopesIn(words, server, missing),
    meant: meant?.label,
    pasted: visitor.secret.kind === "api_key" ? "key" : "client",
    againUrl,
  }));
}
