/**
 * The people of a Slack workspace.
 *
 * https://docs.slack.dev/reference/methods/users.list
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { enumerate, oneLine, shorten, shortLine } from "../text.ts";
import { call, cursorOf, Paged, readable } from "./api.ts";
import { eachTeam, joined } from "./teams.ts";

/** Slack has no search for people: its list is gone through, up to this many pages of this size. */
const PAGE = 999;
const MAX_PAGES = 5;
export const NAME_LENGTH = 80;
/** Slack's own helper is listed in every workspace, and not marked as a bot. */
const SLACKBOT = "USLACKBOT";

const text = z.string().nullish();
const flag = z.boolean().nullish();
/** Slack's are eleven characters long. */
const id = z.string().min(1).max(64);
const User = z.object({
  id,
  name: text,
  real_name: text,
  deleted: flag,
  is_bot: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
  tz: text,
  profile: z.object({
    real_name: text,
    display_name: text,
    email: text,
    title: text,
  }).nullish(),
});
/** A person, or an app. */
export type User = z.output<typeof User>;
const UserPage = z.object({ members: z.array(z.unknown()), ...Paged.shape });
const UserAnswer = z.object({ user: User });

/** What a person is called. */
export function nameOf({ id, name, real_name, profile }: User): string {
  return shortLine(
    profile?.real_name || real_name || profile?.display_name || name || id,
    NAME_LENGTH,
  );
}

/** What is to be known of an account beside its name. */
export function statusOf(user: User): string | undefined {
  if (user.deleted) return "deactivated";
  if (user.is_stranger) return "another workspace";
  return user.is_restricted || user.is_ultra_restricted ? "guest" : undefined;
}

/** The names of some people, by id; those that Slack does not give are left out. */
export interface FoundNames {
  names: Map<string, string>;
  /** Names have not been granted. */
  isDenied: boolean;
}

/** A name that cannot be had is no reason to keep messages back. */
export async function namesOf(api: ApiClient, ids: string[]): Promise<FoundNames> {
  const names = new Map<string, string>();
  let isDenied = false;
  const look = async (id: string) => {
    try {
      const user = await personById(api, id);
      names.set(id, user.deleted ? `${nameOf(user)} (deactivated)` : nameOf(user));
    } catch (error) {
      if (!(error instanceof ApiError) || error.fault.kind === "unauthorized") throw error;
      isDenied ||= error.fault.kind === "missing_scope";
    }
  };
  // Where names have not been granted, Slack is not asked for each.
  const [first, ...others] = ids;
  if (first !== undefined) await look(first);
  if (!isDenied) await Promise.all(others.map(look));
  return { names, isDenied };
}

/** https://docs.slack.dev/reference/methods/users.info */
async function personById(api: ApiClient, user: string): Promise<User> {
  const request = { query: { user }, isOptional: true };
  return (await call(api, "users.info", UserAnswer, request)).user;
}

/** https://docs.slack.dev/reference/methods/users.lookupByEmail */
export async function personByEmail(api: ApiClient, email: string): Promise<User | undefined> {
  try {
    return (await call(api, "users.lookupByEmail", UserAnswer, { query: { email } })).user;
  } catch (error) {
    if (error instanceof ApiError && error.fault.kind === "not_found") return undefined;
    throw error;
  }
}

/** Everybody, as far as they were looked through. */
export interface Everybody {
  people: User[];
  /** False where the workspace is too large. */
  isAll: boolean;
  /** How many accounts were looked through. */
  looked: number;
}

/** The people of one call; the list is fetched once, when somebody is looked for by name. */
export class Directory {
  #everybody: Promise<Everybody> | undefined;

  constructor(readonly api: ApiClient) {}

  everybody(): Promise<Everybody> {
    return this.#everybody ??= listPeople(this.api);
  }

  /**
   * Whom a name, an e-mail address or an id means.
   *
   * @throws {ApiError} where that is nobody, or more than one.
   */
  async find(wanted: string): Promise<User> {
    const id = /^(?:<@)?([UW](?=[A-Z]*\d)[A-Z0-9]{2,20})(?:\|[^<>]*)?>?$/.exec(wanted.trim())?.[1];
    if (id !== undefined) return await this.#findById(id);
    const name = wanted.trim().replace(/^@/, "");
    if (fold(name) === "me") return await this.#me();
    if (isEmail(name)) {
      const found = await personByEmail(this.api, name);
      if (found === undefined) throw notFound(`Slack has nobody with the address ${name}.`);
      return found;
    }
    const everybody = await this.everybody();
    return oneOf(wanted, everybody);
  }

