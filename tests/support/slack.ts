/**
 * A connected account of an emulated Slack, and Slack answered by hand, for the tests of its tools.
 *
 * @module
 */

import type { ToolResult } from "../../providers/provider.ts";
import { slack } from "../../providers/slack/slack.ts";
import { slackTools } from "../../providers/slack/tools.ts";
import { answeredBy, callTool, type Json } from "./api.ts";
import { connect, type Connected, startSlackEmulator } from "./more_emulators.ts";

/** The emulator's first channel, which is public. */
export const GENERAL = "C000000001";

/** All that any tool may ask for. */
export const ALL_SCOPES = Object.keys(
  slack.create({
    clientId: "",
    clientSecret: "",
    redirectUri: "",
    fetch,
  }).scopeTitles,
);

/** An account of an emulated Slack. */
export interface EmulatedSlack extends Connected {
  /** Asks the emulator, past the code under test. */
  read(method: string, args: Record<string, string>): Promise<Json>;
  call(name: string, args: Record<string, unknown>): Promise<ToolResult<Json>>;
  /** Another account of the same Slack. */
  as(account: string): Promise<EmulatedSlack>;
}

/** Starts one with three people and five channels. */
export async function startSlack(
  seed: Record<string, unknown> = {},
  scopes?: string[],
): Promise<EmulatedSlack> {
  const emulator = await startSlackEmulator({
    users: [
      { name: "octocat", real_name: "The Octocat", email: "octocat@example.com" },
      {
        name: "zoe",
        real_name: "Zoë Díaz",
        profile: { title: "Designer", email: "zoe@example.com" },
      },
    ],
    channels: [{ name: "random-2", topic: "t".repeat(300) }, { name: "plans", is_private: true }],
    ...seed,
  });
  const others: Connected[] = [];
  const account = async (name: string, scopes?: string[]): Promise<EmulatedSlack> => {
    const connected = await connect(slack, emulator.url, name, scopes);
    others.push(connected);
    return {
      ...connected,
      async read(method, args) {
        const url = `${emulator.url}/api/${method}?${new URLSearchParams(args)}`;
        const headers = { Authorization: `Bearer ${connected.tokens.accessToken}` };
        return await (await fetch(url, { headers })).json();
      },
      call: (name, args) => callTool(slackTools, name, args, connected.api),
      as: (name) => account(name, ALL_SCOPES),
      async [Symbol.asyncDispose]() {
        for (const other of others) await other[Symbol.asyncDispose]();
        await emulator.close();
      },
    };
  };
  return await account("octocat", scopes);
}

/** What Slack is asked. */
export interface AskedSlack {
  method: string;
  args: Record<string, Json>;
}

type Scripted = { ok: boolean; [member: string]: Json } | ((args: Record<string, Json>) => Json);

/** Slack answered by hand, each method by its own answer; `asked` is what it was asked. */
export function scriptedSlack(
  answers: Record<string, Scripted>,
): { asked: AskedSlack[]; call(name: string, args: unknown): Promise<ToolResult<Json>> } {
  const asked: AskedSlack[] = [];
  const api = answeredBy(slack, async (request) => {
    const url = new URL(request.url);
    const method = url.pathname.replace("/api/", "");
    const args = request.method === "GET"
      ? Object.fromEntries(url.searchParams)
      : await request.json();
    asked.push({ method, args });
    const answer = answers[method];
    const given = typeof answer === "function" ? answer(args) : answer;
    if (given instanceof Response) return given;
    return Response.json(given ?? { ok: false, error: "unknown_method" });
  });
  return { asked, call: (name, args) => callTool(slackTools, name, args, api) };
}
