/**
 * `GET /`: a signed-in person's page, and what its buttons do.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { personActor } from "../../broker/core/actor.ts";
import { narrow } from "../../broker/core/gateway_scopes.ts";
import type { Session } from "../../broker/core/grant.ts";
import { parameters, readText } from "../http/body.ts";
import { ensureBrowser, formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import { requireSession, sessionOf, sessionSecret } from "../http/session_cookie.ts";

const FORM_LIMIT = 16 * 1024;

/** The routes. */
export function dashboardRoutes(deps: AppDeps): Hono {
  const { broker, gateway, secure } = deps;
  const app = new Hono();

  app.get("/", async (c) => {
    const session = await sessionOf(c, deps);
    return session === undefined ? c.redirect("/sign-in", 303) : await dashboard(c, deps, session);
  });

  app.post("/dashboard/connect", async (c) => {
    const { session, form } = await readForm(c, deps);
    const service = form.get("service") ?? "";
    const target = broker.resolve(service);
    const { subject } = session;
    const request = { subject, actor: personActor(subject), target, service };
    const to = await broker.connect(request, ensureBrowser(c, secure));
    return c.redirect(to.href, 303);
  });

  app.post("/dashboard/disconnect", async (c) => {
    const { session, form } = await readForm(c, deps);
    const [service, account] = [form.get("provider") ?? "", form.get("account") ?? ""];
    const { subject } = session;
    await broker.disconnect({ subject, actor: personActor(subject), service, account });
    return c.redirect("/", 303);
  });

  app.post("/dashboard/tokens", async (c) => {
    const { session, form } = await readForm(c, deps);
    const name = (form.get("name") ?? "").trim();
    const all = gateway.services.map(({ name }) => name);
    const scopes = narrow(all, form.getAll("service"), form.get("read_only") === "yes");
    if (name === "" || name.length > 80 || scopes.length === 0) {
      refuse({ code: "invalid_request", detail: "A token needs a name and a service." });
    }
    const token = await gateway.createPersonalToken(session.subject, name, scopes);
    return await dashboard(c, deps, session, token);
  });

  app.post("/dashboard/grants/end", async (c) => {
    const { session, form } = await readForm(c, deps);
    await gateway.endGrant(session.subject, form.get("id") ?? "");
    return c.redirect("/", 303);
  });

  return app;
}

/** A form of this page, sent by the person whose page it is. */
async function readForm(
  c: Context,
  deps: AppDeps,
): Promise<{ session: Session; form: URLSearchParams }> {
  const session = await requireSession(c, deps);
  const form = new URLSearchParams(await readText(c.req.raw, FORM_LIMIT));
  const repeatable = new URLSearchParams(form);
  repeatable.delete("service");
  if (form.getAll("service").length > 1 && c.req.path !== "/dashboard/tokens") {
    refuse({ code: "invalid_request", detail: "A parameter is there more than once." });
  }
  const { form_token: token } = parameters(repeatable);
  const browser = sessionSecret(c, deps);
  requireOwnForm(c, deps.publicUrl, { browser, purpose: session.subject, token });
  return { session, form };
}

async function dashboard(
  c: Context,
  deps: AppDeps,
  { subject, label }: Session,
  newToken?: string,
): Promise<Response> {
  const { world, publicUrl, broker, gateway } = deps;
  const [connections, grants] = await Promise.all([
    broker.connections(subject),
    gateway.grants(subject),
  ]);
  const services = [...broker.servers.values()].flatMap((server) =>
    server.services.map(({ name, title }) => ({ name, title, provider: server.name }))
  );
  const { dashboardPage } = await import("./pages/dashboard.tsx");
  c.header("Cache-Control", "no-store");
  return c.html(dashboardPage({
    label,
    publicUrl: publicUrl,
    services,
    allowable: gateway.services,
    connections,
    grants,
    formToken: formToken(sessionSecret(c, deps)!, subject),
    now: world.now(),
    ...(newToken === undefined ? {} : { newToken }),
  }));
}
