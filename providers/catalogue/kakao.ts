import type { CatalogueEntry } from "../bare_provider.ts";

export const kakao: CatalogueEntry = {
  name: "kakao",
  title: "Kakao",
  console: "https://developers.kakao.com/console/app",
  docs: ["https://developers.kakao.com/docs/ko/kakaologin/rest-api"],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://kauth.kakao.com/oauth/authorize",
  tokenEndpoint: "https://kauth.kakao.com/oauth/token",
  // Ends the tokens. To unlink would end the person's account with the operator's app as well.
  revocation: {
    url: "https://kapi.kakao.com/v1/user/logout",
    shows: "bearer",
  },
  clientAuthentication: "client_secret_post",
  scopeSeparator: ",",
  scopeTitles: {
    profile_nickname: "See your nickname",
    account_email: "See your e-mail address",
    talk_message: "Send messages to yourself and your friends",
  },
  userinfo: {
    url: "https://kapi.kakao.com/v2/user/me",
    id: "id",
    label: "kakao_account.profile.nickname",
  },
};
