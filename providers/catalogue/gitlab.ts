import type { CatalogueEntry } from "../bare_provider.ts";

export const gitlab: CatalogueEntry = {
  name: "gitlab",
  title: "GitLab",
  console: "https://gitlab.com/-/user_settings/applications",
  docs: [
    "https://docs.gitlab.com/api/oauth2/",
    "https://docs.gitlab.com/integration/oauth_provider/",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://gitlab.com/oauth/authorize",
  tokenEndpoint: "https://gitlab.com/oauth/token",
  revocationEndpoint: "https://gitlab.com/oauth/revoke",
  clientAuthentication: "client_secret_post",
  identityScopes: ["read_user"],
  scopeTitles: {
    api: "Read and change all that you can at GitLab",
    read_api: "Read all that you can at GitLab",
    read_repository: "Read your private repositories",
    write_repository: "Read and change your private repositories",
  },
  userinfo: {
    url: "https://gitlab.com/api/v4/user",
    id: "id",
    label: "username",
  },
};
