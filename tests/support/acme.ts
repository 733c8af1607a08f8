/**
 * A provider of a test's own, `acme`, that signs everybody in at once and notes
 * all that it is asked.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** A request as it came in. */
export interface Asked {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
}

/** The provider, as it runs. */
export interface Acme extends AsyncDisposable {
  asked: Asked[];
  url: string;
  /** Its entry of `PROVIDERS`. */
  spec: Record<string, unknown>;
}

export const ACME_PERSON = { id: "acme-person-4711", email: "ada.lovelace@acme.example" };

/**
 * Starts it; `api` answers what is below `/api/`, and whatever else is no part of OAuth. `firstLives`:
 * seconds that the token lives for which a code is given.
 */
export function startAcme(
  api: (asked: Asked) => Response | Promise<Response> = () => Response.json({ fine: true }),
  firstLives = 3600,
): Acme {
  const asked: Asked[] = [];
  let count = 0;
  const { port, close } = serve(async (request) => {
    const { method, headers } = request;
    const one = { method, url: new URL(request.url), headers, body: await request.text() };
    asked.push(one);
    count += 1;
    const params = one.url.searchParams;
    switch (one.url.pathname) {
      case "/authorize": {
        const back = new URL(params.get("redirect_uri")!);
        back.searchParams.set("code", `acme-code-${count}-Zp4`);
        back.searchParams.set("state", params.get("state")!);
        return Response.redirect(back, 302);
      }
      case "/token":
        return Response.json({
          access_token: `acme-access-${count}-Qx7`,
          refresh_token: `acme-refresh-${count}-Wy9`,
          token_type: "bearer",
          expires_in: one.body.includes("grant_type=refresh_token") ? 3600 : firstLives,
        });
      case "/revoke":
        return new Response();
      case "/me":
        return Response.json(ACME_PERSON);
      default:
        return await api(one);
    }
  });
  const url = `http://127.0.0.1:${port}`;
  const spec = {
    name: "acme",
    title: "Acme",
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    revocation_endpoint: `${url}/revoke`,
    scopes: ["read"],
    userinfo_endpoint: `${url}/me`,
    account_id: "id",
    account_label: "email",
    api_url: `${url}/api`,
  };
  return {
    asked,
    url,
    spec,
    [Symbol.asyncDispose]: close,
  };
}
