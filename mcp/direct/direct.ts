/**
 * A thin dispatch in front of the SDKs, for what is asked often. It answers
 * what it knows exactly, byte for byte as they would; they are the reference
 * (`tests/mcp/direct/`), answer all the rest, and are not even loaded before.
 *
 * @module
 */

import type { Awaitable } from "../../broker/core/awaitable.ts";
import type { World } from "../../broker/core/world.ts";
import type { Definition, Visit } from "../definition.ts";
import { LogLevels } from "../eras/log_levels.ts";
import type { DirectAnswer } from "./answer.ts";
import { direct2025 } from "./direct_2025.ts";
import { direct2026, VERSION } from "./direct_2026.ts";
import { type Facts, plainMessage } from "./message.ts";

/** Answers a request; `undefined`: not exactly known, and the SDKs answer. */
export type Direct = (
  request: Facts,
  body: unknown,
  visit: Visit,
) => Awaitable<DirectAnswer | undefined>;

/** Media types that every reader takes for JSON. */
const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;

/** The dispatch over a server's definition. */
export function createDirect(
  definition: Definition,
  world: Pick<World, "secret" | "now">,
  levels = new LogLevels(world),
): Direct {
  const older = direct2025(definition, world, levels);
  const newer = direct2026(definition);
  return (request, body, visit) => {
    const message = plainMessage(body);
    if (message === undefined) return undefined;
    const type = request.headers.get("Content-Type") ?? "";
    if (type !== "application/json" && !JSON_TYPE.test(type)) return undefined;
    const version = request.headers.get("Mcp-Protocol-Version");
    return version === VERSION
      ? newer({ request, version }, message, visit)
      : older({ request, version }, message, visit);
  };
}
