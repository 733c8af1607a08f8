import type { CatalogueEntry } from "../bare_provider.ts";

export const microsoft: CatalogueEntry = {
  name: "microsoft",
  title: "Microsoft",
  console: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
  docs: [
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
    "https://learn.microsoft.com/entra/identity-platform/scopes-oidc",
    "https://learn.microsoft.com/graph/api/user-get",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  // For accounts of every organization, and personal ones.
  authorizationEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
  tokenEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  clientAuthentication: "client_secret_post",
  // offline_access: without it there is no refresh token. There is no revocation.
  identityScopes: ["offline_access", "User.Read"],
  scopeTitles: {
    "Mail.Read": "Read your mail",
    "Mail.Send": "Send mail in your name",
    "Calendars.Read": "See your calendars",
    "Calendars.ReadWrite": "See and change your calendars",
    "Files.Read": "Read your files in OneDrive",
    "Files.ReadWrite": "Read and change your files in OneDrive",
    "Chat.Read": "Read your chats in Teams",
    "ChannelMessage.Send": "Send messages in Teams in your name",
  },
  // The person must sign in anew, as a changed password or a new rule has it.
  errorCodes: {
    interaction_required: "invalid_grant",
  },
  userinfo: {
    url: "https://graph.microsoft.com/v1.0/me",
    id: "id",
    label: "userPrincipalName",
  },
  proxyHeaders: ["ConsistencyLevel", "Prefer"],
};
