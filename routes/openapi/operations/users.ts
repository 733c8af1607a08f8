/**
 * Users as a whole, and session tokens that act for one.
 *
 * @module
 */

import { USER_ID_META } from "../../api/user_id.ts";
import { AuditLine } from "../../api/answers/audit.ts";
import { AuditQuery } from "../../api/audit.ts";
import { EventsAnswer } from "../../api/answers/events.ts";
import { EventsQuery } from "../../api/events.ts";
import { EndedSessionsAnswer, SessionAnswer, SessionsAnswer } from "../../api/answers/sessions.ts";
import { DeletedAnswer, PersonAnswer } from "../../api/answers/users.ts";
import { EndSessionsQuery, SessionBody, SessionsQuery } from "../../api/sessions.ts";
import { json, type Operation } from "../operation.ts";

const ID_PART = { id: USER_ID_META.description };

/** What is kept of a user, and its end. */
export const users: Operation[] = [
  {
    method: "GET",
    path: "/users/:id",
    id: "getUser",
    group: "Users",
    title: "All that is kept of a user",
    text: "As a JSON file, without secrets. What is too long is left out, and `truncated` says so.",
    parts: ID_PART,
    answer: json(PersonAnswer),
    key: "needed",
    refuses: ["vault_unavailable"],
  },
  {
    method: "DELETE",
    path: "/users/:id",
    id: "deleteUser",
    group: "Users",
    title: "Delete a user",
    text: "Every access is ended at its provider, as far as it can be, and all that is kept is " +
      "removed. Nothing new is kept of the user until `open_at`. Twice does no harm.",
    parts: ID_PART,
    answer: json(DeletedAnswer),
    key: "needed",
    refuses: ["connection_not_allowed", "vault_unavailable"],
  },
  {
    method: "GET",
    path: "/audit",
    id: "readAudit",
    group: "Users",
    title: "What was done for a user",
    text: "Who did what, when, and how it ended; never what was said in it. The newest first, as " +
      'lines of JSON. `Link` with `rel="next"` leads to what is older (RFC 8288).',
    query: AuditQuery,
    answer: { "application/x-ndjson": "An `AuditLine` in each line." },
    lines: AuditLine,
    key: "needed",
    refuses: ["vault_unavailable"],
  },
];

/** What happened to users' connections. */
export const happened: Operation[] = [
  {
    method: "GET",
    path: "/events",
    id: "readEvents",
    group: "Users",
    title: "What happened to your users' connections",
    text:
      "Of all your users, the oldest first, for 30 days. Keep `cursor`, and send it as `after` " +
      "next time: nothing is missed. The same is sent to a receiver, where one is set up.",
    query: EventsQuery,
    answer: json(EventsAnswer),
    key: "needed",
    refuses: [],
  },
];

/** Session tokens. */
export const sessions: Operation[] = [
  {
    method: "POST",
    path: "/sessions",
    id: "createSession",
    group: "Sessions",
    title: "Make a session token",
    text: "For platforms that send one static header to the MCP endpoint, such as voice agents. " +
      "It acts for one user, for as long and for as much as you say.",
    body: json(SessionBody),
    answer: json(SessionAnswer),
    key: "needed",
    refuses: ["unknown_service", "service_not_allowed", "tool_not_allowed", "user_deleted"],
  },
  {
    method: "GET",
    path: "/sessions",
    id: "listSessions",
    group: "Sessions",
    title: "The session tokens of a user",
    text: "Those that are good, without the tokens themselves.",
    query: SessionsQuery,
    answer: json(SessionsAnswer),
    key: "needed",
    refuses: [],
  },
  {
    method: "DELETE",
    path: "/sessions",
    id: "endSessions",
    group: "Sessions",
    title: "End session tokens",
    text: "All of a user, or one. They stop at once.",
    query: EndSessionsQuery,
    answer: json(EndedSessionsAnswer),
    key: "needed",
    refuses: [],
  },
];
