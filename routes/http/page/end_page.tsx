/**
 * It came to an end, and why, in plain words, with the next step.
 *
 * @module
 */

import { type End, endOf, type Shown } from "./end.ts";
import { Seal } from "./icons.tsx";
import { render } from "./layout.tsx";
import { signInPath } from "../sign_in_path.ts";
import { PopupData } from "./popup_data.tsx";
import type { Catalogue } from "./words/en.ts";
import { sayText } from "./words/say.ts";

/** Who reads it, and where. */
export interface Reader {
  words: Catalogue;
  /** By which the operator finds what happened. */
  reference: string;
  /** Somebody is signed in in this browser. */
  signedIn: boolean;
  /** Where one can go on after signing in: path and query, where that makes sense. */
  returnTo?: string | undefined;
}

/** The page as HTML. */
export function endPage(shown: Shown, reader: Reader): string {
  const { words, reference } = reader;
  const { frame, endings } = words;
  const end = endOf(shown, words);
  return render(
    { words, title: end.title },
    <>
      <Seal sign={signOf(end)} />
      <h1>{end.title}</h1>
      <p>{end.text}</p>
      {end.also !== undefined && <p>{end.also}</p>}
      <p class="soft">{stateOf(end, shown, endings)}</p>
      <Next end={end} shown={shown} reader={reader} />
      <PopupData popup={shown.wire.popup?.told && shown.wire.popup} />
      {end.code !== undefined && (
        <details>
          <summary>{frame.forSupport}</summary>
          <p class="soft">{sayText(endings.code, { code: end.code })}</p>
        </details>
      )}
      {end.isDone !== true && <p class="soft">{sayText(endings.reference, { id: reference })}</p>}
    </>,
  );
}

function signOf({ calm, isDone }: End) {
  if (isDone === true) return "check";
  return calm ? "arrows" : "alert";
}

/** What is there now, and how to begin anew where no button does. */
function stateOf(
  { connecting, next, title, isDone }: End,
  { wire: { changed, againUrl, anew, error } }: Shown,
  endings: Catalogue["endings"],
): string {
  if (isDone === true) return "";
  // Nothing is wrong with what the person has: the same again works later.
  if (error === "rate_limited") return endings.reload;
  const state = { as_described: "", unknown: endings.unknown, unchanged: endings.unchanged };
  const sentences = [
    connecting && changed !== "unknown" && title !== endings.nothingNew
      ? `${endings.nothingNew}.`
      : "",
    state[changed ?? "unchanged"],
    againUrl === undefined && next === undefined ? anewOf(anew, connecting, endings) : "",
  ];
  return sentences.filter(Boolean).join(" ");
}

/** Who was sent here by an MCP client has no link, and gets none. */
function anewOf(
  anew: Shown["wire"]["anew"],
  connecting: boolean,
  endings: Catalogue["endings"],
): string {
  switch (anew) {
    case undefined:
      return connecting ? endings.askApp : "";
    case "server":
      return endings.addAgain;
    case "app":
      return endings.startInApp;
    case "none":
      return "";
  }
}

function Next(
  { end, shown: { wire, reason }, reader: { words, signedIn, returnTo } }: {
    end: End;
    shown: Shown;
    reader: Reader;
  },
) {
  const { frame, endings } = words;
  const { againUrl, mendUrl } = wire;
  const provider = reason !== undefined && "title" in reason ? reason.title : "";
  const signIn = returnTo === undefined ? "/sign-in" : signInPath(returnTo);
  const ways: [href: string, name: string, elsewhere?: boolean][] = [];
  if (mendUrl !== undefined) {
    ways.push([mendUrl, sayText(endings.mendAt, { provider }), true]);
  }
  if (againUrl !== undefined) ways.push([againUrl, frame.tryAgain]);
  if (end.next === "sign_in") ways.push([signIn, endings.signInAgain]);
  if (end.next === "other_account") ways.push(["/sign-in?another=yes", endings.otherAccount]);
  if (end.next === "sign_out") ways.push(["/you", endings.signOutFirst]);
  if (signedIn) ways.push(["/", frame.home]);
  if (ways.length === 0) return null;
  return (
    <p class="do">
      {ways.map(([href, name, elsewhere], at) => (
        <a
          class={at === 0 ? "button" : "button quiet"}
          href={href}
          {...(elsewhere === true ? { target: "_blank", rel: "noopener noreferrer" } : {})}
        >
          {name}
        </a>
      ))}
    </p>
  );
}
