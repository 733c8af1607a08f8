/**
 * `GET /`: a signed-in person's page, and what its buttons do. What ends
 * something asks first, and says afterwards what came of it.
 *
 * @module
 */

import type { Context } from "hono";
import type { ConnectionView } from "../../broker/broker.ts";
import { personActor } from "../../broker/core/actor.ts";
import { narrow } from "../../broker/core/gateway_scopes.ts";
import { admit } from "../../broker/core/limits.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { shownName } from "../../broker/core/shown_name.ts";
import { get, post, type Route } from "../http/area.ts";
import { queryOf } from "../http/body.ts";
import { ensureBrowser } from "../http/browser_cookie.ts";
import { connectedIn } from "../http/connected_services.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse, refuseHttp } from "../http/errors.ts";
import type { Catalogue } from "../http/page/words/en.ts";
import { scopesIn } from "../http/page/words/scope_words.ts";
import { wordsFor } from "../http/page_words.ts";
import { HOME_KINDS, setSaid, takeSaid } from "../http/said_cookie.ts";
import { type Person, personOf, requirePerson } from "../http/session_cookie.ts";
import { isProgram } from "../http/wants_page.ts";
import { type Card, cardsOf, found, type ShownCard } from "./cards.ts";
import { ownToken, readOwnForm } from "./own_form.ts";
import { hereOf } from "./here.ts";
import { lastUseOf } from "./last_use.ts";
import type { TokensProps } from "./pages/tokens.tsx";
import { titlesOf } from "./titles.ts";

const LONGEST_NAME = 80;
/** Characters that somebody looks for. */
const LONGEST_QUERY = 100;

/** The page and its buttons. */
export function homeRoutes(deps: AppDeps): Route[] {
  const { broker, gateway, secure, world } = deps;
  const told = (c: Context, kind: typeof HOME_KINDS[number], values: Record<string, string>) => {
    setSaid(c, deps, { kind, values, at: world.now() });
    return c.redirect("/", 303);
  };

  return [
    get("/", async (c) => {
      const person = await personOf(c, deps);
      if (person !== undefined) return await home(c, deps, person);
      // A sign-in page tells an MCP client nothing.
      return isProgram(c.req.raw) ? refuseHttp({ code: "not_found" }) : c.redirect("/sign-in", 303);
    }),

    post("/dashboard/connect", async (c) => {
      const { person: { session: { subject } }, form } = await readOwnForm(c, deps);
      const { service = "", account } = form;
      const target = broker.resolve(service);
      const another = form.another === "yes";
      await admit(gateway.limits, [{ name: "connection", key: subject }]);
      const request = { subject, actor: personActor(subject), target, service, account, another };
      const to = await broker.connect(request, ensureBrowser(c, secure));
      return c.redirect(to.href, 303);
    }),

    post("/dashboard/default", async (c) => {
      const { person: { session: { subject } }, form } = await readOwnForm(c, deps);
      const { provider: service = "", account = "" } = form;
      const choice = { subject, actor: personActor(subject), service, account };
      const { label } = await broker.prefer(choice);
      return told(c, "preferred", { account: label });
    }),

    get("/dashboard/disconnect", async (c) => {
      const person = await requirePerson(c, deps);
      const connection = await connectionOf(deps, person, queryOf(c.req.raw));
      if (connection === undefined) return told(c, "gone", {});
      const { provider, account, label, services } = connection;
      const server = deps.providers.get(provider)!;
      const words = await wordsFor(c);
      const { disconnectPage } = await import("./pages/sure.tsx");
      return c.html(disconnectPage({
        words,
        provider: server.title,
        label,
        services: titlesOf(server, services),
        fields: { provider, account },
        formToken: ownToken(person),
      }));
    }),

    post("/dashboard/disconnect", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      const connection = await connectionOf(deps, person, form);
      // It was pressed twice, or in another window.
      if (connection === undefined) return told(c, "gone", {});
      const { provider: service, account, label } = connection;
      const { subject } = person.session;
      const choice = { subject, actor: personActor(subject), service, account };
      const done = await unlessGone(broker.disconnect(choice));
      if (done === undefined) return told(c, "gone", {});
      const provider = deps.providers.get(service)!.title;
      // It is used elsewhere, and only forgotten here.
      if (connection.status === "moved") return told(c, "forgotten", { account: label });
      const kind = done.revocation.kind === "revoked" ? "revoked" : "deleted";
      return told(c, kind, { provider, account: label });
    }),

    post("/dashboard/tokens", async (c) => {
      const { person, form, services } = await readOwnForm(c, deps, { severalServices: true });
      const name = shownName(form.name ?? "", "");
      const all = gateway.services.map(({ name }) => name);
      const scopes = narrow(all, services, form.access !== "full");
      if (name === "" || name.length > LONGEST_NAME || scopes.length === 0) {
        refuse({ code: "invalid_request", detail: "A token needs a name and a service." });
      }
      const request = { name, scopes, once: form.once ?? "" };
      const token = await gateway.createPersonalToken(person.session, request);
      return await home(c, deps, person, token === undefined ? "shown_before" : { token });
    }),

    get("/dashboard/grants/:what{narrow|end}", async (c) => {
      const person = await requirePerson(c, deps);
      const { id = "" } = queryOf(c.req.raw);
      const grant = (await gateway.grants(person.session.subject)).find((each) => each.id === id);
      if (grant === undefined) return c.redirect("/", 303);
      const words = await wordsFor(c);
      const props = { words, name: grant.name, fields: { id }, formToken: ownToken(person) };
      const { endGrantPage, narrowPage } = await import("./pages/sure.tsx");
      if (c.req.param("what") === "end") return c.html(endGrantPage(props));
      const { scopes } = grant;
      return c.html(narrowPage({ ...props, scopes, services: gateway.services }));
    }),

    post("/dashboard/grants/:what{narrow|end}", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      const { subject } = person.session;
      const { id = "", ...rest } = form;
      const grant = (await gateway.grants(subject)).find((each) => each.id === id);
      // It ended in another window.
      if (grant === undefined) return c.redirect("/", 303);
      if (c.req.param("what") === "end") {
        await gateway.endGrant(subject, id);
        return told(c, "ended", { app: grant.name });
      }
      const wanted = Object.entries(rest)
        .flatMap(([field, access]) =>
          !field.startsWith("access:") || access === "none"
            ? []
            : [field.slice("access:".length) + (access === "full" ? "" : ":read")]
        );
      const app = await gateway.narrowGrant(subject, id, wanted);
      if (app !== undefined) return told(c, "narrowed", { app });
      const words = await wordsFor(c);
      return refuse({ code: "invalid_request", detail: words.apps.narrowNothing });
    }),

    post("/dashboard/branches/end", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      await gateway.endBranch(person.session.subject, form.id ?? "", form.branch ?? "");
      return c.redirect("/", 303);
    }),
  ];
}

