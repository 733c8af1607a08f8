import type { CatalogueEntry } from "../bare_provider.ts";

export const microsoft: CatalogueEntry = {
  name: "microsoft",
  title: "Microsoft",
  console: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
  docs: [
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
    "https://learn.microsoft.com/entra/identity-platform/refresh-tokens",
    "https://learn.microsoft.com/entra/identity-platform/scopes-oidc",
    "https://learn.microsoft.com/graph/api/user-get",
    "https://github.com/merill/graph-permissions-explorer",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // For accounts of every organization, and personal ones.
  authorizationEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
  tokenEndpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  clientAuthentication: "client_secret_post",
  // offline_access: without it there is no refresh token. There is no revocation.
  identityScopes: ["offline_access", "User.Read"],
  // 90 days, of which each use begins new ones (refresh-tokens, "Token lifetime").
  refreshIdleDays: 90,
  services: [{
    name: "outlook",
    title: "Outlook",
    scopes: ["Mail.ReadWrite", "Mail.Send"],
    moreScopes: ["Mail.ReadBasic", "MailboxSettings.Read", "MailboxSettings.ReadWrite"],
  }, {
    name: "outlook_calendar",
    title: "Outlook Calendar",
    scopes: ["Calendars.ReadWrite"],
    moreScopes: ["Calendars.ReadBasic"],
  }, {
    name: "onedrive",
    title: "OneDrive",
    scopes: ["Files.ReadWrite"],
    // Who may read all sites may read the person's own drive.
    moreScopes: ["Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"],
  }, {
    name: "sharepoint",
    title: "SharePoint",
    scopes: ["Sites.ReadWrite.All"],
    moreScopes: ["Files.Read.All", "Files.ReadWrite.All"],
  }, {
    name: "teams",
    title: "Microsoft Teams",
    // None of these takes an administrator; reading a channel's messages does.
    scopes: [
      "Chat.ReadWrite",
      "ChannelMessage.Send",
      "Channel.ReadBasic.All",
      "Team.ReadBasic.All",
    ],
    moreScopes: ["Chat.ReadBasic", "ChatMessage.Send", "ChannelMessage.Read.All"],
  }],
  // Asked for by its short name, a scope may come back by its whole one.
  scopePrefix: "https://graph.microsoft.com/",
  impliedScopes: {
    "Mail.ReadWrite": ["Mail.Read"],
    "Mail.Read": ["Mail.ReadBasic"],
    "MailboxSettings.ReadWrite": ["MailboxSettings.Read"],
    "Calendars.ReadWrite": ["Calendars.Read"],
    "Calendars.Read": ["Calendars.ReadBasic"],
    "Files.ReadWrite": ["Files.Read"],
    "Files.ReadWrite.All": ["Files.Read.All", "Files.ReadWrite"],
    "Files.Read.All": ["Files.Read"],
    "Sites.ReadWrite.All": ["Sites.Read.All"],
    "Chat.ReadWrite": ["Chat.Read", "ChatMessage.Send"],
    "Chat.Read": ["Chat.ReadBasic"],
  },
  scopeTitles: {
    "Mail.Read": "Read your mail",
    "Mail.ReadWrite": "Read, write and delete your mail",
    "Mail.Send": "Send mail in your name",
    "Calendars.Read": "See your calendars",
    "Calendars.ReadWrite": "See and change your calendars",
    "Files.Read": "Read your files in OneDrive",
    "Files.ReadWrite": "Read and change your files in OneDrive",
    "Files.Read.All": "Read all files that you can open",
    "Files.ReadWrite.All": "Read and change all files that you can open",
    "Sites.Read.All": "Read all SharePoint sites that you can open",
    "Sites.ReadWrite.All": "Read and change all SharePoint sites that you can open",
    "Chat.Read": "Read your chats in Teams",
    "Chat.ReadWrite": "Read and write your chats in Teams",
    "ChannelMessage.Send": "Send messages in Teams in your name",
    "ChannelMessage.Read.All": "Read messages in the channels of your teams",
    "Channel.ReadBasic.All": "See the names of your channels",
    "Team.ReadBasic.All": "See the names of your teams",
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
