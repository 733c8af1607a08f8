/**
 * `GET /`: a signed-in person's page, and what its buttons do.
 *
 * @module
 */

import type { Context } from "hono";
import { personActor } from "../../broker/core/actor.ts";
import { shownName } from "../../broker/core/shown_name.ts";
import { narrow } from "../../broker/core/gateway_scopes.ts";
import { get, post, type Route } from "../http/area.ts";
import { parameters, readText } from "../http/body.ts";
import { ensureBrowser, formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse, refuseHttp } from "../http/errors.ts";
import { type Person, personOf, requirePerson } from "../http/session_cookie.ts";
import { isProgram } from "../http/wants_page.ts";

const FORM_LIMIT = 16 * 1024;
const LONGEST_NAME = 80;

/** The page and its buttons. */
export function dashboardRoutes(deps: AppDeps): Route[] {
  const { broker, gateway, secure } = deps;

  return [
    get("/", async (c) => {
      const person = await personOf(c, deps);
      if (person !== undefined) return await dashboard(c, deps, person);
      // A sign-in page tells an MCP client nothing.
      return isProgram(c.req.raw) ? refuseHttp({ code: "not_found" }) : c.redirect("/sign-in", 303);
    }),

    post("/dashboard/connect", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      const { service = "" } = form;
      const { subject } = person.session;
      const target = broker.resolve(service);
      const request = { subject, actor: personActor(subject), target, service };
      const to = await broker.connect(request, ensureBrowser(c, secure));
      return c.redirect(to.href, 303);
    }),

    post("/dashboard/disconnect", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      const { provider: service = "", account = "" } = form;
      const { subject } = person.session;
      await broker.disconnect({ subject, actor: personActor(subject), service, account });
      return c.redirect("/", 303);
    }),

    post("/dashboard/tokens", async (c) => {
      const { person, form, services } = await readOwnForm(c, deps, { severalServices: true });
      const name = shownName(form.name ?? "", "");
      const all = gateway.services.map(({ name }) => name);
      const scopes = narrow(all, services, form.read_only === "yes");
      if (name === "" || name.length > LONGEST_NAME || scopes.length === 0) {
        refuse({ code: "invalid_request", detail: "A token needs a name and a service." });
      }
      const token = await gateway.createPersonalToken(person.session, name, scopes);
      return await dashboard(c, deps, person, token);
    }),

    post("/dashboard/grants/end", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      await gateway.endGrant(person.session.subject, form.id ?? "");
      return c.redirect("/", 303);
    }),

    post("/dashboard/branches/end", async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      await gateway.endBranch(person.session.subject, form.id ?? "", form.branch ?? "");
      return c.redirect("/", 303);
    }),
  ];
}

interface OwnForm {
  person: Person;
  /** Fields that are there once. */
  form: Record<string, string>;
  /** The boxes that were ticked, where there are several. */
  services: string[];
}

/** A form of this page, sent by the person whose page it is. */
async function readOwnForm(
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

async function dashboard(
  c: Context,
  deps: AppDeps,
  { session: { subject, label }, secret }: Person,
  newToken?: string,
): Promise<Response> {
  const { world, publicUrl, providers, broker, gateway } = deps;
  const [connections, grants] = await Promise.all([
    broker.connections(subject),
    gateway.grants(subject),
  ]);
  const connectable = [...providers.values()].filter(({ needsNobody }) => !needsNobody);
  const services = connectable.flatMap((provider) =>
    provider.services.map(({ name, title }) => ({ name, title, provider: provider.name }))
  );
  const { dashboardPage } = await import("./pages/dashboard.tsx");
  return c.html(dashboardPage({
    label,
    publicUrl,
    services,
    allowable: gateway.services,
    connections,
    grants,
    formToken: formToken(secret, subject),
    now: world.now(),
    newToken,
  }));
}
