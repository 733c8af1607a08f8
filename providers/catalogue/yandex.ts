import type { ProviderData } from "../bare_provider.ts";

export const yandex: ProviderData = {
  name: "yandex",
  title: "Yandex",
  console: "https://oauth.yandex.com/",
  authorizationEndpoint: "https://oauth.yandex.com/authorize",
  tokenEndpoint: "https://oauth.yandex.com/token",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://login.yandex.ru/info",
    id: "id",
    label: "login",
  },
};
