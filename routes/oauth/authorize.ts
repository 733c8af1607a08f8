/**
 * `/oauth/authorize`: an MCP client asks, a person decides (OAuth 2.1 §4.1.1).
 * The client and its redirect URI are checked first; until both are known,
 * faults are shown here and nobody is redirected anywhere.
 *
 * @module
 */

import type { Context } from "hono";
import type { Client } from "../../broker/core/client.ts";
import { isRedirectUri, mayRedirect } from "../../gateway/gateway.ts";
import type { Reason } from "../../broker/core/refusal.ts";
import { isLoopback } from "../../broker/core/addresses.ts";
import { agreed, type Reach, serviceOf, widenable } from "../../broker/core/gateway_scopes.ts";
import { type Area, get, post, sayPage } from "../http/area.ts";
import { parameters, readText } from "../http/body.ts";
import { addressOf } from "../http/caller.ts";
import { formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { notesOf } from "../http/asked.ts";
import { refuse } from "../http/errors.ts";
import { countAddress } from "../http/limited.ts";
import { wordsFor } from "../http/page_words.ts";
import { connectedServices } from "../http/connected_services.ts";
import { type Person, personOf, requirePerson } from "../http/session_cookie.ts";
import { signInPath } from "../http/sign_in_path.ts";

const FORM_LIMIT = 32 * 1024;

/** A request that may be answered by a redirect. */
interface AuthorizeRequest {
  client: Client;
  redirectUri: string;
  state: string | undefined;
  challenge: string;
  /** `dpop_jkt` (RFC 9449 §10). */
  jkt: string | undefined;
  scopes: string[];
  /** What the resource can be used for, with the query that the client named. */
  reach: Reach;
  resource: string;
}

/** Where a person decides. */
export function authorizeArea(deps: AppDeps): Area {
  const { gateway, publicUrl } = deps;

  return {
    sayError: sayPage(deps, { anew: "app" }),
    count: (c) => countAddress(c, deps),
    routes: [
      get("/oauth/authorize", async (c) => {
        const url = new URL(c.req.url);
        const request = await readRequest(c, deps, parameters(url.searchParams));
        if (request instanceof URL) return c.redirect(request.href, 303);
        const person = await personOf(c, deps);
        if (person === undefined) {
          return c.redirect(signInPath(`/oauth/authorize${url.search}`), 303);
        }
        return await consentPage(c, deps, { request, person, query: url.search.slice(1) });
      }),

      post("/oauth/authorize", async (c) => {
        const { session, secret } = await requirePerson(c, deps);
        const form = new URLSearchParams(await readText(c.req.raw, FORM_LIMIT, deps.world));
        const [services, changes] = [form.getAll("service"), form.getAll("change")];
        for (const boxes of ["service", "change"]) form.delete(boxes);
        const { request: query = "", decision, access, form_token: token } = parameters(form);
        requireOwnForm(c, publicUrl, { browser: secret, purpose: query, token });
        // Nothing of the form is believed but what the person chose: the request is read again.
        const request = await readRequest(c, deps, parameters(new URLSearchParams(query)));
        if (request instanceof URL) return c.redirect(request.href, 303);
        const choice = { services, readOnly: access === "read", changes };
        const scopes = agreed(request.scopes, request.reach, choice);
        if (decision === "allow" && scopes.length === 0) {
          const person = { session, secret };
          return await consentPage(c, deps, { request, person, query, nothingTicked: true });
        }
        if (decision !== "allow") {
          return c.redirect(sentBack(c, deps, request, "access_denied").href, 303);
        }
        const { client, redirectUri, challenge, jkt, resource } = request;
        const code = await gateway.issueCode({
          subject: session.subject,
          email: session.email,
          clientId: client.id,
          name: client.name,
          redirectUri,
          challenge,
          jkt,
          scopes,
          resource,
        });
        return c.redirect(answer(deps, request, { code }).href, 303);
      }),
    ],
  };
}

async function consentPage(
  c: Context,
  deps: AppDeps,
  { request, person, query, nothingTicked = false }: {
    request: AuthorizeRequest;
    person: Person;
    query: string;
    nothingTicked?: boolean;
  },
): Promise<Response> {
  const { client, redirectUri, scopes, reach } = request;
  const asked = scopes.map(serviceOf);
  const more = widenable(scopes, reach);
  const connected = await connectedServices(deps, person.session.subject);
  const services = deps.gateway.services.filter(({ name }) => asked.includes(name))
    .map(({ name, title, connects }) => ({
      ...{ name, title },
      mayChange: scopes.includes(name),
      canBeWidened: more.includes(name),
      connected: connects === undefined || connected.has(connects),
    }));
  const { consentPage } = await import("./consent.tsx");
  return c.html(consentPage({
    words: await wordsFor(c),
    nothingTicked,
    clientName: client.name,
    clientHost: client.kind === "document" ? new URL(client.id).host : undefined,
    kind: client.kind,
    redirect: whereTo(redirectUri),
    label: person.session.label,
    services,
    lifetimes: deps.gateway.grantLifetimes,
    now: deps.world.now(),
    fields: { request: query, form_token: formToken(person.secret, query) },
  }));
}

/** The checked request, or where to send the browser with an error. */
async function readRequest(
  c: Context,
  deps: AppDeps,
  params: Record<string, string>,
): Promise<AuthorizeRequest | URL> {
  const { state, code_challenge: challenge, scope } = params;
  const meant = deps.gateway.meant(params.resource ?? `${deps.publicUrl}/mcp`);
  const { resource, reach } = meant ?? NOWHERE;
  const scopes = deps.gateway.parseScopes(reach, scope);
  const error = faultOf(params, meant !== undefined, scopes);
  const client = await deps.gateway.client(params.client_id, {
    address: addressOf(c),
    // What is refused anyway fetches nothing, and counts for nothing.
    fault: mayBeRedirect(params.redirect_uri) ? error && faulty(error) : MISMATCH,
  });
  const redirectUri = params.redirect_uri ?? onlyRedirectUri(client);
  if (redirectUri === undefined || !mayRedirect(client, redirectUri)) {
    return refuse(MISMATCH);
  }
  const request = {
    client,
    redirectUri,
    state,
    challenge: challenge ?? "",
    jkt: params.dpop_jkt,
    scopes,
    reach,
    resource,
  };
  // Anybody registers an address: without a person's click nobody is sent there (RFC 9700
  // §4.11.2), unless it is this very device.
  const fail = (error: string) =>
    client.kind === "registered" && !isLoopback(new URL(redirectUri).hostname)
      ? refuse(faulty(error))
      : sentBack(c, deps, request, error);
  return error === undefined ? request : fail(error);
}

const NOWHERE = { resource: "", reach: { services: [], readOnly: true } };
const MISMATCH: Reason = { code: "redirect_uri_mismatch" };

function faulty(error: string): Reason {
  return { code: "invalid_request", detail: `This app's request is faulty: ${error}.` };
}

/** An address that no client of any kind may have matches none. */
function mayBeRedirect(uri: string | undefined): boolean {
  return uri === undefined || isRedirectUri(uri);
}

/** What is wrong with a request, whoever makes it. */
function faultOf(params: Record<string, string>, isHere: boolean, scopes: string[]) {
  const { response_type, code_challenge, code_challenge_method } = params;
  if (response_type !== "code") return "unsupported_response_type";
  // OAuth 2.1 §4.1.1: required, and S256 only; "plain" would let the code be used by a reader.
  const s256 = code_challenge_method === "S256";
  if (!s256 || !/^[A-Za-z0-9_-]{43}$/.test(code_challenge ?? "")) return "invalid_request";
  if (!isThumbprint(params.dpop_jkt)) return "invalid_request";
  if (!isHere) return "invalid_target";
  // An address at which there is nothing, such as one that names a service that is not here.
  return scopes.length === 0 ? "invalid_scope" : undefined;
}

/** RFC 7638, by SHA-256; what is not there binds to nothing. */
function isThumbprint(jkt: string | undefined): boolean {
  return jkt === undefined || /^[A-Za-z0-9_-]{43}$/.test(jkt);
}

/** OAuth 2.1 §4.1.1: may be left out where there is only one. */
function onlyRedirectUri({ redirectUris }: Client): string | undefined {
  return redirectUris.length === 1 ? redirectUris[0] : undefined;
}

/** The answer of one that comes to nothing, which the log has in the same word. */
function sentBack(
  c: Context,
  deps: AppDeps,
  request: Pick<AuthorizeRequest, "redirectUri" | "state">,
  error: string,
): URL {
  notesOf(c).error = error;
  return answer(deps, request, { error });
}

/** The redirect back, with `state` and `iss` (RFC 9207). */
function answer(
  { publicUrl }: AppDeps,
  { redirectUri, state }: Pick<AuthorizeRequest, "redirectUri" | "state">,
  result: { code: string } | { error: string },
): URL {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(result)) url.searchParams.set(name, value);
  if (state !== undefined) url.searchParams.set("state", state);
  url.searchParams.set("iss", publicUrl);
  return url;
}

/** Where the answer goes, for the person to see. What looks like a host in an app's own scheme is none. */
function whereTo(redirectUri: string): { host: string } | { scheme: string } {
  const { host, protocol } = new URL(redirectUri);
  return /^https?:$/.test(protocol) ? { host } : { scheme: protocol };
}
