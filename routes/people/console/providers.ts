/**
 * The console's page of providers and operators, and what its forms change.
 *
 * @module
 */

import { personActor } from "../../../broker/core/actor.ts";
import type { Route } from "../../http/area.ts";
import { queryOf } from "../../http/body.ts";
import { ensureBrowser } from "../../http/browser_cookie.ts";
import type { AppDeps } from "../../http/deps.ts";
import { sayText } from "../../http/page/words/say.ts";
import { askSure, changesOf, consoleAsk, consoleGet, consolePost } from "./guard.ts";

const PROVIDERS = "/console/providers";

/** Its routes. */
export function providersRoutes(deps: AppDeps): Route[] {
  const { settings } = deps;
  const changed = changesOf(settings);

  return [
    consoleGet(deps, PROVIDERS, async (c, { frame }) => {
      const [{ credentials, operators, version: seen }, facts] = await Promise.all([
        settings.view(),
        deps.providerFacts(),
      ]);
      const { providersPage } = await import("./providers.tsx");
      return c.html(providersPage({
        ...frame,
        seen,
        now: deps.world.now(),
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

    consolePost(
      deps,
      `${PROVIDERS}/noted`,
      ({ provider = "" }) => `${PROVIDERS}#${encodeURIComponent(provider)}`,
      (_, changing) => {
        const { provider = "", secret_ends = "", testing } = changing.form.texts;
        const change = {
          ...{ kind: "credentials_noted", provider } as const,
          secretEnds: secret_ends.trim() || undefined,
          isTesting: testing === "on" || undefined,
        };
        return changed(changing, change, `${PROVIDERS}#${encodeURIComponent(provider)}`);
      },
    ),

    consoleAsk(deps, `${PROVIDERS}/try`, async (c, { person, form }) => {
      const { provider: service = "" } = form.texts;
      // Nobody is signed in during the first set-up, which never comes here.
      const { subject } = person!.session;
      const target = deps.broker.resolve(service);
      const request = { subject, actor: personActor(subject), target, service };
      const to = await deps.broker.connect(request, ensureBrowser(c, deps.secure));
      return c.redirect(to.href, 303);
    }),

    consoleGet(deps, `${PROVIDERS}/remove`, async (c, looking) => {
      const { provider = "" } = queryOf(c.req.raw);
      const { version: seen } = await settings.view();
      const { console } = looking.frame.words;
      const title = deps.providers.get(provider)?.title ?? provider;
      return await askSure(c, looking, {
        part: "providers",
        title: sayText(console.removeCredentialsTitle, { provider: title }),
        text: console.removeCredentialsWhat,
        fields: { provider },
        button: console.remove,
        back: PROVIDERS,
        seen,
      });
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

    consoleGet(deps, "/console/operators/remove", async (c, looking) => {
      const { provider = "", email = "" } = queryOf(c.req.raw);
      const { version: seen } = await settings.view();
      const { console } = looking.frame.words;
      return await askSure(c, looking, {
        part: "providers",
        title: sayText(console.removeOperatorTitle, { who: email }),
        text: console.removeOperatorWhat,
        fields: { provider, email },
        button: console.remove,
        back: PROVIDERS,
        seen,
      });
    }),

    consolePost(deps, "/console/operators/remove", () => PROVIDERS, (_, changing) => {
      const { provider = "", email = "" } = changing.form.texts;
      return changed(changing, { kind: "operator_removed", provider, email }, PROVIDERS);
    }),
  ];
}
