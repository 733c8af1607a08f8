/**
 * `initialize` as clients say it: whether it is what the SDK takes for a
 * greeting, judged by the members that are known here.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { isPlain } from "./message.ts";

type Members = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
/** What the SDK takes for an object: lists, too. */
const isObject: Check = (value) => typeof value === "object" && value !== null;

/** The members that may be there, and how; others are nobody's business but those that are `never`. */
function fits(value: unknown, members: Record<string, Check>): boolean {
  return isPlain(value) &&
    Object.entries(members).every(([name, check]) =>
      value[name] === undefined || check(value[name])
    );
}

const never: Check = () => false;
const isFlag: Check = (value) => typeof value === "boolean";
const areObjects: Check = (value) => isPlain(value) && Object.values(value).every(isObject);

const CAPABILITIES: Record<string, Check> = {
  experimental: areObjects,
  extensions: areObjects,
  sampling: (value) => fits(value, { context: isObject, tools: isObject }),
  elicitation: (value) =>
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

/** The revision that a greeting names; `undefined`: the SDK says what it is. */
export function greetedVersion(params: Members | undefined): string | undefined {
  const { protocolVersion, capabilities, clientInfo } = params ?? {};
  if (typeof protocolVersion !== "string" || !isRecord(clientInfo)) return undefined;
  const { name, version } = clientInfo;
  const isKnown = typeof name === "string" && typeof version === "string" &&
    fits(clientInfo, CLIENT) && fits(capabilities, CAPABILITIES);
  return isKnown ? protocolVersion : undefined;
}
