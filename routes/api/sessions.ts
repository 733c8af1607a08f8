/**
 * `/sessions`: a backend makes session tokens for platforms that send one static
 * header, lists them, and ends them.
 *
 * @module
 */

import { z } from "zod";
import type { ApiKey } from "../../broker/core/api_key.ts";
import { SESSION_TOKEN_SECONDS, type SessionToken } from "../../broker/core/grant.ts";
import { unique } from "../../broker/core/lists.ts";
import { partsOf } from "../../broker/core/subject.ts";
import { permitsName } from "../../broker/core/tool_policy.ts";
import { requireService } from "../../gateway/gateway.ts";
import { del, get, post, type Route } from "../http/area.ts";
import { check, queryOf, readBody } from "../http/body.ts";
import { requireApiKey, servicesCalled, subjectFor } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import type { EndedSessionsAnswer, SessionAnswer, SessionsAnswer } from "./answers/sessions.ts";
import { USER_ID_META } from "./user_id.ts";

/** Names in each list, and characters of a name. */
export const SESSION_LISTS = { services: 50, tools: 200, accounts: 50 };
const LONGEST = { service: 64, tool: 128, account: 320 };
/** In the place of services: all that the key may. */
const ALL = "*";

/** What a session token is for. */
export const SessionBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  services: z.array(z.string().min(1).max(LONGEST.service)).min(1).max(SESSION_LISTS.services)
    .describe('Services or providers that it is for. `["*"]`: all that your API key is for.'),
  tools: z.array(z.string().min(1).max(LONGEST.tool)).min(1).max(SESSION_LISTS.tools).optional()
    .describe("Tools that it is for, by their names. Without it: all of the services."),
  read_only: z.boolean().default(false).describe("Only tools that change nothing."),
  accounts: z.array(z.string().min(1).max(LONGEST.account)).min(1).max(SESSION_LISTS.accounts)
    .optional().describe("Accounts that it is for, by id or label. Without it: all."),
  expires_in: z.int().min(SESSION_TOKEN_SECONDS.min).max(SESSION_TOKEN_SECONDS.max)
    .default(SESSION_TOKEN_SECONDS.fallback).describe("Seconds that it is good for."),
  voice: z.boolean().default(false)
    .describe("Answers are short enough to be read out, and come within a few seconds."),
}).strict();

/** Whose are listed. */
export const SessionsQuery = z.object({ user_id: z.string().meta(USER_ID_META) });

/** Whose are ended. */
export const EndSessionsQuery = z.object({
  user_id: z.string().meta(USER_ID_META),
  id: z.string().max(64).optional().describe("One of them. Without it: all."),
});

/** Making session tokens, and ending them. */
export function sessionRoutes(deps: AppDeps): Route[] {
  const { gateway, world, publicUrl } = deps;
  return [
    post("/sessions", async (c) => {
      const key = await requireApiKey(c, gateway);
      const body = await readBody(c.req.raw, SessionBody, world);
      const { token, record } = await gateway.createSessionToken(key, {
        subject: subjectFor(c, key.realm, body.user_id),
        services: servicesOf(deps, key, unique(body.services)),
        tools: toolsOf(key, body.tools),
        readOnly: body.read_only,
        accounts: body.accounts,
        voice: body.voice,
        lifetimeMs: body.expires_in * 1000,
      });
      return c.json(
        {
          token,
          token_type: "Bearer",
          expires_in: body.expires_in,
          expires_at: record.expiresAt,
          mcp_url: `${publicUrl}/mcp`,
          id: record.id,
        } satisfies SessionAnswer,
      );
    }),

    get("/sessions", async (c) => {
      const { realm } = await requireApiKey(c, gateway);
      const { user_id } = check(SessionsQuery, queryOf(c.req.raw));
      const sessions = await gateway.sessionTokens(subjectFor(c, realm, user_id));
      return c.json({ sessions: sessions.map(shown) } satisfies SessionsAnswer);
    }),

    del("/sessions", async (c) => {
      const { realm } = await requireApiKey(c, gateway);
      const { user_id, id } = check(EndSessionsQuery, queryOf(c.req.raw));
      const ended = await gateway.endSessionTokens(subjectFor(c, realm, user_id), id);
      return c.json({ ended } satisfies EndedSessionsAnswer);
    }),
  ];
}

/**
 * The services that are asked for, each by its own name; `undefined`: all that the key may.
 *
 * @throws {Refusal} `unknown_service`, `service_not_allowed`, `invalid_request`.
 */
function servicesOf(deps: AppDeps, key: ApiKey, names: string[]): string[] | undefined {
  if (names.includes(ALL)) {
    if (names.length === 1) return undefined;
    return refuse({ code: "invalid_request", detail: `services: "${ALL}" stands alone.` });
  }
  return unique(names.flatMap((name) => allowedServices(deps, key, name)));
}

function allowedServices(deps: AppDeps, key: ApiKey, name: string): string[] {
  const services = servicesCalled(deps, name);
  for (const service of services) {
    const provider = [...deps.providers.values()].find((each) =>
      each.services.some((own) => own.name === service)
    );
    requireService(key, provider?.name ?? service, [service]);
  }
  return services;
}

/** @throws {Refusal} `tool_not_allowed`. What the key may not use, no token of it may. */
function toolsOf({ tools: allowed, policy = {} }: ApiKey, wanted?: string[]): string[] | undefined {
  const beyond = wanted?.find((tool) =>
    !(allowed?.includes(tool) ?? true) || !permitsName(policy, tool)
  );
  return beyond === undefined ? wanted : refuse({ code: "tool_not_allowed", tool: beyond });
}

/** Everything but the token, which is not kept. */
function shown(
  { id, subject, services, tools, readOnly, accounts, voice, ...times }: SessionToken,
) {
  return {
    id,
    user_id: partsOf(subject).userId,
    services: services ?? [ALL],
    tools,
    read_only: readOnly,
    accounts,
    voice,
    created_at: times.createdAt,
    expires_at: times.expiresAt,
  };
}