/** One of a person's connections, as a form or an address names it. */
async function connectionOf(
  { broker }: AppDeps,
  { session: { subject } }: Person,
  { provider, account }: Record<string, string>,
): Promise<ConnectionView | undefined> {
  const all = await broker.connections(subject);
  return all.find((each) => each.provider === provider && each.account === account);
}

/** `undefined` where somebody else was first. */
async function unlessGone<T>(ending: Promise<T>): Promise<T | undefined> {
  try {
    return await ending;
  } catch (error) {
    const code = error instanceof Refusal ? error.reason.code : undefined;
    if (code === "not_connected" || code === "unknown_account") return undefined;
    throw error;
  }
}

/** Cards with what is shared in words, in the language of the page. */
async function cardsIn(
  words: Catalogue,
  { providers }: AppDeps,
  cards: Card[],
): Promise<ShownCard[]> {
  return await Promise.all(cards.map(async (card) => ({
    ...card,
    accounts: await Promise.all(card.accounts.map(async (account) => ({
      ...account,
      shares: await scopesIn(words, providers.get(card.provider)!, account.scopes),
    }))),
  })));
}

async function home(
  c: Context,
  deps: AppDeps,
  person: Person,
  newToken?: TokensProps["newToken"],
): Promise<Response> {
  const { world, providers, broker, gateway } = deps;
  const { session: { subject } } = person;
  const query = (queryOf(c.req.raw).q ?? "").slice(0, LONGEST_QUERY);
  const [connections, grants, uses, words] = await Promise.all([
    broker.connections(subject),
    gateway.grants(subject),
    deps.activity.lastUse(subject),
    wordsFor(c),
  ]);
  const connected = connectedIn(deps, connections);
  const { homePage } = await import("./pages/home.tsx");
  return c.html(homePage({
    words,
    here: hereOf(deps, person, "services"),
    cards: await cardsIn(words, deps, found(cardsOf([...providers.values()], connections), query)),
    query,
    said: takeSaid(c, deps, HOME_KINDS),
    lastUse: ({ provider, account, service }) => lastUseOf(uses, { provider, account, service }),
    allowable: gateway.services,
    connected: new Set(
      gateway.services.filter(({ connects }) => connects === undefined || connected.has(connects))
        .map(({ name }) => name),
    ),
    grants,
    formToken: ownToken(person),
    onceToken: world.secret(),
    now: world.now(),
    newToken,
  }));
}
