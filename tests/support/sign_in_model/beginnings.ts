/**
 * Where searches and races begin.
 *
 * @module
 */

import { parseKeyRing } from "../../../broker/config/vault.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { type Holder, Scene } from "./scene.ts";

export const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));

/** The thief has taken what A and B had at the start; then these refresh. */
export async function stolen(...then: Holder[]): Promise<Scene> {
  let scene = (await Scene.begin(ring)).takes("stolen", "A", "the thief copies A's");
  for (const who of then) scene = await scene.refreshes(who);
  return scene;
}

/** The thief has taken the second token, and has filled all places with it; B still has the first. */
export async function filled(): Promise<Scene> {
  let scene = await (await Scene.begin(ring)).refreshes("A");
  scene = scene.takes("stolen", "A", "the thief copies A's");
  const thief: Holder[] = Array(4).fill(["stolen", "thief"]).flat();
  for (const who of ["A", "A", ...thief] satisfies Holder[]) scene = await scene.refreshes(who);
  return scene;
}
