/**
 * What clients say of themselves, in `initialize` or with each request: whether
 * it is what the SDKs take for that, judged by the members that are known here.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { isPlain } from "./message.ts";

type Members = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const never: Check = () => false;
const isObject: Check = (value) => isPlain(value) && isPlainJson(value);
const areObjects: Check = (value) => isPlain(value) && Object.values(value).every(isObject);

/** JSON that has a number which is none is refused by one of the SDKs, and taken by the other. */
function isPlainJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlainJson);
  return !isRecord(value) || Object.values(value).every(isPlainJson);
}

/** Whether members that are known are what they must be; others are nobody's business. */
function fits(value: unknown, members: Record<string, Check>): value is Members {
  if (!isPlain(value)) return false;
  for (const name in members) {
    if (value[name] !== undefined && !members[name]!(value[name])) return false;
  }
  return true;
}

const CAPABILITIES: Record<string, Check> = {
  experimental: areObjects,
  extensions: areObjects,
  sampling: (value) => fits(value, { context: isObject, tools: isObject }),
  elicitation: (value) =>
    isObject(value) &&
    fits(value, { form: (form) => fits(form, { applyDefaults: isFlag }), url: isObject }),
  roots: (value) => fits(value, { listChanged: isFlag }),
  tasks: never,
};
const CLIENT: Record<string, Check> = {
  title: isText,
  icons: never,
  websiteUrl: isText,
  description: isText,
};

/** A client's capabilities, of which both SDKs take everything. */
export function areCapabilities(value: unknown): value is Members {
  return fits(value, CAPABILITIES);
}

/** A client's name and version, and what else it may say of itself. */
export function isClientInfo(value: unknown): boolean {
  return fits(value, CLIENT) && typeof value.name === "string" && typeof value.version === "string";
}
