/**
 * What Asana's reference says of the things that its API gives, as far as the
 * tools ask for them.
 *
 * https://developers.asana.com/reference/tasks, /stories, /projects, /workspaces, /users
 *
 * @module
 */

import type { Schema } from "../description.ts";

const text = { type: "string" };
const maybe = { type: "string", nullable: true };
const flag = { type: "boolean" };
const moment = { type: "string", format: "date-time" };
const to = (name: string, nullable = false): Schema => ({ $ref: `#${name}`, nullable });
const many = (name: string): Schema => ({ type: "array", items: { $ref: `#${name}` } });

function thing(properties: Record<string, Schema>): Schema {
  return {
    type: "object",
    properties: { gid: text, resource_type: text, ...properties },
    required: ["gid"],
  };
}

export const THINGS: Record<string, Schema> = {
  named: thing({ name: text }),
  user: thing({
    name: text,
    email: text,
    photo: { type: "object", nullable: true, properties: { image_60x60: text } },
    workspaces: many("named"),
  }),
  workspace: thing({
    name: text,
    is_organization: flag,
    email_domains: { type: "array", items: text },
  }),
  section: thing({ name: text, created_at: moment, project: to("named") }),
  tag: thing({ name: text, color: maybe, permalink_url: text }),
  project: thing({
    name: text,
    archived: flag,
    color: maybe,
    completed: flag,
    completed_at: { ...moment, nullable: true },
    created_at: moment,
    modified_at: moment,
    due_on: { ...maybe, format: "date" },
    start_on: { ...maybe, format: "date" },
    notes: text,
    owner: to("user", true),
    team: to("named", true),
    workspace: to("workspace"),
    members: many("named"),
    permalink_url: text,
    public: flag,
  }),
  story: thing({
    created_at: moment,
    created_by: to("user", true),
    resource_subtype: text,
    text,
    html_text: text,
    is_editable: flag,
    is_edited: flag,
    is_pinned: flag,
    type: { enum: ["comment", "system"] },
    target: to("named"),
  }),
  option: thing({ name: text, color: maybe, enabled: flag }),
  field: thing({
    name: text,
    type: text,
    display_value: maybe,
    text_value: maybe,
    number_value: { type: "number", nullable: true },
    enum_value: to("option", true),
    multi_enum_values: many("option"),
    date_value: {
      type: "object",
      nullable: true,
      properties: { date: { ...maybe, format: "date" }, date_time: { ...moment, nullable: true } },
    },
    people_value: many("user"),
    reference_value: many("named"),
  }),
  task: thing({
    name: text,
    custom_fields: many("field"),
    custom_type: to("named", true),
    dependents: many("named"),
    resource_subtype: text,
    approval_status: text,
    assignee: to("user", true),
    assignee_status: text,
    completed: flag,
    completed_at: { ...moment, nullable: true },
    completed_by: to("user", true),
    created_at: moment,
    created_by: to("user"),
    dependencies: many("named"),
    due_at: { ...moment, nullable: true },
    due_on: { ...maybe, format: "date" },
    start_at: { ...moment, nullable: true },
    start_on: { ...maybe, format: "date" },
    followers: many("user"),
    html_notes: text,
    is_rendered_as_separator: flag,
    liked: flag,
    num_likes: { type: "integer" },
    num_subtasks: { type: "integer" },
    memberships: {
      type: "array",
      items: { type: "object", properties: { project: to("project"), section: to("section") } },
    },
    modified_at: moment,
    notes: text,
    parent: to("named", true),
    permalink_url: text,
    projects: many("project"),
    tags: many("tag"),
    workspace: to("workspace"),
  }),
};

/** The kinds of thing, by what the last word of a path calls them. */
const KINDS: Record<string, string> = {
  tasks: "task",
  subtasks: "task",
  dependencies: "task",
  dependents: "task",
  search: "task",
  stories: "story",
  projects: "project",
  workspaces: "workspace",
  sections: "section",
  users: "user",
  tags: "tag",
};

/** What an answer is, in its envelope. */
export function thingAt(method: string, path: string): Schema {
  const words = path.split("/").filter((part) => !part.startsWith("{"));
  const kind = KINDS[words.at(-1) ?? ""] ?? "named";
  const isList = method === "GET" && !path.endsWith("}");
  const isEmpty = method === "DELETE" || /\/(add|remove)[A-Z]/.test(path);
  const data = isEmpty
    ? { type: "object", properties: {} }
    : isList
    ? many(kind)
    : { $ref: `#${kind}` };
  return { type: "object", properties: { data }, required: ["data"] };
}
