/**
 * How a user comes to have something connected, and how that ends.
 *
 * @module
 */

import {
  ConnectionsAnswer,
  DefaultAnswer,
  EndedAnswer,
  SecretAnswer,
} from "../../api/answers/connections.ts";
import { ClaimAnswer, LinkAnswer } from "../../api/answers/links.ts";
import { ServicesAnswer } from "../../api/answers/services.ts";
import { DefaultBody, EndQuery, ListQuery } from "../../api/connections.ts";
import { SecretBody } from "../../api/keys.ts";
import { ClaimBody, LinkBody } from "../../api/links.ts";
import { ServicesQuery } from "../../api/services.ts";
import { json, type Operation } from "../operation.ts";

/** What `{service}` is. */
export const SERVICE_PART = {
  service: "A service such as `calendar`, or a provider such as `google`.",
};

/** Links, connections, services. */
export const connecting: Operation[] = [
  {
    method: "GET",
    path: "/services",
    id: "listServices",
    group: "Connecting",
    title: "What can be connected",
    text: "With marks, and with scopes in words, for apps that draw their own pages.",
    query: ServicesQuery,
    answer: json(ServicesAnswer),
    key: "needed",
    refuses: ["vault_unavailable"],
  },
  {
    method: "POST",
    path: "/links",
    id: "createLink",
    group: "Connecting",
    title: "Make a connect link",
    text: "The user opens it in their own browser, reads who asks for what, and signs in at the " +
      "provider. Where `return_to` is given, or set for your API key, the user comes back to it " +
      "with `?code=…`, and nothing is connected until `POST /links/claim`.",
    body: json(LinkBody),
    answer: json(LinkAnswer),
    key: "needed",
    refuses: ["unknown_service", "service_not_allowed", "user_deleted"],
  },
  {
    method: "POST",
    path: "/links/claim",
    id: "claimLink",
    group: "Connecting",
    title: "Claim what was connected",
    text: "For the user who is signed in at your app, with the code that came to `return_to` in " +
      "that user's browser. So a link that was sent to somebody else connects nothing for you.",
    body: json(ClaimBody),
    answer: json(ClaimAnswer),
    key: "needed",
    refuses: [
      "code_invalid",
      "unknown_service",
      "service_not_allowed",
      "connection_not_allowed",
      "link_withdrawn",
      "not_stored",
      "not_keepable",
      "quota_exceeded",
      "user_deleted",
      "vault_unavailable",
    ],
  },
  {
    method: "GET",
    path: "/connections",
    id: "listConnections",
    group: "Connecting",
    title: "What a user has connected",
    text: "One that has ended is listed as well, until it is connected again or ended here.",
    query: ListQuery,
    answer: json(ConnectionsAnswer),
    key: "needed",
    refuses: ["vault_unavailable"],
  },
  {
    method: "POST",
    path: "/connections",
    id: "connectBySecret",
    group: "Connecting",
    title: "Connect by an API key, or by a client",
    text: "Of services whose `kind` is `api_key` or `client_credentials`, where you have the " +
      "user's secret. The provider is asked whose it is before it is kept. Give `key`, or " +
      "`client_id` and `client_secret`.",
    body: json(SecretBody),
    answer: json(SecretAnswer),
    key: "needed",
    refuses: [
      "unknown_service",
      "service_not_allowed",
      "connection_not_allowed",
      "key_refused",
      "client_refused",
      "provider_unavailable",
      "not_stored",
      "not_keepable",
      "quota_exceeded",
      "too_large",
      "user_deleted",
      "vault_unavailable",
    ],
  },
  {
    method: "DELETE",
    path: "/connections/:service",
    id: "endConnection",
    group: "Connecting",
    title: "End a connection",
    text:
      "The access is ended at the provider, as far as it can be, and what is kept is deleted. " +
      "It ends for all services of the provider that it opened.",
    parts: SERVICE_PART,
    query: EndQuery,
    answer: json(EndedAnswer),
    key: "needed",
    refuses: [
      "unknown_service",
      "unknown_account",
      "not_connected",
      "service_not_allowed",
      "connection_not_allowed",
      "vault_unavailable",
    ],
  },
  {
    method: "POST",
    path: "/connections/:service/default",
    id: "chooseDefaultAccount",
    group: "Connecting",
    title: "Choose the default account",
    text: "It is meant from then on where no account is named.",
    parts: SERVICE_PART,
    body: json(DefaultBody),
    answer: json(DefaultAnswer),
    key: "needed",
    refuses: [
      "unknown_service",
      "unknown_account",
      "not_connected",
      "service_not_allowed",
      "connection_not_allowed",
      "reauthorization_required",
      "user_deleted",
      "vault_unavailable",
    ],
  },
];
