/**
 * What is noted of who may act for a person, and since when not any more.
 *
 * @module
 */

import type { Activity, ActivityActor, ActivityKind } from "../broker/core/activity.ts";
import { personActor } from "../broker/core/actor.ts";
import type { Session } from "../broker/core/grant.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";

/** Whose access it is, by its name. */
interface AccessNote {
  what: ActivityKind & `access_${string}`;
  subject: Subject;
  /** Absent: the person. */
  actor?: ActivityActor | undefined;
  app?: string | undefined;
}

/** Notes of one gateway. */
export class AccessNotes {
  readonly #activity: Activity;
  readonly #world: Pick<World, "now">;

  constructor(activity: Activity, world: Pick<World, "now">) {
    this.#activity = activity;
    this.#world = world;
  }

  signedIn({ subject, label }: Session, provider: string): void {
    const actor = { ...personActor(subject), name: label };
    const at = this.#world.now();
    this.#activity.note({ at, what: "signed_in", subject, actor, provider, outcome: "ok" });
  }

  access({ what, subject, actor = personActor(subject), app }: AccessNote): void {
    this.#activity.note({ at: this.#world.now(), what, subject, actor, app, outcome: "ok" });
  }
}
