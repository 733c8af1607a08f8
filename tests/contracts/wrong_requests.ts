/**
 * Requests that no vendor describes, and what has to be said of them: so it is
 * known that the contract test would find them.
 *
 * @module
 */

import type { Json } from "../support/api.ts";

/** A vendor's service, a request, and a part of what is wrong with it; `""`: nothing is. */
export type Row = [service: string, request: string, body: Json, fault: string];

const GITHUB = "https://api.github.com/repos/o/r";
const GOOGLE = "https://www.googleapis.com";
const GMAIL = "https://gmail.googleapis.com/gmail/v1/users/me";
const SLACK = "https://slack.com/api";
const ASANA = "https://app.asana.com/api/1.0";
const LINEAR = "POST https://api.linear.app/graphql";
const query = (query: string, variables: Json = {}): Json => ({ query, variables });

export const WRONG: Row[] = [
  ["github", `GET ${GITHUB}/issues?state=all&per_page=100`, undefined, ""],
  ["github", `GET ${GITHUB}/issue`, undefined, "is not described"],
  ["github", `PUT ${GITHUB}/issues/7`, {}, "is not described"],
  ["github", `GET ${GITHUB}/issues?status=open`, undefined, "sends status, which is not"],
  ["github", `GET ${GITHUB}/issues?state=merged`, undefined, "sends a wrong state"],
  ["github", `GET ${GITHUB}/issues?page=two`, undefined, "sends a wrong page"],
  ["github", `GET ${GITHUB}/issues?since=yesterday`, undefined, "sends a wrong since"],
  ["github", `GET ${GITHUB}/issues/seven`, undefined, "sends a wrong issue_number"],
  ["github", "GET https://api.github.com/search/issues", undefined, "lacks q"],
  ["github", `POST ${GITHUB}/issues`, { title: "x", labels: ["bug"] }, ""],
  ["github", `POST ${GITHUB}/issues`, undefined, "lacks a body"],
  ["github", `POST ${GITHUB}/issues`, { body: "x" }, "required property 'title'"],
  ["github", `POST ${GITHUB}/issues`, { title: "x", label: "bug" }, "sends label, which is not"],
  ["github", `POST ${GITHUB}/issues`, { title: "x", labels: "bug" }, "/labels must be array"],
  ["github", `POST ${GITHUB}/issues`, { title: "x", assignee: "a" }, "sends assignee"],
  ["github", `PATCH ${GITHUB}/issues/7`, { state: "shut" }, "must be equal to one of"],

  ["calendar", `GET ${GOOGLE}/calendar/v3/calendars/primary/events?maxResults=3`, undefined, ""],
  ["calendar", `GET ${GOOGLE}/calendar/v3/calendars/primary/event`, undefined, "not described"],
  [
    "calendar",
    `GET ${GOOGLE}/calendar/v3/calendars/primary/events?limit=3`,
    undefined,
    "sends limit",
  ],
  [
    "calendar",
    `GET ${GOOGLE}/calendar/v3/calendars/primary/events?maxResults=few`,
    undefined,
    "sends a wrong maxResults",
  ],
  [
    "calendar",
    `GET ${GOOGLE}/calendar/v3/calendars/primary/events?timeMin=2026-11-24T14:00`,
    undefined,
    "sends a wrong timeMin",
  ],
  [
    "calendar",
    `GET ${GOOGLE}/calendar/v3/calendars/primary/events?alwaysIncludeEmail=true`,
    undefined,
    "sends alwaysIncludeEmail",
  ],
  [
    "calendar",
    `GET ${GOOGLE}/calendar/v3/calendars/primary/events?fields=items(id,titel)`,
    undefined,
    "asks for the field titel",
  ],
  [
    "calendar",
    `POST ${GOOGLE}/calendar/v3/calendars/primary/events`,
    { title: "x" },
    "sends title, which is not described",
  ],
  [
    "calendar",
    `POST ${GOOGLE}/calendar/v3/calendars/primary/events`,
    { start: { dateTime: 7 } },
    "/start/dateTime",
  ],
  [
    "calendar",
    `POST ${GOOGLE}/calendar/v3/calendars/primary/events`,
    { visibility: "secret" },
    "must be equal to one of",
  ],
  ["gmail", `GET ${GMAIL}/messages?q=x`, undefined, ""],
  ["gmail", `GET ${GMAIL}/message`, undefined, "is not described"],
  ["gmail", `GET ${GMAIL}/messages?query=x`, undefined, "sends query"],
  ["gmail", `POST ${GMAIL}/messages/send`, { text: "x" }, "sends text"],
  ["drive", `GET ${GOOGLE}/drive/v3/files?fields=files(id,owners/emailAddress)`, undefined, ""],
  ["drive", `GET ${GOOGLE}/drive/v3/files?fields=files(title)`, undefined, "the field title"],
  ["drive", `POST ${GOOGLE}/upload/drive/v3/files`, undefined, "lacks uploadType"],

  ["slack", `GET ${SLACK}/conversations.history?channel=C1&limit=3`, undefined, ""],
  ["slack", `GET ${SLACK}/conversations.read?channel=C1`, undefined, "is not described"],
  ["slack", `GET ${SLACK}/conversations.history`, undefined, "lacks channel"],
  ["slack", `GET ${SLACK}/conversations.history?channel=C1&count=3`, undefined, "sends count"],
  ["slack", `GET ${SLACK}/conversations.history?channel=C1&limit=all`, undefined, "wrong limit"],
  ["slack", `POST ${SLACK}/chat.postMessage`, { channel: "C1", text: "x" }, ""],
  ["slack", `POST ${SLACK}/chat.postMessage`, { channel: "C1", text: 7 }, "sends a wrong body"],
  ["slack", `POST ${SLACK}/chat.postMessage`, { text: "x" }, "sends a wrong body"],
  [
    "slack",
    `POST ${SLACK}/chat.postMessage`,
    { channel: "C1", text: "x", thread: "1.1" },
    "sends thread, which is not described",
  ],

  ["asana", `GET ${ASANA}/tasks?assignee=me&workspace=1&limit=100`, undefined, ""],
  ["asana", `GET ${ASANA}/task/1`, undefined, "is not described"],
  ["asana", `GET ${ASANA}/tasks?limit=101`, undefined, "sends a wrong limit"],
  ["asana", `GET ${ASANA}/tasks?page=2`, undefined, "sends page"],
  ["asana", `GET ${ASANA}/tasks?opt_fields=name,title`, undefined, "the field title"],
  [
    "asana",
    `GET ${ASANA}/workspaces/1/tasks/search?sort_by=name`,
    undefined,
    "sends a wrong sort_by",
  ],
  ["asana", `POST ${ASANA}/tasks`, { name: "x" }, "required property 'data'"],

  ["linear", LINEAR, query("{ viewer { id } }"), ""],
  ["linear", "POST https://api.linear.app/graph", query("{ viewer { id } }"), "not described"],
  ["linear", LINEAR, query("{ viewer { nick } }"), 'Cannot query field "nick"'],
  ["linear", LINEAR, query("{ issues(limit: 3) { nodes { id } } }"), 'argument "limit"'],
  ["linear", LINEAR, query("{ issue { id } }"), 'argument "id"'],
  ["linear", LINEAR, query("{ issues(orderBy: title) { nodes { id } } }"), "does not exist in"],
  [
    "linear",
    LINEAR,
    query("query($f: IssueFilter) { issues(filter: $f) { nodes { id } } }", { f: { tag: 1 } }),
    '"tag" is not defined',
  ],
  [
    "linear",
    LINEAR,
    query("query($n: Int) { issues(first: $n) { nodes { id } } }", { n: "many" }),
    "cannot represent",
  ],
  ["linear", LINEAR, query("{ viewer { id } }", { n: 1 }), "sends the variable n"],
];
