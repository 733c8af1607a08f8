import type { CatalogueEntry } from "../bare_provider.ts";

export const xero: CatalogueEntry = {
  name: "xero",
  title: "Xero",
  console: "https://developer.xero.com/app/manage",
  docs: [
    "https://developer.xero.com/documentation/guides/oauth2/auth-flow/",
    "https://developer.xero.com/documentation/guides/oauth2/scopes/",
    "https://developer.xero.com/faq/oauth2",
    "https://identity.xero.com/.well-known/openid-configuration",
    "https://github.com/XeroAPI/xero-node",
    "https://github.com/XeroAPI/Xero-OpenAPI",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // A refresh token is good once, and for 60 days.
  authorizationEndpoint: "https://login.xero.com/identity/connect/authorize",
  tokenEndpoint: "https://identity.xero.com/connect/token",
  revocationEndpoint: "https://identity.xero.com/connect/revocation",
  clientAuthentication: "client_secret_basic_unencoded",
  // "Unused refresh tokens expire after 60 days" (faq/oauth2).
  refreshIdleDays: 60,
  // offline_access: without it there is no refresh token.
  identityScopes: ["openid", "profile", "email", "offline_access"],
  scopeTitles: {
    openid: "See who you are",
    profile: "See your name",
    email: "See your e-mail address",
    offline_access: "Stay connected while you are away",
    "accounting.transactions": "See and change invoices, bills and payments",
    "accounting.contacts": "See and change your contacts",
    "accounting.reports.read": "See your reports",
    "accounting.settings.read": "See how your accounting is set up",
  },
  userinfo: {
    url: "https://identity.xero.com/connect/userinfo",
    id: "sub",
    label: "email",
  },
  // The organizations that the person chose; a header says which one a request is about.
  tenants: {
    url: "https://api.xero.com/connections",
    id: "tenantId",
    label: "tenantName",
    name: "tenant_id",
    header: "Xero-Tenant-Id",
  },
  apiUrl: "https://api.xero.com",
};
