/**
 * Requests that differ in several places which belong together: one difference
 * alone makes header and body disagree, and then nothing else is looked at.
 *
 * @module
 */

import { base64 } from "../../support/written_as.ts";
import {
  calls,
  type Draft,
  draft,
  ENVELOPE,
  FULL,
  GREETING,
  LEGACY,
  META,
  METHODS,
  MODERN,
  modern,
  NAMES,
  request,
  TYPE,
} from "./corpus.ts";

type Members = Record<string, unknown>;

/** A text as 2026-07-28 has it in a header where it cannot stand there as it is. */
export function encoded(text: string): string {
  return `=?base64?${base64(text)}?=`;
}

/** Revisions, whoever speaks them, and what is none. */
const VERSIONS = [MODERN, ...LEGACY, "2026-07-29", "2099-01-01", "2026-07-27", "x", ""];

/** What is said in two places at once, and differs in both. */
export const TOGETHER: Draft[] = [
  // In the header and in the body, with an id and without.
  ...METHODS.flatMap((method) => [modern(method), modern(method, {}, {})]),
  ...METHODS.flatMap((method) => [
    draft(request(method), FULL, "/mcp"),
    draft(request(method, {}, {}), TYPE, "/mcp"),
  ]),
  ...VERSIONS.flatMap((version) =>
    [request("tools/list"), request("initialize", GREETING), request("notifications/x", {}, {})]
      .flatMap((message) => {
        const _meta = { ...ENVELOPE, [`${META}protocolVersion`]: version };
        const params = { ...message.params as Members, _meta };
        const { method } = message as { method: string };
        const headers = { ...FULL, "Mcp-Protocol-Version": version, "Mcp-Method": method };
        return [draft({ ...message, params }, headers), draft(message, headers)];
      })
  ),
  // Names as they are encoded, whether they need it or not, and what is encoded otherwise.
  ...NAMES.filter((name) => name.isWellFormed()).flatMap((name) => {
    const call = modern("tools/call", { name, arguments: { text: "a" } });
    const said = (header: string) => ({
      ...call,
      headers: { ...call.headers, "Mcp-Name": header },
    });
    return [said(encoded(name)), said(encoded(name).replace(/=*\?=$/, "?="))];
  }),
];

/** What a client says that it can, and how: all that decides how it is asked to connect something. */
export const ASKED_TO_CONNECT: Draft[] = [
  ...["no", "url", "form", "form+url"].flatMap((ways) =>
    [1, "1", "", "é\ud800"].map((id) =>
      draft(request("tools/call", { name: "lab_connect" }, { id }), {
        ...FULL,
        "Mcp-Session-Id": `${ways}-elicitation.x`,
      })
    )
  ),
  ...[{}, { form: {} }, { url: {} }, { url: {}, form: {} }, { url: [] }, { url: null }, { x: {} }]
    .flatMap((elicitation) =>
      [undefined, { connect: { action: "accept" } }, {}].map((inputResponses) =>
        modern("tools/call", {
          name: "lab_connect",
          ...(inputResponses && { inputResponses }),
          _meta: { [`${META}clientCapabilities`]: { elicitation } },
        })
      )
    ),
];

/** Calls that forgot their ids, of every tool, with headers of its arguments and without. */
export const FORGETFUL: Draft[] = calls("/mcp", { arguments: { text: "a" } }).flatMap((draft) => {
  const { id: _forgotten, ...message } = draft.message as Members;
  const headers = { ...draft.headers, "Mcp-Param-Text": "a" };
  return [{ ...draft, message }, { ...draft, message, headers }];
});

/** The same of the one tool whose arguments stand in headers, right and wrong. */
export const HEADED: Draft[] = ["a", "b", encoded("a"), "=?base64?x?=", undefined].flatMap((said) =>
  calls("/mcp", { arguments: { text: "a" } }, ["up_headed"]).map((draft) => ({
    ...draft,
    headers: { ...draft.headers, "Mcp-Param-Text": said },
  }))
);
