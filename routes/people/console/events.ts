/**
 * The console's page of receivers of events, and what its forms have sent again.
 *
 * @module
 */

import { CURSOR, OPERATOR, OWN_REALM, type ReplayFrom } from "../../../broker/core/events.ts";
import { REALM } from "../../../broker/core/subject.ts";
import type { Route } from "../../http/area.ts";
import { queryOf } from "../../http/body.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse } from "../../http/errors.ts";
import { askSure, consoleGet, consolePost } from "./guard.ts";

const EVENTS = "/console/events";
/** Not for the first set-up: events are about people. */
const RESERVED = { forOperators: true };
/** A time in UTC, to the minute or finer. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/;

/** Its routes. */
export function eventsConsoleRoutes(deps: AppDeps): Route[] {
  const { events, settings } = deps;
  return [
    consoleGet(deps, EVENTS, async (c, { frame }) => {
      const [receivers, { apps }] = await Promise.all([events.receivers(), settings.view()]);
      const { receiver: goOn, after } = queryOf(c.req.raw);
      const { eventsPage } = await import("./events.tsx");
      return c.html(eventsPage({
        ...frame,
        now: deps.world.now(),
        receivers: receivers.map((receiver) => ({
          ...receiver,
          after: receiver.name === goOn && CURSOR.test(after ?? "") ? after : undefined,
          title: receiver.name === OPERATOR
            ? frame.words.console.receivers.ofPeople
            : apps.find(({ realm }) => realm === receiver.name)?.name ?? receiver.name,
        })),
      }));
    }, RESERVED),

    consolePost(deps, `${EVENTS}/on`, () => EVENTS, async (_, { actor, form, told }) => {
      const { receiver = "" } = form.texts;
      const isThere = await events.switchOn(actor, receiver);
      return told(placeOf(receiver), isThere ? "switchedOn" : "eventGone");
    }, RESERVED),

    consoleGet(deps, `${EVENTS}/again`, async (c, looking) => {
      const { receivers: words } = looking.frame.words.console;
      const { realm = "", stamp = "" } = queryOf(c.req.raw);
      return await askSure(c, looking, {
        part: "events",
        title: words.againTitle,
        text: words.againWhat,
        fields: { realm, stamp },
        button: words.again,
        back: EVENTS,
      });
    }, RESERVED),

    consolePost(deps, `${EVENTS}/again`, () => EVENTS, async (_, { actor, form, told }) => {
      const { realm = "", stamp = "" } = form.texts;
      const isRealm = REALM.test(realm) || realm === OWN_REALM;
      const isNamed = isRealm && CURSOR.test(stamp);
      const isThere = isNamed && await events.sendAgain(actor, { realm, stamp });
      return told(EVENTS, isThere ? "sentAgain" : "eventGone");
    }, RESERVED),

    consolePost(deps, `${EVENTS}/replay`, () => EVENTS, async (_, { actor, form, told }) => {
      const { receiver = "" } = form.texts;
      const done = await events.replay(actor, receiver, fromIn(form.texts));
      if (done === null) return told(EVENTS, "eventGone");
      const count = String(done.count);
      return done.next === undefined
        ? told(placeOf(receiver), "replayed", { count })
        : told(placeOf(receiver, done.next), "replayedPart", { count });
    }, RESERVED),
  ];
}

function placeOf(receiver: string, after?: string): string {
  const query = after === undefined ? "" : `?${new URLSearchParams({ receiver, after })}`;
  return `${EVENTS}${query}#${encodeURIComponent(receiver)}`;
}

/** One of the two says from when on. */
function fromIn({ since = "", after = "" }: Record<string, string>): ReplayFrom {
  const cursor = after.trim();
  if (cursor !== "") {
    if (CURSOR.test(cursor)) return { after: cursor };
    return refuse({ code: "invalid_request", detail: "after: is no cursor of GET /events." });
  }
  const time = since.trim();
  const at = TIME.test(time) ? Date.parse(`${time.replace(" ", "T").replace("Z", "")}Z`) : NaN;
  if (!Number.isNaN(at)) return { since: at };
  const detail = "since: a time such as 2026-11-27T09:00 is needed, or a cursor in its place.";
  return refuse({ code: "invalid_request", detail });
}
