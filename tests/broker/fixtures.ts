/**
 * What decisions are made about: an authorization server that is nothing but
 * its words, and connections.
 *
 * @module
 */

import type { AuthorizationServer } from "../../broker/core/authorization_server.ts";
import type { Connection } from "../../broker/core/connection.ts";
import type { Servers } from "../../broker/core/scopes.ts";
import type { Stored } from "../../broker/core/store.ts";

/** No decision goes out. */
function never(): never {
  throw new Error("A decision asked the provider");
}

/** A provider with two services. `calendar` includes two others, `mail` goes round in a circle. */
export function serverOf(words: Partial<AuthorizationServer> = {}): AuthorizationServer {
  return {
    name: "acme",
    title: "Acme",
    services: [
      { name: "calendar", title: "Acme Calendar", scopes: ["calendar"] },
      { name: "mail", title: "Acme Mail", scopes: ["mail"] },
    ],
    scopeNames: {
      office: ["calendar", "mail"],
      "calendar.readonly": ["calendar.ro"],
      calendar: ["calendar"],
    },
    impliedScopes: {
      calendar: ["calendar.ro"],
      "calendar.ro": ["calendar.free"],
      mail: ["mail.send"],
      "mail.send": ["mail"],
    },
    scopeTitles: {},
    identityScopes: ["openid"],
    acceptsScope: (scope) => /^(calendar|mail|openid)(\.[a-z]+)?$/.test(scope),
    credential: {
      kind: "oauth",
      authorizationUrl: never,
      exchange: never,
      refresh: never,
      revoke: never,
    },
    identify: never,
    ...words,
  };
}

export function serversOf(...servers: AuthorizationServer[]): Servers {
  return new Map(servers.map((server) => [server.name, server]));
}

/** A connection to {@linkcode serverOf}'s provider, as it is stored. */
export function storedOf(
  account: string,
  scopes: string[],
  more: Partial<Connection> = {},
): Stored<Connection> {
  const value: Connection = {
    subject: "voice:u",
    provider: "acme",
    account,
    label: `${account}@example.com`,
    status: "active",
    connectedAt: 0,
    updatedAt: 0,
    tokens: { accessToken: `token of ${account}`, tokenType: "Bearer", issuedAt: 0, scopes },
    ...more,
  };
  return { value, version: "1" };
}
