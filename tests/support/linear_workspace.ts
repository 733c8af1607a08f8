/**
 * A Linear workspace for the tests of its tools: two teams, two people of one name, a project, a
 * cycle, labels in a group, and issues that hang together.
 *
 * @module
 */

import { linear } from "../../providers/linear/linear.ts";
import { linearTools } from "../../providers/linear/tools.ts";
import { answeredBy, callTool, type Json } from "./api.ts";
import type { LinearExtras } from "./linear_emulator.ts";
import {
  CLIENT,
  connect,
  type Connected,
  linearClient,
  startLinearEmulator,
} from "./more_emulators.ts";
import { freePort } from "./free_port.ts";

/** Whose account it is. */
export const OCTOCAT = "octocat@example.com";

const SEED = {
  users: [
    { email: OCTOCAT, name: "The Octocat", admin: true },
    { email: "ana@example.com", name: "Ana Lima", display_name: "ana" },
    { email: "Zoe.M@example.com", name: "Zoé Martin", display_name: "zoe" },
    { email: "zoe2@example.com", name: "Zoé Martin", display_name: "zoe2" },
    { email: "gone@example.com", name: "Gone Person", active: false },
  ],
  teams: [{ key: "WEB", name: "Website" }, { key: "OPS", name: "Operations" }],
  labels: [
    { name: "Area" },
    { name: "Front" },
    { name: "Back" },
    { name: "Urgent fix", team: "OPS" },
  ],
  projects: [{ name: "Spring launch", team: "WEB" }, { name: "Spring cleaning", team: "OPS" }],
  cycles: [
    { team: "WEB", number: 7, name: "Polish", starts_at: "2026-11-16", ends_at: "2026-11-30" },
    { team: "WEB", number: 8, name: "", starts_at: "2026-11-30", ends_at: "2026-12-14" },
  ],
  issues: [
    { team: "WEB", title: "Fix the door", state: "Todo", assignee: OCTOCAT },
    { team: "WEB", title: "Paint the door", state: "Done" },
    { team: "OPS", title: "Order paint", state: "In Progress" },
  ],
  ...linearClient(CLIENT),
};

const EXTRAS: LinearExtras = {
  labels: { Area: { isGroup: true }, Front: { group: "Area" }, Back: { group: "Area" } },
  cycles: { 7: { isActive: true }, 8: { isNext: true } },
};

/** A workspace that is running, and one person connected to it. */
export interface Workspace extends Connected {
  url: string;
  /** Asks the emulator, past the code under test. */
  read(query: string): Promise<Json>;
  call(name: string, args: Record<string, unknown>): ReturnType<typeof callTool>;
}

/** Starts one; `seed` goes to the emulator, `extras` are what it does not know. */
export async function startLinear(
  seed: Record<string, unknown> = {},
  { scopes, extras }: { scopes?: string[]; extras?: LinearExtras } = {},
): Promise<Workspace> {
  const emulator = await startLinearEmulator({ ...SEED, ...seed }, freePort(), {
    ...EXTRAS,
    ...extras,
  });
  const connected = await connect(linear, emulator.url, OCTOCAT, scopes);
  return {
    ...connected,
    url: emulator.url,
    async read(query) {
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ query });
      const answer = await fetch(`${emulator.url}/graphql`, { method: "POST", headers, body });
      return (await answer.json()).data;
    },
    call: (name, args) => callTool(linearTools, name, args, connected.api),
    async [Symbol.asyncDispose]() {
      await connected[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

/** Linear, answering by hand: by the operation that is asked for. */
export function linearAnswering(
  answers: Record<string, Json | ((variables: Json) => Json)>,
  sent: Json[] = [],
) {
  return answeredBy(linear, async (request) => {
    const { query, variables } = await request.json();
    const name = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
    sent.push({ name, query, variables });
    const answer = answers[name] ?? answers["*"];
    const body = typeof answer === "function" ? answer(variables) : answer;
    return body instanceof Response ? body.clone() : Response.json(body);
  });
}

/** An issue as api.linear.app sends it, where nothing optional is set. */
export function realIssue(fields: Json = {}) {
  return {
    id: "0b8b6a7e-0b0f-4f0e-8f0a-0d7f0a5f0c01",
    identifier: "ENG-7",
    previousIdentifiers: [],
    title: "Found a bug",
    url: "https://linear.app/acme/issue/ENG-7/found-a-bug",
    priority: 0,
    priorityLabel: "No priority",
    dueDate: null,
    createdAt: "2026-11-01T10:00:00.000Z",
    updatedAt: "2026-11-02T10:00:00.000Z",
    state: { name: "Duplicate", type: "duplicate" },
    assignee: null,
    team: { id: "team-id", key: "ENG", states: { nodes: [] } },
    ...fields,
  };
}
