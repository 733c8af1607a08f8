/**
 * What a backend does with what its users have connected.
 *
 * @module
 */

import { z } from "zod";
import { TokenAnswer } from "../../api/answers/token.ts";
import { TokenBody } from "../../api/token_body.ts";
import { USER_ID_META } from "../../api/user_id.ts";
import type { Code } from "../codes.ts";
import { json, type Operation } from "../operation.ts";
import { SERVICE_PART } from "./connecting.ts";

const REFUSES: Code[] = [
  "unknown_service",
  "unknown_account",
  "not_connected",
  "service_not_allowed",
  "connection_not_allowed",
  "tools_only",
  "insufficient_scope",
  "reauthorization_required",
  "provider_unavailable",
  "vault_unavailable",
  "user_deleted",
];

const ProxyHeaders = z.object({
  "X-User-Id": z.string().meta(USER_ID_META),
  "X-Account": z.string().optional()
    .describe("Which of the user's accounts, by its id or label. Without it: the default one."),
  "X-Tenant": z.string().optional()
    .describe("Which organisation or site of the account, by its id or label."),
});

/** The token itself, or a request with it. */
export const tokens: Operation[] = [
  {
    method: "POST",
    path: "/token/:service",
    id: "getToken",
    group: "Provider tokens",
    title: "Get a provider token",
    text: "It is refreshed where it is about to end, for all who ask at the same time once. Do " +
      "not keep it: ask again when you need it again.",
    parts: SERVICE_PART,
    body: json(TokenBody),
    answer: json(TokenAnswer),
    key: "needed",
    refuses: REFUSES,
  },
  {
    method: "ANY",
    path: "/proxy/:service/*",
    id: "proxy",
    group: "Provider tokens",
    title: "Call a provider's API",
    text:
      "With the user's token put in, for backends that should never hold one. The path behind " +
      "the service's name and the query go to the API's own address as they are; slashes in it " +
      "stay slashes. Bodies are streamed both ways. Status and body of the answer are the API's, " +
      "and redirects are yours to follow. What is refused here is an error as everywhere, with " +
      "`error_description`.",
    parts: { ...SERVICE_PART, path: "The path at the provider's API, such as `user/repos`." },
    headers: ProxyHeaders,
    body: { "*/*": "Whatever the API takes." },
    answer: { "*/*": "What the API answers, with its own status." },
    key: "needed",
    refuses: [...REFUSES, "method_not_allowed"],
  },
];
