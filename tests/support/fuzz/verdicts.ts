/**
 * What every refusal of bad input must look like.
 *
 * @module
 */

import type { Reason } from "../../../broker/core/refusal.ts";
import { type HttpReason, wireOfHttp, wireOfReason } from "../../../routes/http/errors.ts";
import type { Reply, Shot } from "./shots.ts";

/** What is wrong with a reply, if anything. */
export type Verdict = (reply: Reply, shot: Shot) => string | undefined;

/** The reasons for which bad input may be refused. */
const FORESEEN: Reason[] = [
  { code: "invalid_request", detail: "-" },
  { code: "invalid_client" },
  { code: "credential_missing" },
  { code: "unknown_service", service: "-", known: [] },
  { code: "unknown_account", service: "-", accounts: [] },
  { code: "link_invalid" },
  { code: "link_changed" },
  { code: "code_invalid" },
  { code: "browser_mismatch" },
  { code: "state_invalid" },
  { code: "service_mismatch" },
  { code: "issuer_mismatch" },
];
const FORESEEN_AS_HTTP: HttpReason[] = [
  { code: "cross_site" },
  { code: "unsupported_media_type" },
  { code: "payload_too_large", limit: 0 },
  { code: "forbidden_host", host: "-", served: "-" },
  { code: "forbidden_origin" },
  { code: "not_found" },
  { code: "method_not_allowed", allow: "-" },
];
const TABLE = new Set(
  [...FORESEEN.map(wireOfReason), ...FORESEEN_AS_HTTP.map(wireOfHttp)]
    .map(({ status, error }) => `${status} ${error}`),
);

/** A typed refusal of the REST part, and nothing beside it. */
export const typedRefusal: Verdict = (reply) => {
  const { error, error_description: description, request_id: id, ...rest } = jsonOf(reply) ?? {};
  const challenged = reply.headers.get("WWW-Authenticate")?.startsWith("Bearer ") === true;
  return faultOf(
    [TABLE.has(`${reply.status} ${error}`), "not in the error table"],
    [typeof description === "string" && description !== "", "no error_description"],
    [typeof id === "string" && id === reply.headers.get("X-Request-Id"), "not its request's id"],
    [Object.keys(rest).length === 0, "says more than a refusal"],
    [reply.status !== 401 || challenged, "401 without a challenge"],
  );
};

export function faultOf(...checks: [ok: boolean, fault: string][]): string | undefined {
  return checks.find(([ok]) => !ok)?.[1];
}

/** A typed refusal of this kind. */
export function refusal(status: number, error: string): Verdict {
  return (reply, shot) => {
    if (reply.status !== status) return `not ${status}`;
    const isPage = reply.headers.get("Content-Type")?.startsWith("text/html");
    if (isPage) return page(reply, shot);
    return typedRefusal(reply, shot) ??
      (jsonOf(reply)?.error === error ? undefined : `not ${error}`);
  };
}

/** A page that says no. */
export const page: Verdict = ({ status, headers, text }) =>
  faultOf(
    [status >= 400 && status <= 499, "not 4xx"],
    [headers.get("Content-Type")?.startsWith("text/html") === true, "not HTML"],
    [/^<!doctype html>.*<h1>\w/is.test(text), "not a page"],
  );

/** A page, or typed where the address is none of ours. */
export const pageOrTyped: Verdict = (reply, shot) =>
  page(reply, shot) === undefined ? undefined : typedRefusal(reply, shot);

/** A JSON-RPC error, or a tool's result that says it is one. */
export const rpcError: Verdict = (reply) => {
  if (reply.status !== 200 && (reply.status < 400 || reply.status > 499)) return "not 200 or 4xx";
  return isRpcError(jsonOf(reply)) ? undefined : "not a JSON-RPC error";
};

/** Anything that JSON-RPC allows: results too, and 202 where nothing was asked. */
export const rpcAnswer: Verdict = (reply, shot) => {
  if (reply.status === 202 && reply.text === "") return undefined;
  const body = jsonOf(reply);
  const answers = Array.isArray(body) ? body : [body];
  const fine = answers.every((answer) => isRpcError(answer) || isRpcResult(answer));
  return reply.status === 200 && fine ? undefined : rpcError(reply, shot);
};

/** Refused before JSON-RPC is looked at, or by it. */
export const typedOrRpcError: Verdict = (reply, shot) =>
  typedRefusal(reply, shot) === undefined ? undefined : rpcError(reply, shot);

/** The HTTP server itself gave up, or we refused. */
export const noRequest: Verdict = (reply, shot) => {
  const { status, text } = reply;
  if (status === 0) return undefined;
  return status >= 400 && status <= 499 && text === "" ? undefined : typedRefusal(reply, shot);
};

// deno-lint-ignore no-explicit-any -- verdicts look into whatever came
function jsonOf({ text }: Reply): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRpcError(body: unknown): boolean {
  if (!isObject(body) || body.jsonrpc !== "2.0") return false;
  if (isObject(body.error)) {
    const { code, message } = body.error;
    return Number.isInteger(code) && typeof message === "string" && message !== "";
  }
  if (!isObject(body.result) || body.result.isError !== true) return false;
  const { content } = body.result;
  return Array.isArray(content) && content.length > 0 && typeof content[0].text === "string";
}

function isRpcResult(body: unknown): boolean {
  return isObject(body) && body.jsonrpc === "2.0" && isObject(body.result);
}
