import type { CatalogueEntry } from "../bare_provider.ts";

export const ramp: CatalogueEntry = {
  name: "ramp",
  title: "Ramp",
  console: "https://app.ramp.com/settings/developer",
  docs: [
    "https://docs.ramp.com/developer-api/v1/authorization",
    "https://docs.ramp.com/developer-api/v1/api/token",
    "https://docs.ramp.com/developer-api/v1/api/business",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.ramp.com/v1/authorize",
  tokenEndpoint: "https://api.ramp.com/developer/v1/token",
  revocation: {
    url: "https://api.ramp.com/developer/v1/token/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // An administrator allows it, for the whole business.
  identityScopes: ["business:read"],
  scopeTitles: {
    "business:read": "See which business it is",
    "transactions:read": "See card transactions",
    "bills:read": "See bills",
    "cards:read": "See cards",
    "reimbursements:read": "See reimbursements",
    "users:read": "See users",
    "accounting:read": "See the state of accounting",
  },
  userinfo: {
    url: "https://api.ramp.com/developer/v1/business",
    id: "id",
    label: "business_name_legal",
  },
};
