/**
 * The console's pages of apps and their API keys, and what their forms change.
 * Everything counts from then on, without a restart.
 *
 * @module
 */

import type { Context } from "hono";
import type { AppChange, AppView } from "../../../broker/core/settings.ts";
import { pathPart, type Route } from "../../http/area.ts";
import { queryOf } from "../../http/body.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse, refuseHttp } from "../../http/errors.ts";
import { sayText } from "../../http/page/words/say.ts";
import { askSure, changesOf, type ConsoleForm, consoleGet, consolePost } from "./guard.ts";

const APPS = "/console/apps";

/** Its routes. */
export function appsRoutes(deps: AppDeps): Route[] {
  const { settings } = deps;
  const changed = changesOf(settings);
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

    consoleGet(deps, `${APPS}/:realm/remove`, async (c, looking) => {
      const { app, seen } = await appOf(c, deps);
      const { console } = looking.frame.words;
      return await askSure(c, looking, {
        part: "apps",
        title: sayText(console.removeAppTitle, { app: app.name ?? app.realm }),
        text: console.removeAppWhat,
        fields: {},
        button: console.removeApp,
        back: appPath(app.realm),
        seen,
      });
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

    consoleGet(deps, `${APPS}/:realm/keys/withdraw`, async (c, looking) => {
      const { app, seen } = await appOf(c, deps);
      const { console } = looking.frame.words;
      return await askSure(c, looking, {
        part: "apps",
        title: sayText(console.withdrawTitle, { app: app.name ?? app.realm }),
        text: console.withdrawWhat,
        fields: { id: queryOf(c.req.raw).id ?? "" },
        button: console.withdraw,
        back: appPath(app.realm),
        seen,
      });
    }),

    consolePost(deps, `${APPS}/:realm/keys/withdraw`, ofPath, (c, changing) => {
      const realm = pathPart(c, "realm");
      const { id = "" } = changing.form.texts;
      return changed(changing, { kind: "key_withdrawn", realm, id }, appPath(realm));
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
