/**
 * `deno task admin delete <realm:id>`: everything of one person, as
 * `DELETE /users/{id}` does it.
 *
 * @module
 */

import { sum } from "../../broker/core/person_store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { type Args, type Command, EXIT } from "./command.ts";
import { endedLine, isUntold } from "./ended.ts";
import { confirmed, json, many, shown, shownTime } from "./output.ts";
import { ADMIN, type Program, withProgram } from "./program.ts";
import { readSubject } from "./subject.ts";

export const command: Command = {
  usage: "delete <realm:id> [--yes] [--json]",
  shape: { positionals: 1, switches: ["yes", "json"] },
  async run(args) {
    const subject = readSubject(args.positionals[0]!);
    return await withProgram((program) => erase(program, subject, args));
  },
};

async function erase(program: Program, subject: Subject, args: Args): Promise<number> {
  const counts = await program.vault.store.people.count(subject);
  const total = totalOf(counts);
  const question = `Delete ${many(total, "record")} of ${shown(subject)}, ` +
    `${many(counts.connections ?? 0, "connection")} among them?`;
  if (!confirmed(question, args.has("yes"))) return EXIT.failed;
  const { at, connections, removed, openAt } = await program.living.broker.erase({
    subject,
    actor: ADMIN,
  });
  if (args.has("json")) {
    console.log(json({ subject, at, connections, removed, open_at: openAt }, 2));
  } else {
    for (const each of connections) console.log(endedLine(each));
    console.log(
      `${many(totalOf(removed), "record")} deleted. Nothing new is kept of ${shown(subject)} ` +
        `before ${shownTime(openAt)}.`,
    );
  }
  return connections.some(isUntold) ? EXIT.partly : EXIT.done;
}

function totalOf(counts: Record<string, number>): number {
  return Object.values(sum(counts)).reduce((total, count) => total + count, 0);
}
