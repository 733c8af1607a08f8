/**
 * Every sequence of what two copies of an honest client and a thief can do, to
 * a depth. A moment that goes on as one that was seen does not go on again.
 *
 * @module
 */

import { type Holder, Scene } from "./scene.ts";

/** Two of these are more than an hour: an access token has ended, and a branch is not given. */
export const STEP_MS = 35 * 60_000;

/** What a search went through. */
export interface Gone {
  /** Different moments. */
  moments: number;
  /** Things that happened. */
  deeds: number;
}

/** Something that can happen next. */
type Deed = (scene: Scene) => Scene | Promise<Scene>;

/** What `thief` says is whether there is one. */
export interface Cast {
  thief: boolean;
  /** Whether one copy ever reads what the other has stored. */
  sharedStore: boolean;
}

/** Goes through everything that takes `depth` deeds or fewer; `check` sees each moment. */
export async function explore(
  first: Scene,
  depth: number,
  cast: Cast,
  check: (scene: Scene) => Promise<void>,
): Promise<Gone> {
  const seen = new Set<string>([await first.fingerprint()]);
  let deeds = 0;
  let scenes = [first];
  for (let gone = 0; gone < depth; gone++) {
    const next: Scene[] = [];
    for (const scene of scenes) {
      for (const deed of deedsOf(scene, cast)) {
        deeds += 1;
        const after = await told(scene, deed, check, seen);
        if (after !== undefined) next.push(after);
      }
    }
    scenes = next;
  }
  return { moments: seen.size, deeds };
}

/** The moment after a deed, where it is a new one. */
async function told(
  scene: Scene,
  deed: Deed,
  check: (scene: Scene) => Promise<void>,
  seen: Set<string>,
): Promise<Scene | undefined> {
  let after = scene;
  try {
    after = await deed(scene);
    const fingerprint = await after.fingerprint();
    if (seen.has(fingerprint)) return undefined;
    seen.add(fingerprint);
    await check(after);
    return after;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const way = [...scene.trail, after === scene ? "then:" : after.trail.at(-1)];
    throw new Error(`${said}\n${way.join("\n")}`, { cause: error });
  }
}

function deedsOf({ held }: Scene, { thief, sharedStore }: Cast): Deed[] {
  const deeds: Deed[] = [(scene) => scene.later(STEP_MS, "35 minutes pass")];
  for (const who of ["A", "B"] satisfies Holder[]) {
    deeds.push((scene) => scene.refreshes(who), (scene) => scene.refreshes(who, true));
  }
  if (sharedStore) {
    deeds.push((scene) => scene.takes("B", "A", "B reads what A has stored"));
    deeds.push((scene) => scene.takes("A", "B", "A reads what B has stored"));
  }
  if (!thief) return deeds;
  if (!held.has("stolen")) {
    deeds.push((scene) => scene.takes("stolen", "A", "the thief copies A's"));
    deeds.push((scene) => scene.takes("stolen", "B", "the thief copies B's"));
    return deeds;
  }
  deeds.push((scene) => scene.refreshes("stolen"), (scene) => scene.comesAsAnother());
  if (held.has("thief")) deeds.push((scene) => scene.refreshes("thief"));
  return deeds;
}
