/**
 * The line that each request leaves in the log.
 *
 * @module
 */

import type { Callers } from "../broker/core/callers.ts";
import type { RequestNotes } from "../broker/core/request_notes.ts";
import type { RequestLogSetting } from "../broker/config/config.ts";
import { levelOf, RequestLine } from "../telemetry/request_line.ts";

/** Told of each request once, when its answer begins. */
export type RequestEnded = (request: RequestNotes, method: string, status: number) => void;

/** What it is made of. */
export interface RequestLogOptions {
  setting: RequestLogSetting;
  callers: Pick<Callers, "since">;
  now(): number;
  /** Takes a line; `isUrgent`: it does not wait for others. */
  write(line: RequestLine, isUrgent: boolean): void;
}

/** Whoever watches the program asks every few seconds: only where something is wrong it is of use. */
const WATCHED = "/health";

/** Writes lines, as far as they are wanted; `undefined`: none is. */
export function createRequestLog(
  { setting, callers, now, write }: RequestLogOptions,
): RequestEnded | undefined {
  if (setting === "off") return undefined;
  return (request, method, status) => {
    const level = levelOf(request, { status });
    if (level === "info" && (setting === "errors" || request.route === WATCHED)) return;
    const ended = { method, status, ms: callers.since(request), at: now() };
    write(new RequestLine(request, level, ended), level === "error");
  };
}
