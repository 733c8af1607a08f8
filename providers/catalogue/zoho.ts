import type { CatalogueEntry } from "../bare_provider.ts";

export const zoho: CatalogueEntry = {
  name: "zoho",
  title: "Zoho",
  console: "https://api-console.zoho.com",
  docs: [
    "https://www.zoho.com/accounts/protocol/oauth/web-server-applications.html",
    "https://www.zoho.com/accounts/protocol/oauth/multi-dc.html",
    "https://github.com/zoho/zohocrm-php-sdk-7.0",
  ],
  docsRead: "2026-11-26",
  // The data centers and the token requests were read in the SDK, the rest is as others have it.
  verified: "not verified",
  authorizationEndpoint: "https://{accounts}/oauth/v2/auth",
  tokenEndpoint: "https://{accounts}/oauth/v2/token",
  // The token alone is sent. In the body, since what stands in an address, where the documentation
  // has it, ends up in logs and traces.
  revocation: {
    url: "https://{accounts}/oauth/v2/token/revoke",
    shows: "form",
    token: "refresh",
    client: "nobody",
  },
  clientAuthentication: "client_secret_post",
  // Without both there is no refresh token, the second time.
  authorizationParameters: {
    access_type: "offline",
    prompt: "consent",
  },
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  identityScopes: ["AaaServer.profile.READ"],
  scopeTitles: {
    "AaaServer.profile.READ": "See who you are",
    "ZohoCRM.modules.READ": "See what is in your CRM",
    "ZohoCRM.modules.ALL": "See and change what is in your CRM",
    "ZohoBooks.fullaccess.all": "See and change your books",
    "ZohoMail.messages.READ": "Read your e-mails",
    "Desk.tickets.READ": "See your tickets",
  },
  deadGrants: [
    { member: "error", equals: "invalid_code" },
  ],
  params: {
    accounts: {
      title: "Accounts server, such as accounts.zoho.com or accounts.zoho.eu",
      pattern: "accounts\\.(zoho\\.(com|eu|in|jp|sa|com\\.au|com\\.cn)|zohocloud\\.ca)",
    },
  },
  hosts: [
    "accounts.zoho.com",
    "accounts.zoho.eu",
    "accounts.zoho.in",
    "accounts.zoho.jp",
    "accounts.zoho.sa",
    "accounts.zoho.com.au",
    "accounts.zoho.com.cn",
    "accounts.zohocloud.ca",
    "www.zohoapis.com",
    "www.zohoapis.eu",
    "www.zohoapis.in",
    "www.zohoapis.jp",
    "www.zohoapis.sa",
    "www.zohoapis.com.au",
    "www.zohoapis.com.cn",
    "www.zohoapis.ca",
  ],
  userinfo: {
    url: "https://{accounts}/oauth/user/info",
    scheme: "Zoho-oauthtoken",
    id: "ZUID",
    label: "Email",
  },
  // Where the data center's API is.
  extraMembers: { api_domain: "api_domain" },
  apiUrl: "{api_domain}",
};
