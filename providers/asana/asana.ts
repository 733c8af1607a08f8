/**
 * Asana: workspaces, projects and tasks.
 *
 * https://developers.asana.com/docs/oauth
 *
 * @module
 */

import { z } from "zod";
import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient } from "../oauth.ts";
import type { ApiFault, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { oneLine, shorten } from "../text.ts";
import { askWithin } from "../whose_account.ts";
import { asanaTools } from "./tools.ts";

const MAX_SAID = 200;

/** The scope for everything. An app that was registered with single scopes may not ask for it. */
const FULL = "default";
const READ = ["tasks:read", "projects:read", "workspaces:read"];
const WRITE = ["tasks:write", "stories:write"];

const Me = z.object({
  data: z.object({ gid: z.string().min(1), name: z.string(), email: z.string().nullish() }),
});

/** The `asana` provider. */
export const asana: ProviderModule = {
  name: "asana",
  console: "https://app.asana.com/0/my-apps",
  create(settings: ProviderSettings): Provider {
    const site = settings.baseUrl ?? "https://app.asana.com";
    const api = settings.apiUrl ?? `${site}/api/1.0`;
    const client = new OAuthClient({
      ...settings,
      authorizationEndpoint: `${site}/-/oauth_authorize`,
      tokenEndpoint: `${site}/-/oauth_token`,
      revocationEndpoint: `${site}/-/oauth_revoke`,
    });
    return {
      name: "asana",
      title: "Asana",
      services: [{ name: "asana", title: "Asana", scopes: [FULL] }],
      scopeNames: {
        asana: [FULL],
        "asana.tasks": [...READ, ...WRITE],
        "asana.readonly": READ,
      },
      // https://developers.asana.com/docs/oauth-scopes
      impliedScopes: { [FULL]: [...READ, ...WRITE, "users:read"] },
      scopeTitles: {
        [FULL]: "See and change everything you can in Asana",
        "tasks:read": "See your tasks",
        "tasks:write": "Create and change tasks",
        "stories:write": "Comment on tasks",
        "projects:read": "See your projects",
        "workspaces:read": "See your workspaces",
        "users:read": "See who you are, and who works with you",
      },
      identityScopes: ["users:read"],
      credential: {
        ...client.flow(),
        authorizationUrl(request) {
          // Asana takes either the scope for everything or a list of single ones, never both.
          const scopes = request.scopes.includes(FULL) ? [FULL] : request.scopes;
          return client.authorizationUrl({ ...request, scopes });
        },
      },
      acceptsScope: (scope) => /^[a-z_.]{1,40}(:[a-z]{1,20})?$/.test(scope),
      async identify(tokens) {
        const ask = askWithin({ fetch: settings.fetch, title: "Asana" });
        const answer = await ask("/users/me", {
          url: `${api}/users/me?opt_fields=name,email`,
          headers: bearerHeaders(tokens, { Accept: "application/json" }),
        });
        const { data: { gid, name, email } } = Me.parse(answer);
        return { id: gid, label: email || name };
      },
      tools: asanaTools,
      apiUrl: (path) => new URL(api + path),
      apiHeaders: { Accept: "application/json" },
      proxyHeaders: ["Asana-*"],
      authorize: bearer,
      apiError,
    };
  },
};

const ErrorBody = z.object({ errors: z.array(z.object({ message: z.string().optional() })) });

/** https://developers.asana.com/docs/errors */
function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  const parsed = ErrorBody.safeParse(body);
  const messages = parsed.success ? parsed.data.errors.map(({ message }) => message ?? "") : [];
  const said = shorten(oneLine(messages.filter(Boolean).join(" ")), MAX_SAID);
  switch (status) {
    case 401:
      return { kind: "unauthorized", message: "Asana no longer accepts the sign-in." };
    case 402:
      return {
        kind: "forbidden",
        message: "Asana only does this, such as searching, in workspaces on a paid plan. " +
          "Listing your own tasks works without one.",
      };
    case 403:
      return { kind: "forbidden", message: `Asana does not allow this. ${said}`.trim() };
    case 404:
    case 410:
      return {
        kind: "not_found",
        message: "Asana did not find this, or this account may not see it.",
      };
    case 429:
      return {
        kind: "rate_limited",
        message: "Asana asks to slow down.",
        retryAfter: parseRetryAfter(headers) ?? 60,
      };
    case 400:
    case 412:
      return { kind: "invalid", message: `Asana did not accept the request. ${said}`.trim() };
    default:
      return { kind: "unavailable", message: "Asana is not answering properly at the moment." };
  }
}
