/**
 * Google's scopes: what each service asks for, what each of them includes, and
 * what it is called. What one includes is what Google's descriptions of the
 * APIs say: every method that takes the one takes the other as well.
 *
 * https://developers.google.com/identity/protocols/oauth2/scopes
 *
 * @module
 */

import type { Service } from "../../broker/core/authorization_server.ts";

const AUTH = "https://www.googleapis.com/auth/";
const MAIL = "https://mail.google.com/";

const named = (...names: string[]): string[] => names.map((name) => AUTH + name);

/** What is asked for where nobody says a scope, and what opens something of the service beside it. */
export const services: Service[] = [
  {
    name: "gmail",
    title: "Gmail",
    scopes: named("gmail.modify"),
    moreScopes: [MAIL],
    readScopes: named("gmail.readonly"),
  },
  {
    name: "calendar",
    title: "Google Calendar",
    scopes: named("calendar.events", "calendar.readonly"),
    moreScopes: named("calendar"),
    readScopes: named("calendar.readonly"),
  },
  {
    name: "drive",
    title: "Google Drive",
    scopes: named("drive.file", "drive.readonly"),
    moreScopes: named("drive"),
    readScopes: named("drive.readonly"),
  },
];

/** In words for the person who is asked. */
export const scopeTitles: Record<string, string> = {
  [MAIL]: "Read, write, send and delete your mail for good",
  [`${AUTH}gmail.modify`]: "Read, write, send and label your mail",
  [`${AUTH}gmail.readonly`]: "Read your mail",
  [`${AUTH}gmail.metadata`]: "See who wrote to whom, when and about what, without your mail's text",
  [`${AUTH}gmail.send`]: "Send mail in your name",
  [`${AUTH}gmail.compose`]: "Write drafts and send mail",
  [`${AUTH}gmail.insert`]: "Add mail to your mailbox",
  [`${AUTH}gmail.labels`]: "See and change the labels of your mailbox",
  [`${AUTH}calendar`]: "See and change your calendars, and who may see them",
  [`${AUTH}calendar.readonly`]: "See your calendars",
  [`${AUTH}calendar.events`]: "See and change the events of your calendars",
  [`${AUTH}calendar.events.readonly`]: "See the events of your calendars",
  [`${AUTH}calendar.events.owned`]: "See and change the events of the calendars that you own",
  [`${AUTH}calendar.events.owned.readonly`]: "See the events of the calendars that you own",
  [`${AUTH}calendar.events.freebusy`]: "See when the calendars that you can open are busy",
  [`${AUTH}calendar.freebusy`]: "See when you are busy",
  [`${AUTH}calendar.calendarlist`]: "See and change your list of calendars",
  [`${AUTH}calendar.calendarlist.readonly`]: "See your list of calendars",
  [`${AUTH}drive`]: "See and change your files",
  [`${AUTH}drive.readonly`]: "See your files",
  [`${AUTH}drive.file`]: "See and change the files it makes",
  [`${AUTH}drive.metadata`]: "See and change what your files are called and where they are",
  [`${AUTH}drive.metadata.readonly`]: "See what your files are called and where they are",
};

/** Each under Google's own short name, and the services under theirs. */
export const scopeNames: Record<string, string[]> = {
  // A service's name means what the service asks for, and not all that Google has by that name.
  ...Object.fromEntries(services.map(({ name, scopes }) => [name, scopes])),
  ...Object.fromEntries(
    Object.keys(scopeTitles).map((scope) => [shortName(scope), [scope]]),
  ),
};

function shortName(scope: string): string {
  if (scope === MAIL) return "gmail.full";
  const name = scope.slice(AUTH.length);
  return services.some((service) => service.name === name) ? `${name}.full` : name;
}

/** A scope → those that it includes. */
export const impliedScopes: Record<string, string[]> = {
  [MAIL]: named("gmail.modify"),
  [`${AUTH}gmail.modify`]: named("gmail.readonly", "gmail.compose", "gmail.labels", "gmail.insert"),
  [`${AUTH}gmail.readonly`]: named("gmail.metadata"),
  [`${AUTH}gmail.compose`]: named("gmail.send"),
  [`${AUTH}calendar`]: named("calendar.readonly", "calendar.events", "calendar.calendarlist"),
  [`${AUTH}calendar.readonly`]: named(
    "calendar.events.readonly",
    "calendar.events.freebusy",
    "calendar.calendarlist.readonly",
  ),
  [`${AUTH}calendar.events`]: named("calendar.events.readonly", "calendar.events.owned"),
  [`${AUTH}calendar.events.readonly`]: named("calendar.events.owned.readonly"),
  [`${AUTH}calendar.events.owned`]: named("calendar.events.owned.readonly"),
  [`${AUTH}calendar.events.freebusy`]: named("calendar.freebusy"),
  [`${AUTH}calendar.calendarlist`]: named("calendar.calendarlist.readonly"),
  [`${AUTH}drive`]: named("drive.readonly", "drive.file", "drive.metadata"),
  [`${AUTH}drive.readonly`]: named("drive.metadata.readonly"),
  [`${AUTH}drive.metadata`]: named("drive.metadata.readonly"),
  // These two are requested by OpenID Connect's names, and come back by Google's.
  [`${AUTH}userinfo.email`]: ["email"],
  [`${AUTH}userinfo.profile`]: ["profile"],
};

/** Whether it is written as one of Google's. */
export function acceptsScope(scope: string): boolean {
  return /^https:\/\/(www\.googleapis\.com\/auth\/[a-z._-]{1,80}|mail\.google\.com\/)$/
    .test(scope);
}
