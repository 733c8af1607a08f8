/**
 * `@cloudflare/workers-oauth-provider` on Cloudflare's runtime: an access token of
 * its own opens what was stored with the grant, here the provider's token, and the
 * handler hands it out.
 *
 * @module
 */

import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
import { WorkerEntrypoint } from "cloudflare:workers";

class ApiHandler extends WorkerEntrypoint {
  fetch() {
    return Response.json({ access_token: this.ctx.props.accessToken });
  }
}

/** Consents for everybody, since no person is there. */
const defaultHandler = {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== "/authorize") return new Response("ok");
    const asked = await env.OAUTH_PROVIDER.parseAuthRequest(request);
    const { redirectTo } = await env.OAUTH_PROVIDER.completeAuthorization({
      request: asked,
      userId: "ana",
      metadata: {},
      scope: asked.scope,
      props: { accessToken: "gho_a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2" },
    });
    return Response.redirect(redirectTo, 302);
  },
};

export default new OAuthProvider({
  apiRoute: "/api",
  apiHandler: ApiHandler,
  defaultHandler,
  authorizeEndpoint: "/authorize",
  tokenEndpoint: "/oauth/token",
  clientRegistrationEndpoint: "/oauth/register",
  scopesSupported: ["tokens"],
  // The Host of all that is sent to it.
  resourceMetadata: {
    resource: "http://localhost/api",
    authorization_servers: ["http://localhost"],
  },
});
