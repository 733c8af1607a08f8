/**
 * What creating and changing an Asana task have in common.
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { words } from "../inputs.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { spoken } from "./places.ts";

/** A task's name in a tool's input. */
export const name = words(1_000);
/** The same of its description: the longest that Asana takes. */
export const notes = z.string().max(65_535);

/**
 * A task is due on a day or at a time.
 *
 * @throws {ApiError} where both are said.
 */
export function refuseTwoDueDates({ due_on, due_at }: Record<string, unknown>): void {
  if (due_on && due_at) throw invalid("Say due_on or due_at, not both.");
}

/**
 * After a change that was made already: where it cannot be put there, that is said beside it.
 *
 * @throws {ApiError} with what was done before, where nobody knows; and where nothing was.
 */
export async function putInto(
  api: ApiClient,
  task: string,
  section: { gid: string; name?: string | null | undefined },
  before: string,
): Promise<{ section: string | undefined; notes: string[] }> {
  const name = section.name ? spoken(section.name) : "that was named";
  try {
    const body = { data: { task } };
    await api.json(`/sections/${section.gid}/addTask`, z.object({}), { method: "POST", body });
    return { section: name, notes: [] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind === "unauthorized") throw error;
    const { kind, message } = error.fault;
    if (kind === "unavailable") {
      const unknown = `Nobody knows whether it was put into the section ${name}.`;
      throw new ApiError({ kind, message: `${before} ${unknown}`.trim(), mayBeDone: true });
    }
    const why = `It could not be put into the section ${name}: ${message}`;
    // Where nothing was done before, it is a refusal like any other.
    if (before === "") throw new ApiError({ ...error.fault, message: why });
    const notes = [why];
    return { section: undefined, notes };
  }
}
