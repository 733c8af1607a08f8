/**
 * What an upstream wants of the person before it goes on: an address to open,
 * or answers. The words and addresses are a stranger's: what is passed on is
 * bounded, and leads to a page that nobody on the way can put another in the
 * place of.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { isSecure, parseUrl } from "../../broker/core/addresses.ts";
import { plainText } from "../../broker/core/shown_name.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { Why } from "./fault.ts";
import { URL_ELICITATION_REQUIRED } from "./rpc.ts";

/** What a person can be asked to open; a longer address is no address of a page. */
export const MAX_URL = 2_000;
/** Characters of the words that a person is asked with. */
export const MAX_ASKED = 500;
/** Of one answer. */
const MOST = 10;

/** A page that the person is asked to open. */
export interface AskedPage {
  message: string;
  url: string;
}

/** What is asked for. */
export interface AskedInput {
  pages: AskedPage[];
  /** In 2026-07-28: the requests by their names, as they came, without those for pages that are not passed on. */
  requests: Record<string, { method: string; params: Record<string, unknown> }>;
  /** Goes back with the answers, unread. */
  state: string | undefined;
}

/** What an `input_required` result asks for (2026-07-28); `undefined` where it is none. */
export function askedBy(
  result: Record<string, unknown>,
  spec: UpstreamSpec,
): AskedInput | undefined {
  if (result.resultType !== "input_required") return undefined;
  const { inputRequests, requestState } = result;
  const requests: AskedInput["requests"] = {};
  const pages: AskedPage[] = [];
  for (const [name, request] of Object.entries(isRecord(inputRequests) ? inputRequests : {})) {
    if (Object.keys(requests).length === MOST) break;
    if (!isRecord(request) || typeof request.method !== "string") continue;
    const params = isRecord(request.params) ? request.params : {};
    if (params.mode === "url") {
      const page = pageOf(params, spec);
      if (page === undefined) continue;
      pages.push(page);
      requests[name] = { method: request.method, params: { ...params, ...page } };
    } else requests[name] = { method: request.method, params };
  }
  const state = typeof requestState === "string" ? requestState : undefined;
  return { pages, requests, state };
}

/** The pages of a −32042 (until 2025-11-25); empty where it is another error. */
export function pagesOf(why: Why & { kind: "answered_error" }, spec: UpstreamSpec): AskedPage[] {
  if (why.code !== URL_ELICITATION_REQUIRED || !isRecord(why.data)) return [];
  const { elicitations } = why.data;
  if (!Array.isArray(elicitations)) return [];
  return elicitations.slice(0, MOST).flatMap((one) => {
    const page = isRecord(one) ? pageOf(one, spec) : undefined;
    return page === undefined ? [] : [page];
  });
}

function pageOf({ url, message }: Record<string, unknown>, spec: UpstreamSpec) {
  if (typeof url !== "string" || url.length > MAX_URL) return undefined;
  const page = parseUrl(url);
  if (page === undefined || page.username !== "" || page.password !== "") return undefined;
  const isPublic = page.protocol === "https:";
  if (!isPublic && !(isSecure(page) && isOnThisMachine(spec))) return undefined;
  const words = typeof message === "string" ? plainText(message, MAX_ASKED) : "";
  return { url: page.href, message: words };
}

/** A page of this machine is only for a server that the operator has put here. */
function isOnThisMachine(spec: UpstreamSpec): boolean {
  if (spec.kind === "stdio") return true;
  const url = parseUrl(spec.url);
  return url !== undefined && url.protocol === "http:" && isSecure(url);
}
