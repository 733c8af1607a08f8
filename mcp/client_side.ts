/**
 * What a caller's client can be told and asked while an upstream works on its
 * call, in whichever revision either of them speaks.
 *
 * @module
 */

/** Of RFC 5424, from the least to the most severe. */
export const LOG_LEVELS = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;
export type LogLevel = typeof LOG_LEVELS[number];

/** A level, if it is one. */
export function logLevelOf(value: unknown): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === value);
}

/** Whether something of a level is heard by who set `least`. */
export function isHeard(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}

/** `notifications/message`. */
export interface LogEntry {
  level: LogLevel;
  logger: string;
  data: unknown;
}

/** `elicitation/create` with a form. */
export interface AskedForm {
  message: string;
  requestedSchema: Record<string, unknown>;
}

/** The client of one call. */
export interface ClientSide {
  /** As {@linkcode capabilitiesOf} makes them; absent: of everybody. */
  capabilities?: Record<string, unknown> | undefined;
  /** Hears what upstreams log, from this level on. */
  log?: { least: LogLevel; write(entry: LogEntry): void } | undefined;
  /** Shows a form to the person; `undefined` where there is no answer. */
  ask?:
    | ((form: AskedForm, signal: AbortSignal) => Promise<Record<string, unknown> | undefined>)
    | undefined;
  /** Answers to what the server asked for the last time (2026-07-28), and the state that it gave. */
  input?: { responses: Record<string, unknown>; state: string | undefined } | undefined;
}

/** A client that can be told and asked nothing. */
export const SILENT_CLIENT: ClientSide = {};

/**
 * MCP's client capabilities, as far as an upstream may count on them: nothing of
 * sampling or roots. A page to open can be told in words by everybody. Absent
 * where there is no more to say: who can no more than everybody shares their
 * sessions with their own lists.
 */
export function capabilitiesOf(
  { form, apps }: { form: boolean; apps?: unknown },
): Record<string, unknown> | undefined {
  if (!form && apps === undefined) return undefined;
  return {
    elicitation: { url: {}, ...(form && { form: {} }) },
    ...(apps !== undefined && { extensions: { [APPS]: apps } }),
  };
}

/** MCP Apps (SEP-1865): whether a client shows pages. */
export const APPS = "io.modelcontextprotocol/ui";

/** Whether an upstream may ask for a form. */
export function takesForms(capabilities: Record<string, unknown> | undefined): boolean {
  const { elicitation } = capabilities ?? {};
  return typeof elicitation === "object" && elicitation !== null && "form" in elicitation;
}
