/**
 * What `/sessions` answers.
 *
 * @module
 */

import { z } from "zod";
import { Moment } from "./parts.ts";

const id = z.string().describe("For `DELETE /sessions`; no secret.");

export type SessionAnswer = z.infer<typeof SessionAnswer>;
export const SessionAnswer = z.strictObject({
  token: z.string().describe("The session token. It is not kept, and never said again."),
  token_type: z.literal("Bearer"),
  expires_in: z.int().min(0).describe("Seconds."),
  expires_at: Moment.describe("Epoch milliseconds."),
  mcp_url: z.url().describe("Where it is good: the MCP endpoint."),
  id,
}).meta({ id: "NewSession" });

const Session = z.strictObject({
  id,
  user_id: z.string(),
  services: z.array(z.string()).describe('`["*"]`: all that the API key is for.'),
  tools: z.array(z.string()).optional().describe("Not there: all of the services."),
  read_only: z.boolean(),
  accounts: z.array(z.string()).optional().describe("Not there: all."),
  voice: z.boolean(),
  created_at: Moment.describe("Epoch milliseconds."),
  expires_at: Moment.describe("Epoch milliseconds."),
}).meta({ id: "Session" });

export type SessionsAnswer = z.infer<typeof SessionsAnswer>;
export const SessionsAnswer = z.strictObject({
  sessions: z.array(Session).describe("Those that are good."),
}).meta({ id: "Sessions" });

export type EndedSessionsAnswer = z.infer<typeof EndedSessionsAnswer>;
export const EndedSessionsAnswer = z.strictObject({
  ended: z.int().min(0).describe("How many."),
}).meta({ id: "EndedSessions" });
