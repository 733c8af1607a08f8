/**
 * The console's page of one person, and what an operator does for them.
 *
 * @module
 */

import type { Context } from "hono";
import { type ConnectTrail, referenceIn } from "../../../broker/core/connect_trail.ts";
import { partsOf, REALM, type Subject, subjectOf } from "../../../broker/core/subject.ts";
import type { Route } from "../../http/area.ts";
import { queryOf } from "../../http/body.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse } from "../../http/errors.ts";
import { sayText } from "../../http/page/words/say.ts";
import { titlesOf } from "../titles.ts";
import { activityRows, serviceTitle } from "../activity_rows.ts";
import { askSure, consoleGet as getAny, consolePost as postAny, type Looking } from "./guard.ts";
import type { FoundConnect, ShownConnect } from "./connects.tsx";
import type { Looked } from "./people.tsx";

const PEOPLE = "/console/people";
/** Lines of a person's activity on that page. */
const SHOWN = 50;
/** Connects of a person on that page. */
const SHOWN_CONNECTS = 10;

/** Not for the first set-up: these are about people. */
const consoleGet = (...[deps, path, show]: Parameters<typeof getAny>) =>
  getAny(deps, path, show, { forOperators: true });
const consolePost = (...[deps, path, back, change]: Parameters<typeof postAny>) =>
  postAny(deps, path, back, change, { forOperators: true });

/** Its routes. */
export function peopleConsoleRoutes(deps: AppDeps): Route[] {
  const { broker, gateway } = deps;
  const page = (of: Record<string, string>) => `${PEOPLE}?${new URLSearchParams(pick(of))}`;
  const sure = (
    c: Context,
    looking: Looking,
    { fields, ...asks }: { title: string; text: string; button: string; fields: string[] },
  ) => {
    const query = queryOf(c.req.raw);
    return askSure(c, looking, {
      part: "people",
      ...asks,
      fields: Object.fromEntries(
        ["realm", "id", ...fields].map((name) => [name, query[name] ?? ""]),
      ),
      back: page(query),
    });
  };

  return [
    consoleGet(deps, PEOPLE, async (c, looking) => {
      const { realm, id, reference } = queryOf(c.req.raw);
      if (reference !== undefined) return await showConnect(c, deps, looking, reference);
      const looked = realm === undefined || id === undefined
        ? undefined
        : await lookUp(deps, personIn(realm, id));
      return await show(c, deps, looking, looked);
    }),

    consolePost(deps, `${PEOPLE}/link`, page, async (c, looking) => {
      const { realm = "", id = "", service = "" } = looking.form.texts;
      const subject = personIn(realm, id);
      const target = broker.resolve(service);
      const { url } = await broker.createLink({ subject, actor: looking.actor, target, service });
      const looked = await lookUp(deps, subject);
      return await show(c, deps, looking, { ...looked, link: url });
    }),

    consoleGet(deps, `${PEOPLE}/disconnect`, async (c, looking) => {
      const { console } = looking.frame.words;
      const { realm = "", id = "", provider, account } = queryOf(c.req.raw);
      const found = (await broker.connections(personIn(realm, id)))
        .find((one) => one.provider === provider && one.account === account);
      if (found === undefined) return c.redirect(page({ realm, id }), 303);
      return await sure(c, looking, {
        title: sayText(console.disconnectTitle, { account: found.label, user: id }),
        text: sayText(looking.frame.words.disconnect.what, {
          provider: deps.providers.get(found.provider)?.title ?? found.provider,
        }),
        button: console.disconnect,
        fields: ["provider", "account"],
      });
    }),

    consolePost(deps, `${PEOPLE}/disconnect`, page, async (_, { form, actor, told }) => {
      const { realm = "", id = "", provider: service = "", account = "" } = form.texts;
      await broker.disconnect({ subject: personIn(realm, id), actor, service, account });
      return told(page({ realm, id }), "disconnected", { account });
    }),

    consoleGet(deps, `${PEOPLE}/end-grant`, async (c, looking) => {
      const { console } = looking.frame.words;
      const { realm = "", id = "", grant } = queryOf(c.req.raw);
      const found = (await gateway.grants(personIn(realm, id))).find((one) => one.id === grant);
      if (found === undefined) return c.redirect(page({ realm, id }), 303);
      return await sure(c, looking, {
        title: sayText(console.endGrantTitle, { app: found.name, user: id }),
        text: looking.frame.words.apps.endWhat,
        button: console.endGrant,
        fields: ["grant"],
      });
    }),

    consolePost(deps, `${PEOPLE}/end-grant`, page, async (_, { form, actor, told }) => {
      const { realm = "", id = "", grant = "" } = form.texts;
      const subject = personIn(realm, id);
      const found = (await gateway.grants(subject)).find((one) => one.id === grant);
      await gateway.endGrant(subject, grant, actor);
      return told(page({ realm, id }), "grantEnded", { app: found?.name ?? "" });
    }),

    consoleGet(deps, `${PEOPLE}/delete`, async (c, looking) => {
      const { console } = looking.frame.words;
      const { id = "" } = queryOf(c.req.raw);
      return await sure(c, looking, {
        title: sayText(console.deleteTitle, { user: id }),
        text: console.deleteWhat,
        button: sayText(console.deleteUser, { user: id }),
        fields: [],
      });
    }),

    consolePost(deps, `${PEOPLE}/delete`, page, async (_, { form, actor, told }) => {
      const { realm = "", id = "" } = form.texts;
      await deps.broker.erase({ subject: personIn(realm, id), actor });
      return told(PEOPLE, "deletedUser", { user: id });
    }),
  ];
}