  /** https://docs.slack.dev/reference/methods/auth.test */
  async #me(): Promise<User> {
    const { user_id } = await call(this.api, "auth.test", z.object({ user_id: id }));
    return await this.#findById(user_id);
  }

  async #findById(id: string): Promise<User> {
    try {
      // Of an organisation Slack may answer by the other id that somebody has there.
      return { ...await personById(this.api, id), id };
    } catch (error) {
      // The id says who is meant; the name is only nice to know.
      if (error instanceof ApiError && error.fault.kind === "missing_scope") return { id };
      throw error;
    }
  }
}

/** Whether somebody is looked for by e-mail address. */
export function isEmail(text: string): boolean {
  return z.email().safeParse(text.trim()).success;
}

async function listPeople(api: ApiClient): Promise<Everybody> {
  const { answers, isAll } = await eachTeam(api, (team) => peopleOfTeam(api, team));
  return {
    people: joined(answers.map(({ people }) => people)),
    isAll: isAll && answers.every((answer) => answer.isAll),
    looked: answers.reduce((sum, { looked }) => sum + looked, 0),
  };
}

async function peopleOfTeam(api: ApiClient, team: string | undefined): Promise<Everybody> {
  const people: User[] = [];
  let looked = 0;
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await call(api, "users.list", UserPage, {
      query: { limit: PAGE, cursor, team_id: team },
    });
    looked += page.members.length;
    people.push(...readable(page.members, User).items.filter(isPerson));
    cursor = cursorOf(page);
    if (cursor === undefined) return { people, isAll: true, looked };
  }
  return { people, isAll: false, looked };
}

function isPerson({ id, is_bot }: User): boolean {
  return !is_bot && id !== SLACKBOT;
}

/**
 * Who of the list is called so. A whole name goes before a part of one: the first and last name, or
 * a handle that is given as `@ana`. Ana alone is no whole name, though somebody may call themselves
 * just that, and get what was meant for another Ana.
 */
function oneOf(wanted: string, { people, isAll, looked }: Everybody): User {
  const name = wanted.trim().replace(/^@/, "");
  const words = wordsIn(name);
  const fitting = words.length === 0 ? [] : people.filter((user) => fits(user, words));
  const active = fitting.filter(({ deleted }) => !deleted);
  const isWhole = wanted.trim().startsWith("@") || words.length > 1;
  const called = active.filter((user) => namesOfUser(user).some((own) => own === fold(name)));
  const exact = isWhole || called.length === active.length ? called : [];
  const [first, ...others] = exact.length > 0 ? exact : active;
  if (first !== undefined && others.length === 0 && (exact.length > 0 || isAll)) return first;
  if (first === undefined && fitting[0] !== undefined) {
    throw notFound(`${nameOf(fitting[0])}'s Slack account has been deactivated.`);
  }
  const limit = isAll ? "" : ` Only ${looked} accounts were looked through.`;
  if (first === undefined) throw notFound(`Slack has nobody called ${name}.${limit}`);
  const list = enumerate([first, ...others].map((user) => `${speakPerson(user)} (${user.id})`));
  throw invalid(`Several people in Slack could be ${name}: ${list}. Which one?${limit}`);
}

/** All that somebody is called, folded. */
function namesOfUser({ name, real_name, profile }: User): string[] {
  return [name, real_name, profile?.real_name, profile?.display_name]
    .filter((own) => typeof own === "string").map(fold);
}

/** The words of a name that is looked for. */
export function wordsIn(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

/** Whether all the words are in what somebody is called. */
export function fits(user: User, words: string[]): boolean {
  const names = namesOfUser(user).join(" ");
  return words.every((word) => names.includes(word));
}

/** Without case and accents: people are looked for as they sound. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** `Zoë Díaz, Designer, guest` */
export function speakPerson(user: User): string {
  const title = oneLine(user.profile?.title ?? "");
  return [nameOf(user), shorten(title, 60), statusOf(user)].filter(Boolean).join(", ");
}
