/**
 * Asana: workspaces, projects and tasks.
 *
 * https://developers.asana.com/docs/oauth
 *
 * @module
 */

import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient } from "../oauth.ts";
import type { KnownTool, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { askWithin } from "../whose_account.ts";
import { apiError } from "./faults.ts";

/** The scope for everything. An app that was registered with single scopes may not ask for it. */
const FULL = "default";
const READ = ["tasks:read", "projects:read", "workspaces:read"];
const WRITE = ["tasks:write", "stories:write"];
/** What further tools, or parts of what they read, need. */
const MORE = ["users:read", "stories:read", "attachments:read", "tags:read"];
/** Of search where there is no paid plan. */
const SUGGEST = "workspaces.typeahead:read";

/** The `asana` provider. */
export const asana: ProviderModule = {
  name: "asana",
  console: "https://app.asana.com/0/my-apps",
  laterTools: {
    known: async () =>
      (await import("../known_tools/asana.json", { with: { type: "json" } }))
        .default as KnownTool[],
    load: async () => (await import("./tools.ts")).asanaTools,
  },
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
      impliedScopes: { [FULL]: [...READ, ...WRITE, ...MORE, SUGGEST] },
      scopeTitles: {
        [FULL]: "See and change everything you can in Asana",
        "tasks:read": "See your tasks",
        "tasks:write": "Create and change tasks",
        "stories:read": "See comments on tasks",
        "stories:write": "Comment on tasks",
        "attachments:read": "See what is attached to tasks",
        "tags:read": "See your tags",
        [SUGGEST]: "Find tasks by the beginning of their names",
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
        const { Me } = await import("./identity.ts");
        const { data: { gid, name, email } } = Me.parse(answer);
        return { id: gid, label: email || name };
      },
      tools: [],
      apiUrl: (path) => new URL(api + path),
      apiHeaders: { Accept: "application/json" },
      proxyHeaders: ["Asana-*"],
      authorize: bearer,
      apiError,
    };
  },
};
