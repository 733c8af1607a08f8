/**
 * The console's pages of apps, providers, operators and MCP servers, and what
 * their forms change. Everything counts from then on, without a restart.
 *
 * @module
 */

import type { Context } from "hono";
import type { AppChange, AppView, SettingsChange } from "../../../broker/core/settings.ts";
import type { Route } from "../../http/area.ts";
import { pathPart } from "../../http/area.ts";
import { queryOf } from "../../http/body.ts";
import { ensureBrowser } from "../../http/browser_cookie.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse, refuseHttp } from "../../http/errors.ts";
import { sayText } from "../../http/page/words/say.ts";
import { type Changing, consoleAsk, type ConsoleForm, consoleGet, consolePost } from "./guard.ts";

const APPS = "/console/apps";
const PROVIDERS = "/console/providers";
const SERVERS = "/console/servers";

/** Its routes. */
export function settingsRoutes(deps: AppDeps): Route[] {
  const { settings } = deps;
  const changed = async ({ actor, form, told }: Changing, change: SettingsChange, to: string) => {
    await settings.change(actor, form.seen, change);
    return told(to, change.kind.endsWith("removed") ? "removed" : "saved");
  };
  const appPath = (realm: string) => `${APPS}/${encodeURIComponent(realm)}`;
  const ofPath = (_: unknown, c: Context) => appPath(pathPart(c, "realm"));

  return [
    consoleGet(deps, APPS, async (c, { frame }) => {
      const { apps, version: seen } = await settings.view();
      const { appsPage } = await import("./apps.tsx");
      return c.html(appsPage({ ...frame, apps, seen }));
    }),

    consolePost(deps, APPS, () => APPS, async (_, changing) => {
      const { realm = "" } = changing.form.texts;
      const { apps } = await settings.view();
      // It would be said anew what that one may do: everything.
      if (apps.some((app) => app.realm === realm)) {
        refuse({ code: "invalid_request", detail: "There is an app of this name already." });
      }
      return await changed(changing, { kind: "app", realm, app: {} }, appPath(realm));
    }),

    consoleGet(deps, `${APPS}/:realm`, async (c, { frame }) => {
      const { app, seen } = await appOf(c, deps);
      const { appPage } = await import("./apps.tsx");
      return c.html(appPage({ ...frame, app, seen }));
    }),

    consolePost(deps, `${APPS}/:realm`, ofPath, (c, changing) => {
      const realm = pathPart(c, "realm");
      const change = { kind: "app", realm, app: appIn(changing.form) } as const;
      return changed(changing, change, appPath(realm));
    }),

    consoleGet(deps, `${APPS}/:realm/remove`, async (c, { frame }) => {
      const { app, seen } = await appOf(c, deps);
      const { console } = frame.words;
      const { surePage } = await import("./frame.tsx");
      return c.html(surePage({
        ...frame,
        part: "apps",
        title: sayText(console.removeAppTitle, { app: app.name ?? app.realm }),
        text: console.removeAppWhat,
        action: `${appPath(app.realm)}/remove`,
        fields: {},
        button: console.removeApp,
        back: appPath(app.realm),
        seen,
      }));
    }),

    consolePost(deps, `${APPS}/:realm/remove`, ofPath, (c, changing) => {
      const realm = pathPart(c, "realm");
      return changed(changing, { kind: "app_removed", realm }, APPS);
    }),

    consolePost(deps, `${APPS}/:realm/keys`, ofPath, async (c, { frame, actor, form }) => {
      const realm = pathPart(c, "realm");
      const { key, sha256 } = settings.newKey();
      await settings.change(actor, form.seen, { kind: "key", realm, sha256 });
      const { app, seen } = await appOf(c, deps);
      const { appPage } = await import("./apps.tsx");
      // Sent again, the form names settings of before, and makes no second one.
      return c.html(appPage({ ...frame, app, seen, newKey: key }));
    }),

    consoleGet(deps, `${APPS}/:realm/keys/withdraw`, async (c, { frame }) => {
      const { app, seen } = await appOf(c, deps);
      const { console } = frame.words;
      const { surePage } = await import("./frame.tsx");
      return c.html(surePage({
        ...frame,
        part: "apps",
        title: sayText(console.withdrawTitle, { app: app.name ?? app.realm }),
        text: console.withdrawWhat,
        action: `${appPath(app.realm)}/keys/withdraw`,
        fields: { id: queryOf(c.req.raw).id ?? "" },
        button: console.withdraw,
        back: appPath(app.realm),
        seen,
      }));
    }),

    consolePost(deps, `${APPS}/:realm/keys/withdraw`, ofPath, (c, changing) => {
      const realm = pathPart(c, "realm");
      const { id = "" } = changing.form.texts;
      return changed(changing, { kind: "key_withdrawn", realm, id }, appPath(realm));
    }),

    consoleGet(deps, PROVIDERS, async (c, { frame }) => {
      const [{ credentials, operators, version: seen }, facts] = await Promise.all([
        settings.view(),
        deps.providerFacts(),
      ]);
      const { providersPage } = await import("./providers.tsx");
      return c.html(providersPage({
        ...frame,
        seen,
        operators,
        providers: credentials.map((one) => ({
          ...one,
          title: deps.providers.get(one.provider)?.title ?? facts.get(one.provider)?.title ??
            one.provider,
          registerAt: facts.get(one.provider)?.registerAt,
        })),
        signInProviders: deps.gateway.signInServers.map(({ name, title }) => ({ name, title })),
      }));
    }),

    consolePost(
      deps,
      PROVIDERS,
      ({ provider = "" }) => `${PROVIDERS}#${encodeURIComponent(provider)}`,
      (_, changing) => {
        const { provider = "", client_id = "", client_secret = "" } = changing.form.texts;
        const [clientId, clientSecret] = [client_id.trim(), client_secret.trim()];
        const change = { kind: "credentials", provider, clientId, clientSecret } as const;
        return changed(changing, change, `${PROVIDERS}#${encodeURIComponent(provider)}`);
      },
    ),

    consoleAsk(deps, `${PROVIDERS}/try`, async (c, { person, form }) => {
      const { provider: service = "" } = form.texts;
      // Nobody is signed in during the first set-up, which never comes here.
      const { subject } = person!.session;
      const actor = { kind: "person", id: subject } as const;
      const request = { subject, actor, target: deps.broker.resolve(service), service };
      const to = await deps.broker.connect(request, ensureBrowser(c, deps.secure));
      return c.redirect(to.href, 303);
    }),

    consoleGet(deps, `${PROVIDERS}/remove`, async (c, { frame }) => {
      const { provider = "" } = queryOf(c.req.raw);
      const { version: seen } = await settings.view();
      const { console } = frame.words;
      const { surePage } = await import("./frame.tsx");
      const title = deps.providers.get(provider)?.title ?? provider;
      return c.html(surePage({
        ...frame,
        part: "providers",
        title: sayText(console.removeCredentialsTitle, { provider: title }),
        text: console.removeCredentialsWhat,
        action: `${PROVIDERS}/remove`,
        fields: { provider },
        button: console.remove,
        back: PROVIDERS,
        seen,
      }));
    }),

    consolePost(deps, `${PROVIDERS}/remove`, () => PROVIDERS, (_, changing) => {
      const { provider = "" } = changing.form.texts;
      return changed(changing, { kind: "credentials_removed", provider }, PROVIDERS);
    }),

    consolePost(deps, "/console/operators", () => PROVIDERS, (_, changing) => {
      const { provider = "", email = "" } = changing.form.texts;
      const change = { kind: "operator", provider, email: email.trim() } as const;
      return changed(changing, change, `${PROVIDERS}#operators`);
    }),

    consoleGet(deps, "/console/operators/remove", async (c, { frame }) => {
      const { provider = "", email = "" } = queryOf(c.req.raw);
      const { version: seen } = await settings.view();
      const { console } = frame.words;
      const { surePage } = await import("./frame.tsx");
      return c.html(surePage({
        ...frame,
        part: "providers",
        title: sayText(console.removeOperatorTitle, { who: email }),
        text: console.removeOperatorWhat,
        action: "/console/operators/remove",
        fields: { provider, email },
        button: console.remove,
        back: PROVIDERS,
        seen,
      }));
    }),

    consolePost(deps, "/console/operators/remove", () => PROVIDERS, (_, changing) => {
      const { provider = "", email = "" } = changing.form.texts;
      return changed(changing, { kind: "operator_removed", provider, email }, PROVIDERS);
    }),

    consoleGet(deps, SERVERS, async (c, { frame }) => {
      const [{ upstreams: servers, knownUpstreams: known, version: seen }, reviews] = await Promise
        .all([settings.view(), deps.review().then((review) => review.all())]);
      const { serversPage } = await import("./servers.tsx");
      return c.html(serversPage({
        ...frame,
        ...{ servers, known, seen },
        reviews: new Map(reviews.map((review) => [review.upstream, review])),
      }));
    }),

    consolePost(deps, SERVERS, () => SERVERS, async (_, changing) => {
      const { name = "", title = "", url = "" } = changing.form.texts;
      const { upstreams } = await settings.view();
      // People would be led to another server by a name that they know.
      if (upstreams.some((server) => server.name === name)) {
        refuse({ code: "invalid_request", detail: "There is a server of this name already." });
      }
      const change = {
        kind: "upstream",
        name,
        title: title.trim() || undefined,
        url: url.trim() || undefined,
      } as const;
      return await changed(changing, change, `${SERVERS}#${encodeURIComponent(name)}`);
    }),

    consoleGet(deps, `${SERVERS}/remove`, async (c, { frame }) => {
      const { name = "" } = queryOf(c.req.raw);
      const { upstreams, version: seen } = await settings.view();
      const { console } = frame.words;
      const { surePage } = await import("./frame.tsx");
      const server = upstreams.find((one) => one.name === name)?.title ?? name;
      return c.html(surePage({
        ...frame,
        part: "servers",
        title: sayText(console.removeServerTitle, { server }),
        text: console.removeServerWhat,
        action: `${SERVERS}/remove`,
        fields: { name },
        button: console.remove,
        back: SERVERS,
        seen,
      }));
    }),

    consolePost(deps, `${SERVERS}/remove`, () => SERVERS, (_, changing) => {
      const { name = "" } = changing.form.texts;
      return changed(changing, { kind: "upstream_removed", name }, SERVERS);
    }),

    consolePost(deps, `${SERVERS}/accept`, () => SERVERS, async (_, { form, told }) => {
      const { upstream = "", tool, digest = "" } = form.texts;
      const review = await deps.review();
      const isIn = await review.accept({ upstream, tool, digest });
      return told(`${SERVERS}#${encodeURIComponent(upstream)}`, isIn ? "accepted" : "acceptGone");
    }),
  ];
}

async function appOf(
  c: Context,
  { settings }: AppDeps,
): Promise<{ app: AppView; seen: string | null }> {
  const realm = pathPart(c, "realm");
  const { apps, version: seen } = await settings.view();
  const app = apps.find((one) => one.realm === realm);
  return app === undefined ? refuseHttp({ code: "not_found" }) : { app, seen };
}

/** An app as the form has it; what is empty is not set. */
function appIn({ texts, files }: ConsoleForm): AppChange {
  const line = (name: string) => (texts[name] ?? "").trim() || undefined;
  const lines = (name: string) => {
    const found = (texts[name] ?? "").split(/[\r\n]+/).map((each) => each.trim()).filter(Boolean);
    return found.length === 0 ? undefined : found;
  };
  return {
    name: line("name"),
    operator: line("operator"),
    privacyUrl: line("privacy_url"),
    logo: texts.logo_remove === "yes" ? null : files.get("logo"),
    services: lines("services"),
    tools: lines("tools"),
    returnUrls: lines("return_urls"),
    returnTo: line("return_to"),
    handOffOnly: texts.hand_off_only === "yes" || undefined,
  };
}
