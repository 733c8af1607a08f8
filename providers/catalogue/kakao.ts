import type { ProviderData } from "../bare_provider.ts";

export const kakao: ProviderData = {
  name: "kakao",
  title: "Kakao",
  console: "https://developers.kakao.com/console/app",
  authorizationEndpoint: "https://kauth.kakao.com/oauth/authorize",
  tokenEndpoint: "https://kauth.kakao.com/oauth/token",
  clientAuthentication: "client_secret_post",
};
