import type { CatalogueEntry } from "../bare_provider.ts";

export const yandex: CatalogueEntry = {
  name: "yandex",
  title: "Yandex",
  console: "https://oauth.yandex.com/",
  docs: [
    "https://yandex.com/dev/id/doc/en/codes/code-url",
    "https://yandex.com/dev/id/doc/en/tokens/refresh-client",
    "https://yandex.com/dev/id/doc/en/tokens/token-invalidate",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://oauth.yandex.com/authorize",
  tokenEndpoint: "https://oauth.yandex.com/token",
  clientAuthentication: "client_secret_basic_unencoded",
  // Tokens that belong to no device cannot be revoked by the app: there is no revocation.
  identityScopes: ["login:info"],
  scopeTitles: {
    "login:email": "See your e-mail address",
    "login:avatar": "See your picture",
  },
  userinfo: {
    url: "https://login.yandex.ru/info",
    id: "id",
    label: "login",
  },
};
