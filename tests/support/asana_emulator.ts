/**
 * Asana, emulated: OAuth and the part of its API that the tools use, after its
 * published description (https://github.com/Asana/openapi).
 *
 * @module
 */

import { createEmulator, type CustomEmulator, defineEmulator } from "emulate";
import { closedHard } from "./hard_close.ts";
import { apiRoutes } from "./asana_emulator_api.ts";
import { moreRoutes } from "./asana_emulator_more.ts";
import { oauthRoutes } from "./asana_emulator_oauth.ts";

/** A person with an account. */
export interface AsanaUser {
  gid: string;
  name: string;
  email: string;
}

/** A workspace; without a paid plan it cannot be searched. */
export interface AsanaWorkspace {
  gid: string;
  name: string;
  is_organization: boolean;
  paid: boolean;
  members: string[];
}

/** A project of one workspace. */
export interface AsanaProject {
  gid: string;
  name: string;
  workspace: string;
  archived: boolean;
}

/** A section of a project, or a tag of a workspace. */
export interface AsanaNamed {
  gid: string;
  name: string;
  /** The project, or the workspace. */
  of: string;
}

/** A task, with ids where the API shows objects. */
export interface AsanaTask {
  gid: string;
  name: string;
  notes: string;
  completed: boolean;
  completed_at: string | null;
  created_at: string;
  modified_at: string;
  due_on: string | null;
  assignee: string | null;
  workspace: string;
  projects: string[];
  /** Sections, one per project at most. */
  sections?: string[];
  parent?: string;
  /** What it waits for. */
  dependencies?: string[];
  tags?: string[];
  attachments?: string[];
  /** Further members, as the API has them: `due_at`, `custom_fields`, `resource_subtype`. */
  // deno-lint-ignore no-explicit-any
  more?: Record<string, any>;
}

/** A comment, or with `type: "system"` another step of a task's history. */
export interface AsanaStory {
  gid: string;
  task: string;
  text: string;
  type?: "system";
  created_by: string;
  created_at: string;
}

/** What was granted, and the tokens that came of it. */
export interface AsanaGrant {
  user: string;
  clientId: string;
  scopes: string[];
  refreshToken: string;
  /** Access token → epoch ms at which it ends. */
  accessTokens: Record<string, number>;
}

/** An authorization code that nobody has used. */
export interface AsanaCode {
  user: string;
  clientId: string;
  redirectUri: string;
  challenge: string | null;
  scopes: string[];
}

/** All that it knows. */
export interface AsanaState {
  users: AsanaUser[];
  workspaces: AsanaWorkspace[];
  projects: AsanaProject[];
  sections: AsanaNamed[];
  tags: AsanaNamed[];
  tasks: AsanaTask[];
  stories: AsanaStory[];
  codes: Record<string, AsanaCode>;
  grants: AsanaGrant[];
  nextGid: number;
}

/** How a test or the playground fills it. */
export type AsanaSeed = Partial<AsanaState>;

/** Epoch ms; tests that set times of their own set this one too. */
export type Clock = () => number;

/** An open task that is nobody's, and in no place. */
export function plainTask(gid: string, name: string, now: number): AsanaTask {
  const created = new Date(now).toISOString();
  return {
    gid,
    name,
    notes: "",
    completed: false,
    completed_at: null,
    created_at: created,
    modified_at: created,
    due_on: null,
    assignee: null,
    workspace: "1200000000000010",
    projects: [],
  };
}

/** Octocat in one workspace with one project and two tasks. */
function defaultState(now: Clock): AsanaState {
  const task = (gid: string, name: string): AsanaTask => ({
    ...plainTask(gid, name, now()),
    assignee: "1200000000000001",
    projects: ["1200000000000020"],
  });
  return {
    users: [
      { gid: "1200000000000001", name: "The Octocat", email: "octocat@example.com" },
      { gid: "1200000000000002", name: "Ana Lima", email: "ana@example.com" },
    ],
    workspaces: [{
      gid: "1200000000000010",
      name: "Acme",
      is_organization: true,
      paid: true,
      members: ["1200000000000001", "1200000000000002"],
    }],
    projects: [{
      gid: "1200000000000020",
      name: "Website",
      workspace: "1200000000000010",
      archived: false,
    }],
    sections: [
      { gid: "1200000000000040", name: "To do", of: "1200000000000020" },
      { gid: "1200000000000041", name: "Doing", of: "1200000000000020" },
    ],
    tags: [{ gid: "1200000000000050", name: "Errand", of: "1200000000000010" }],
    tasks: [
      task("1200000000000030", "Write the invitation"),
      task("1200000000000031", "Book a room"),
    ],
    stories: [],
    codes: {},
    grants: [],
    nextGid: 1_200_000_000_001_000,
  };
}

/** A new id, as long as the real ones. */
export function newGid(state: AsanaState): string {
  return String(state.nextGid++);
}

/** Starts one; what the seed leaves out is as in the playground. */
export async function startAsanaEmulator(
  port: number,
  seed: AsanaSeed,
  now: Clock,
): Promise<CustomEmulator<AsanaState> & { url: string }> {
  const state = () => ({ ...defaultState(now), ...seed });
  const service = defineEmulator<AsanaState>({
    name: "asana",
    state,
    setup({ app, state, baseUrl }) {
      oauthRoutes(app, state, now);
      apiRoutes(app, state, { baseUrl, now });
      moreRoutes(app, state, { baseUrl, now });
    },
  });
  return closedHard(await createEmulator({ service, port, seed: state() }), port);
}
