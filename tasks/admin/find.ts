/**
 * `deno task admin find <text>`: whose a user id, an account's id or its label
 * is. Labels stand in boxes, so every connection is opened, one after the other;
 * none is kept. By the reference that a page has shown, or by a connect's id: that
 * connect, step by step.
 *
 * @module
 */

import { referenceIn } from "../../broker/core/connect_trail.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { type ConnectionRecord, toConnection } from "../../vault/connection_records.ts";
import { connectionPrefix } from "../../vault/keys.ts";
import { type Command, EXIT, UsageError } from "./command.ts";
import { json, shown } from "./output.ts";
import { withVault } from "./program.ts";

/** So many are shown; who has more looks for too little. */
const MOST = 100;
const SHORTEST = 2;

export const command: Command = {
  usage: "find <a part of a user id, an account's id or label; a reference> [--json]",
  shape: { positionals: 1, switches: ["json"] },
  async run(args) {
    const wanted = args.positionals[0]!.toLowerCase();
    if (wanted.length < SHORTEST) throw new UsageError(`Say at least ${SHORTEST} characters.`);
    return await withVault(async ({ records, ring, store }) => {
      const reference = referenceIn(args.positionals[0]!);
      const trail = reference === undefined ? null : await store.trails.find(reference);
      if (trail !== null) {
        const { connectJson, connectLines } = await import("./connects.ts");
        if (args.has("json")) console.log(json(connectJson(trail)));
        else for (const line of connectLines(trail)) console.log(line);
        return EXIT.done;
      }
      let [found, closed] = [0, 0];
      const all = records.list<ConnectionRecord>({ prefix: connectionPrefix() });
      for await (const entry of all) {
        const [, subject, provider, account] = entry.key as [string, Subject, string, string];
        const stored = await toConnection(records, ring, entry).catch((error) => {
          if (!(error instanceof VaultError)) throw error;
          closed += 1;
        });
        const { label, status } = stored?.value ?? { label: undefined, status: entry.value.status };
        const texts = [subject, account, label ?? ""];
        if (!texts.some((text) => text.toLowerCase().includes(wanted))) continue;
        found += 1;
        console.log(
          args.has("json")
            ? json({ subject, provider, account, label, status })
            : `${shown(subject)}  ${provider}  ${shown(account)}  ${
              shown(label ?? "?")
            }  ${status}`,
        );
        if (found === MOST) {
          console.error(`There may be more than ${MOST}: say more of it.`);
          break;
        }
      }
      if (closed > 0) {
        console.error(
          `${closed} cannot be opened with these keys: their labels were not looked at.`,
        );
      }
      if (found === 0) {
        console.error(
          reference === undefined
            ? "Nobody."
            : "Nobody, and no connect of the last 30 days: the log has each request by its reference.",
        );
      }
      return found === 0 ? EXIT.failed : EXIT.done;
    });
  },
};
