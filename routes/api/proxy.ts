/**
 * `ANY /proxy/{service}/*`: a provider's API with its token put in, for
 * backends that should never hold one. Only to the provider's own hosts;
 * bodies are streamed both ways.
 *
 * @module
 */

import { appActor } from "../../broker/core/actor.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { any, pathPart, type Route } from "../http/area.ts";
import { notesOf } from "../http/asked.ts";
import { apiKeyOf, requireAllTools, requireTarget, subjectFor } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse, refuseHttp } from "../http/errors.ts";
import { count, ofKey, ofSubject } from "../http/limited.ts";
import { forward } from "./proxy_forward.ts";
import { aimOf } from "./proxy_aim.ts";
import { targetUrl } from "./proxy_target.ts";

const WAIT_MS = 15_000;
/** CONNECT and TRACE are no calls of an API; OPTIONS is a browser's question, and would be answered for our origin. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** The usual methods below `/proxy/{service}/`. */
export function proxyRoutes(deps: AppDeps): Route[] {
  const { broker, gateway, providers } = deps;
  return [
    any("/proxy/:service/*", async (c) => {
      const request = c.req.raw;
      if (!METHODS.includes(request.method)) {
        refuseHttp({ code: "method_not_allowed", allow: METHODS.join(", ") });
      }
      const key = apiKeyOf(c, gateway);
      requireAllTools(key);
      const service = pathPart(c, "service");
      const subject = subjectFor(c, key.realm, c.req.header("X-User-Id"));
      await count(c, gateway.limits, [ofSubject(subject, key), ...ofKey(key)]);
      const target = requireTarget(key, broker, service);
      const provider = providers.get(target.server.name)!;
      const part = target.isProvider ? undefined : target.services[0]?.name;
      // Before anything is asked for: what leads nowhere costs no token.
      targetUrl(request.url, provider, part);
      const aimFor = (tokens: TokenSet) => aimOf(request, { provider, service: part }, tokens);
      requireFitting(request);
      const account = c.req.header("X-Account");
      const tokensOf = async (rejected?: string) => {
        const { tokens } = await broker.token({
          subject,
          actor: appActor(key.realm),
          service,
          reach: key.services,
          scopes: [],
          account,
          rejected,
          // Once for a request, though a second token may be asked for.
          noted: rejected === undefined ? "api_called" : undefined,
          waitMs: WAIT_MS,
        });
        return tokens;
      };
      const notes = notesOf(c);
      const named = (id: string) => notes.providerRequestId = id;
      const response = await forward(deps, { request, provider, aimFor, tokensOf, named });
      notes.isHandedOn = true;
      return response;
    }),
  ];
}

/** A body where none belongs is not dropped without a word: `fetch` cannot send it. */
function requireFitting({ method, headers }: Request): void {
  if (method !== "GET" && method !== "HEAD") return;
  if (headers.has("Transfer-Encoding") || Number(headers.get("Content-Length") ?? 0) !== 0) {
    refuse({ code: "invalid_request", detail: `A ${method} has no body.` });
  }
}
