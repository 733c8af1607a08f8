/**
 * A provider with a host per customer, all of them on one loopback server:
 * whatever is sent to any host of `.example` ends up here, and is noted.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** What came, and where it was meant to go. */
export interface Sent {
  host: string;
  path: string;
  form: Record<string, string>;
  bearer: string | undefined;
  headers: Record<string, string>;
}

/** The hosts, as they run. */
export interface CustomerHosts extends AsyncDisposable {
  /** The way out of a gateway, and of a browser. */
  fetch: typeof fetch;
  sent: Sent[];
  /** Beside the usual members of the next token answers. */
  says: Record<string, unknown>;
  /** In the query of the next callbacks. */
  callback: Record<string, string>;
  /** Beside the id and the name of whoever signs in. */
  person: Record<string, unknown>;
  /** The answer of `/tenants`. */
  tenants(): Response | Promise<Response>;
}

/** The entry of `PROVIDERS` for shops at `*.acme.example`. */
export const SHOPS = {
  name: "acme",
  title: "Acme",
  authorization_endpoint: "https://{shop}/authorize",
  token_endpoint: "https://{shop}/token",
  revocation_endpoint: "https://{shop}/revoke",
  userinfo_endpoint: "https://{shop}/me",
  account_id: "id",
  account_label: "name",
  api_url: "https://{shop}/api",
  params: { shop: { title: "Shop", pattern: "[a-z0-9-]+\\.acme\\.example" } },
  hosts: ["*.acme.example"],
};

/** The entry for one server whose answers say where the API is. */
export const INSTANCES = {
  name: "acme",
  title: "Acme",
  authorization_endpoint: "https://login.acme.example/authorize",
  token_endpoint: "https://login.acme.example/token",
  userinfo_endpoint: "https://login.acme.example/me",
  account_id: "id",
  account_label: "name",
  api_url: "{instance_url}/api",
  extra: { instance_url: "instance_url", team: "team.id" },
  callback_extra: ["realmId"],
  hosts: ["*.acme.example"],
};

/** The entry for one server with several services, and several tenants of each account. */
export const SUITE = {
  name: "acme",
  title: "Acme",
  authorization_endpoint: "https://login.acme.example/authorize",
  token_endpoint: "https://login.acme.example/token",
  userinfo_endpoint: "https://login.acme.example/me",
  account_id: "id",
  account_label: "name",
  identity_scopes: ["me"],
  api_url: "https://api.acme.example",
  services: [
    {
      name: "acme_mail",
      title: "Acme Mail",
      scopes: ["mail.write", "mail.send"],
      more_scopes: ["mail.settings"],
      api_url: "https://api.acme.example/mail/{site}",
    },
    {
      name: "acme_files",
      title: "Acme Files",
      scopes: ["files.write"],
      more_scopes: ["everything"],
      api_url: "https://files.acme.example",
    },
    { name: "acme_wiki", title: "Acme Wiki", scopes: ["wiki.write"], more_scopes: ["everything"] },
  ],
  implied_scopes: {
    "mail.write": ["mail.read"],
    "files.write": ["files.read"],
    everything: ["files.write"],
  },
  tenants: {
    endpoint: "https://api.acme.example/tenants",
    name: "site",
    id: "id",
    label: "name",
    extra: { site_url: "url" },
  },
};

/** What a gateway needs beside an entry. */
export function envOf(spec: { name: string }): Record<string, string> {
  const name = spec.name.toUpperCase();
  return {
    PROVIDERS: JSON.stringify([spec]),
    [`${name}_CLIENT_ID`]: "id",
    [`${name}_CLIENT_SECRET`]: "secret",
  };
}

/** Starts them. */
export function startCustomerHosts(): CustomerHosts {
  const sent: Sent[] = [];
  let issued = 0;
  const hosts: Pick<CustomerHosts, "says" | "callback" | "person" | "tenants"> = {
    says: {},
    callback: {},
    person: {},
    tenants: () => Response.json([]),
  };

  const { port, close } = serve(async (request) => {
    const url = new URL(request.url);
    const [, host = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    const bearer = request.headers.get("Authorization")?.replace("Bearer ", "");
    sent.push({ host, path, form, bearer, headers: Object.fromEntries(request.headers) });
    switch (path) {
      case "/authorize": {
        const back = new URL(url.searchParams.get("redirect_uri")!);
        const state = url.searchParams.get("state")!;
        back.search = String(new URLSearchParams({ code: "c", state, ...hosts.callback }));
        return Response.redirect(back);
      }
      case "/token":
        issued += 1;
        return Response.json({
          access_token: `access-${issued}`,
          refresh_token: `refresh-${issued}`,
          expires_in: 3600,
          scope: "read",
          ...hosts.says,
        });
      case "/me":
        // At each host somebody is the first.
        return Response.json({ id: 1, name: "Ada", ...hosts.person });
      case "/tenants":
        return await hosts.tenants();
      default:
        return Response.json({ ok: true });
    }
  });

  return Object.assign(hosts, {
    sent,
    fetch: ((input: RequestInfo | URL, init?: RequestInit) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (!url.hostname.endsWith(".example") || url.hostname === "switchboard.example") {
        return fetch(input, init);
      }
      return fetch(`http://127.0.0.1:${port}/${url.host}${url.pathname}${url.search}`, init);
    }) as typeof fetch,
    [Symbol.asyncDispose]: close,
  });
}
