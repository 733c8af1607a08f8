/**
 * `POST /connections/import`: connections that another server held, as a JSON
 * array, or line by line, read as fast as they are stored and answered as they
 * are done.
 *
 * @module
 */

import type { Context } from "hono";
import { z } from "zod";
import { appActor } from "../../broker/core/actor.ts";
import type { ApiKey } from "../../broker/core/api_key.ts";
import { sideBySide } from "../../broker/core/side_by_side.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import { post, type Route } from "../http/area.ts";
import { check, parsedJson, queryOf, readJson } from "../http/body.ts";
import { requireApiKey, requireTarget } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse, wireOf } from "../http/errors.ts";
import { notesOf } from "../http/asked.ts";
import type { ImportAnswer, ImportListAnswer } from "./answers/import.ts";
import { heldOf, ImportItem } from "./import_item.ts";
import { IMPORTED_AT_A_TIME, isLines, streamed } from "./import_stream.ts";

/** How all items are taken that do not say it themselves. */
export const ImportQuery = z.object({
  verify: z.enum(["none", "identify", "refresh"]).default("identify").describe(
    "What is asked of the provider first: nothing, whose account it is, or a refresh.",
  ),
  replace: z.enum(["true", "false"]).default("false")
    .describe("Whether an item may take the place of a connection that lives."),
});

type Options = z.infer<typeof ImportQuery>;
/** Of which a line is. */
interface Import {
  /** The request's. */
  id: string;
  key: ApiKey;
  options: Options;
}
type Numbered = ImportAnswer & { index: number };

/** Moving in. */
export function importRoutes(deps: AppDeps): Route[] {
  const { gateway, world } = deps;
  return [
    post("/connections/import", async (c: Context) => {
      const key = await requireApiKey(c, gateway);
      const options = check(ImportQuery, queryOf(c.req.raw));
      const { id } = notesOf(c);
      if (isLines(c.req.raw)) {
        const one = (text: string) =>
          lineFor(deps, { id, key, options }, () => parsedJson(text, "line"));
        return streamed(c.req.raw, world, one);
      }
      const items = check(
        z.array(z.unknown(), { error: "must be an array" }),
        await readJson(c.req.raw, world),
      );
      const results: Numbered[] = [];
      await sideBySide(items.entries(), IMPORTED_AT_A_TIME, async ([index, item]) => {
        results[index] = { index, ...await lineFor(deps, { id, key, options }, () => item) };
      });
      return c.json({ results } satisfies ImportListAnswer);
    }),
  ];
}

/** One item's line; whatever is wrong with the item stands in it. */
async function lineFor(
  { broker, world }: AppDeps,
  { id, key, options }: Import,
  read: () => unknown,
): Promise<ImportAnswer> {
  try {
    const item = check(ImportItem, read());
    const service = item.service ?? item.provider ??
      refuse({ code: "invalid_request", detail: "service is missing" });
    const subject = subjectOf(key.realm, item.user_id);
    requireTarget(key, broker, service);
    return await broker.import({
      subject,
      actor: appActor(key.realm),
      service,
      reach: key.services,
      verify: item.verify ?? options.verify,
      replace: item.replace ?? options.replace === "true",
      account: item.account == null
        ? undefined
        : { id: item.account.id, label: item.account.label ?? undefined },
      held: heldOf(item),
    });
  } catch (error) {
    const { error: code, description, retryAfter } = wireOf(error, world, { id, error: undefined });
    return {
      status: "refused",
      error: code,
      error_description: description,
      retry_after: retryAfter,
    };
  }
}
