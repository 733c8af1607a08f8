/**
 * In how many places an app is used, each with a button that ends it alone,
 * and that somebody came with an old key and was turned away.
 *
 * @module
 */

import type { RefusedReplay } from "../../../broker/core/grant.ts";
import { type GrantView, TRUNK } from "../../../gateway/gateway.ts";
import { DAY_MS, shownTime } from "../../http/page/dates.ts";
import { HiddenFields } from "../../http/page/fields.tsx";

export function Form(props: {
  action: string;
  token: string;
  fields: Record<string, string>;
  // deno-lint-ignore no-explicit-any -- hono's own type for children
  children?: any | undefined;
}) {
  return (
    <form method="post" action={props.action}>
      <input type="hidden" name="form_token" value={props.token} />
      <HiddenFields fields={props.fields} />
      {props.children}
    </form>
  );
}

const COUNTS = ["no", "one", "two", "three", "four", "five"];

/** Nothing where it is used in one place, as far as anybody can tell. */
export function Places(
  { grant, formToken, now }: { grant: GrantView; formToken: string; now: number },
) {
  const { id, branches } = grant;
  const [, second] = branches;
  if (second === undefined) return null;
  return (
    <div class="places">
      <p class="warn">
        Used in {COUNTS[branches.length] ?? "several"} places since {shownTime(second.since)}
      </p>
      <p class="soft">
        Two windows or devices of yours may share one sign-in. If you do not know a place, end it:
        the app there has to sign in again. If you cannot tell which, revoke the app and sign in
        anew.
      </p>
      {branches.map(({ id: branch, since, usedAt, joined = 0 }) => (
        <div class="row" key={String(branch)}>
          <p class="soft">
            {branch === TRUNK ? "The first one" : "Another one"}, since {shownTime(since)}
            {joined > 0 && `, with ${joined} more that came into it`} · {lastUse(usedAt, now)}
          </p>
          <Form
            action="/dashboard/branches/end"
            token={formToken}
            fields={{ id, branch: String(branch) }}
          >
            <button type="submit" class="small quiet">End this one</button>
          </Form>
        </div>
      ))}
    </div>
  );
}

/** A copy of one's own that came late is no news after this. */
const NEWS_MS = 7 * DAY_MS;

/** What was refused last. It ended nothing, so there is nothing to press. */
export function TurnedAway(
  { grant: { refused = {} }, now }: { grant: GrantView; now: number },
) {
  const [last] = Object.entries(refused).toSorted(([, a], [, b]) => b - a);
  if (last === undefined) return null;
  const [why, at] = last as [RefusedReplay, number];
  if (now - at > NEWS_MS) return null;
  return <p class="soft">{saidOf(why)} and was turned away, last on {shownTime(at)}.</p>;
}

function saidOf(why: RefusedReplay): string {
  switch (why) {
    case "late":
    case "too_often":
      return "Somebody came with an old key of this app";
    case "ended":
      return "Somebody came with a key of this app that had been ended";
    case "other_client":
    case "other_key":
      return "Another app came with a key of this app";
  }
}

export function lastUse(usedAt: number | undefined, now: number): string {
  if (usedAt === undefined) return "never used";
  const hours = Math.floor((now - usedAt) / 3_600_000);
  if (hours < 1) return "used within the hour";
  return hours < 48 ? `used ${hours} hours ago` : `used ${Math.floor(hours / 24)} days ago`;
}