/** Who is named there; nobody acts for subjects of our own making, such as held imports. */
function personIn(realm: string, id: string): Subject {
  if (REALM.test(realm)) return subjectOf(realm, id);
  return refuse({ code: "invalid_request", detail: "realm: no app and no provider is called so." });
}

async function show(
  c: Context,
  { settings, gateway }: AppDeps,
  { frame }: Looking,
  looked: Looked | undefined,
  found?: FoundConnect,
): Promise<Response> {
  const { apps } = await settings.view();
  const { peoplePage } = await import("./people.tsx");
  const realms = [
    ...apps.map(({ realm, name }) => ({ name: realm, title: name ?? realm })),
    ...gateway.signInServers.map(({ name, title }) => ({ name, title })),
  ];
  return c.html(peoplePage({ ...frame, realms, looked, found }));
}

/** One connect, by what a page has shown to somebody. Nothing else of that person is shown with it. */
async function showConnect(
  c: Context,
  deps: AppDeps,
  looking: Looking,
  said: string,
): Promise<Response> {
  const reference = referenceIn(said);
  const trail = reference === undefined ? undefined : await deps.activity.trail(reference);
  const connect = trail && connectOf(deps, trail);
  return await show(c, deps, looking, undefined, { said, connect });
}

function connectOf(deps: AppDeps, trail: ConnectTrail): ShownConnect {
  const { provider } = trail;
  return {
    trail,
    title: serviceTitle(deps, trail) ?? provider,
    provider: deps.providers.get(provider)?.title ?? provider,
    callback: `${deps.publicUrl}/callback/${provider}`,
  };
}

async function lookUp(deps: AppDeps, subject: Subject): Promise<Looked> {
  const { broker, gateway, providers } = deps;
  const { realm, userId } = partsOf(subject);
  const [connections, grants, sessionTokens, entries, { trails, areAll }] = await Promise.all([
    broker.connections(subject),
    gateway.grants(subject),
    gateway.sessionTokens(subject),
    deps.activity.page(subject, { limit: SHOWN }),
    deps.activity.trails(subject),
  ]);
  return {
    realm,
    userId,
    isNobody: connections.length + grants.length + sessionTokens.length +
        entries.entries.length + trails.length === 0,
    connects: trails.slice(0, SHOWN_CONNECTS).map((trail) => connectOf(deps, trail)),
    areAllConnects: areAll && trails.length <= SHOWN_CONNECTS,
    connections: connections.map((each) => {
      const server = providers.get(each.provider)!;
      return { ...each, providerTitle: server.title, titles: titlesOf(server, each.services) };
    }),
    grants,
    sessionTokens: sessionTokens.length,
    activity: activityRows(deps, entries.entries),
    linkable: broker.services(undefined).map(({ name, title }) => ({ name, title })),
  };
}

function pick({ realm = "", id = "" }: Record<string, string>) {
  return { realm, id };
}
