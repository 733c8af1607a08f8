/**
 * The workspaces of an organisation. A token for a whole one opens all of them, and Slack's lists
 * then want to be told which; without it they answer `missing_argument`.
 *
 * https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { call } from "./api.ts";
import { NO_TEAM } from "./fault_table.ts";
import { isSame } from "./faults.ts";

/** So many are asked one after the other. */
export const MAX_TEAMS = 5;

const Teams = z.object({ teams: z.array(z.object({ id: z.string() })) });

/** Whether Slack wants to know the workspace. */
export function isWithoutTeam(error: unknown): boolean {
  return error instanceof ApiError && isSame(error.fault, NO_TEAM);
}

/** https://docs.slack.dev/reference/methods/auth.teams.list */
export async function teamsOf(api: ApiClient): Promise<string[]> {
  const { teams } = await call(api, "auth.teams.list", Teams, { query: { limit: 100 } });
  if (teams.length === 0) throw new ApiError(NO_TEAM);
  return teams.map(({ id }) => id);
}

/** What every workspace answers, and whether all of them were asked: mostly it is but one. */
export async function eachTeam<T>(
  api: ApiClient,
  ask: (team: string | undefined) => Promise<T>,
): Promise<{ answers: T[]; isAll: boolean }> {
  try {
    return { answers: [await ask(undefined)], isAll: true };
  } catch (error) {
    if (!isWithoutTeam(error)) throw error;
  }
  const teams = await teamsOf(api);
  const answers: T[] = [];
  for (const team of teams.slice(0, MAX_TEAMS)) answers.push(await ask(team));
  return { answers, isAll: teams.length <= MAX_TEAMS };
}

/** Of several workspaces each once: what they share is in the lists of them all. */
export function joined<T extends { id: string }>(lists: T[][]): T[] {
  if (lists.length === 1) return lists[0]!;
  return [...new Map(lists.flat().map((item) => [item.id, item])).values()];
}
