/**
 * `POST /links`, `POST /links/claim`: a backend makes connect links for its
 * users, and claims what they connected.
 *
 * @module
 */

import { z } from "zod";
import { LINK_LENGTHS, LINK_SECONDS, LONGEST_PARAM } from "../../broker/core/link_bounds.ts";
import { unique } from "../../broker/core/lists.ts";
import type { Target } from "../../broker/core/scopes.ts";
import { appActor } from "../../broker/core/actor.ts";
import { extraOf } from "../../broker/core/tenants.ts";
import { post, type Route } from "../http/area.ts";
import { readBody } from "../http/body.ts";
import { requireApiKey, requireScopes, requireSubject, requireTarget } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import type { ClaimAnswer, LinkAnswer } from "./answers/links.ts";
import { USER_ID_META } from "./user_id.ts";

/** Characters of a service's name. */
export const LONGEST_NAME = 64;
/** Services that one link asks for; their names together are within {@linkcode LINK_LENGTHS}. */
export const MOST_SERVICES = 20;

const ServiceName = z.string().min(1).max(LONGEST_NAME);

/** Which link is wanted. */
export const LinkBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  service: ServiceName.optional()
    .describe("A service or a provider, as `GET /services` names it. Or several, by `services`."),
  services: z.array(ServiceName).min(1).max(MOST_SERVICES).optional()
    .describe("In the place of `service`: several of one provider, asked for together."),
  scope: z.string().max(LINK_LENGTHS.scope).optional()
    .describe("What to ask for, in the place of what the service asks for by itself."),
  account: z.string().max(LINK_LENGTHS.account).optional()
    .describe("The account that is meant, by its id or label: the user is told if another comes."),
  return_to: z.string().max(LINK_LENGTHS.returnTo).optional()
    .describe("Where the user comes back to, with a code for `POST /links/claim`."),
  origin: z.string().max(LINK_LENGTHS.origin).optional()
    .describe("The web origin of your page that opens the link in a pop-up."),
  params: z.record(z.string().max(64), z.string().max(LONGEST_PARAM)).optional()
    .describe("Where at the provider, for those with a host per customer."),
  expires_in: z.int().min(LINK_SECONDS.min).max(LINK_SECONDS.max).optional()
    .describe("Seconds that the link is good for."),
}).refine(
  ({ service, services }) => (service === undefined) !== (services === undefined),
  { path: ["service"], message: "is missing, or stands beside services" },
);

/** What is claimed. */
export const ClaimBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  code: z.string().describe("As it came to `return_to`, or from the pop-up. Good once."),
});

/** Several services as one. @throws {Refusal} `invalid_request` where they are of several providers. */
function together(targets: Target[]): Target {
  const [first, ...others] = targets;
  const other = others.find(({ server }) => server !== first!.server);
  if (other !== undefined) {
    const { server: { title: one } } = first!;
    const detail = `services: ${one} and ${other.server.title} take a link each`;
    return refuse({ code: "invalid_request", detail });
  }
  const { server } = first!;
  const all = targets.flatMap(({ services }) => services);
  const services = server.services.filter((service) => all.includes(service));
  return { server, services, isProvider: targets.some(({ isProvider }) => isProvider) };
}

/** Making a link, and claiming what came of it. */
export function linkRoutes({ broker, gateway, world }: AppDeps): Route[] {
  return [
    post("/links", async (c) => {
      const key = await requireApiKey(c, gateway, "link");
      const body = await readBody(c.req.raw, LinkBody, world);
      const subject = await requireSubject(c, gateway, key, body.user_id);
      const names = unique(body.services ?? [body.service!]);
      const target = together(names.map((name) => requireTarget(key, broker, name)));
      requireScopes(key, target, body.scope);
      const { url, expiresAt } = await broker.createLink({
        subject,
        actor: appActor(key.realm),
        target,
        service: names.join("+"),
        scope: body.scope,
        account: body.account,
        returnTo: body.return_to,
        origin: body.origin,
        params: body.params,
        lifetimeMs: body.expires_in === undefined ? undefined : body.expires_in * 1000,
      });
      return c.json({ url, expires_at: expiresAt } satisfies LinkAnswer);
    }),

    post("/links/claim", async (c) => {
      const key = await requireApiKey(c, gateway);
      const { user_id, code } = await readBody(c.req.raw, ClaimBody, world);
      const subject = await requireSubject(c, gateway, key, user_id);
      const request = { subject, actor: appActor(key.realm) };
      const { connection, services, missing, meant } = await gateway.doors.failing(
        "wrong_claim",
        key.realm,
        () => broker.claim(request, code),
      );
      const { provider, account, label, tokens } = connection;
      return c.json(
        {
          provider,
          services,
          account,
          label,
          scope: tokens.scopes.join(" "),
          missing,
          // Another account came than the one that the link was about.
          expected_account: meant?.account,
          expected_label: meant?.label,
          extra: extraOf(tokens),
          tenants: tokens.tenants,
        } satisfies ClaimAnswer,
      );
    }),
  ];
}
