/**
 * The revisions of the protocol that are served, the newest first.
 *
 * @module
 */

import type { World } from "../../broker/core/world.ts";
import type { Definition } from "../definition.ts";
import type { Era } from "./era.ts";
import { era2025 } from "./era_2025.ts";
import { era2026 } from "./era_2026.ts";
import { LogLevels } from "./log_levels.ts";

/** In the order in which they are asked; the last one takes everything. */
export function createEras(
  definition: Definition,
  world: World,
  levels = new LogLevels(world),
): Era[] {
  return [era2026(definition, world), era2025(definition, world, levels)];
}
