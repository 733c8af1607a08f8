/**
 * `POST /connections`: an API key, or a client and its secret, that a backend
 * has of its user, as a connection.
 *
 * @module
 */

import { z } from "zod";
import { appActor } from "../../broker/core/actor.ts";
import type { Secret } from "../../broker/core/authorization_server.ts";
import { shownKind } from "../../broker/core/credential.ts";
import { LINK_LENGTHS, LONGEST_KEY, LONGEST_PARAM } from "../../broker/core/link_bounds.ts";
import { servicesOf } from "../../broker/core/scopes.ts";
import { LONGEST_NAME } from "../../broker/core/shown_name.ts";
import { post, type Route } from "../http/area.ts";
import { readBody } from "../http/body.ts";
import { requireApiKey, requireScopes, requireSubject, requireTarget } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import type { SecretAnswer } from "./answers/connections.ts";
import { USER_ID_META } from "./user_id.ts";

/** A secret, and whose it is. */
export const SecretBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  service: z.string().max(LINK_LENGTHS.service)
    .describe("A service or a provider, as `GET /services` names it."),
  key: z.string().max(LONGEST_KEY).optional()
    .describe("The user's API key there. Or a client, by `client_id` and `client_secret`."),
  client_id: z.string().max(LONGEST_KEY).optional()
    .describe("Of a client that the user has made at the provider."),
  client_secret: z.string().max(LONGEST_KEY).optional().describe("Its secret."),
  scope: z.string().max(LINK_LENGTHS.scope).optional()
    .describe("What the client's tokens are asked for with."),
  params: z.record(z.string().max(64), z.string().max(LONGEST_PARAM)).optional()
    .describe("Where at the provider, for those with a host per customer."),
  label: z.string().min(1).max(LONGEST_NAME).optional()
    .describe("What the user would recognise, where the provider does not say."),
}).refine(
  ({ key, client_id, client_secret }) =>
    key !== undefined
      ? client_id === undefined && client_secret === undefined
      : client_id !== undefined && client_secret !== undefined,
  { path: ["key"], message: "or client_id and client_secret are needed, and not both" },
);

/** Handing over a secret. It is shown to its provider before it is kept, and never said again here. */
export function keyRoutes({ broker, gateway, world }: AppDeps): Route[] {
  return [
    post("/connections", async (c) => {
      const caller = await requireApiKey(c, gateway);
      const body = await readBody(c.req.raw, SecretBody, world);
      const { scope, params, label } = body;
      const subject = await requireSubject(c, gateway, caller, body.user_id);
      const target = requireTarget(caller, broker, body.service);
      requireScopes(caller, target, scope);
      const actor = appActor(caller.realm);
      const request = { subject, actor, target, secret: secretOf(body), scope, params, label };
      const { account, ...connection } = await gateway.doors.failing(
        "wrong_key",
        caller.realm,
        () => broker.connectBySecret(request),
      );
      return c.json(
        {
          provider: connection.provider,
          kind: shownKind(target.server),
          services: servicesOf(target.server, connection.tokens.scopes).map(({ name }) => name),
          account,
          label: connection.label,
        } satisfies SecretAnswer,
      );
    }),
  ];
}

function secretOf(
  { key, client_id = "", client_secret = "" }: z.output<typeof SecretBody>,
): Secret {
  return key === undefined
    ? { kind: "client_credentials", client: { id: client_id, secret: client_secret } }
    : { kind: "api_key", key };
}
