/**
 * Which of an upstream's settings are secrets. The operator does not say, and
 * a setting that is none must not be looked for: `/home/ana` stands in honest
 * answers.
 *
 * @module
 */

import type { UpstreamSpec } from "../../broker/core/upstream.ts";

/** Say what is wanted, or who asks, and nothing else. */
const PLAIN_HEADER = /^(accept(-.*)?|content-type|user-agent|mcp-protocol-version)$/i;
/** Say where things are on a machine. */
const PLAIN_VARIABLE =
  /^(path|home|pwd|user|username|logname|shell|term|lang|lc_.*|tz|tmpdir|tmp|temp|node_env|deno_dir|xdg_.*)$/i;
const PLACE = /(^|_)(path|dir|directory|file|folder|root)$/i;
/** `/data/notes.jsonl`, `~/notes`, `./notes`, `C:\notes`. */
const LOOKS_LIKE_PLACE = /^(~|\.{0,2}\/|[A-Za-z]:\\)/;
/** Dates, versions, counts. */
const PLAIN_NUMBER = /^[\d.:TZ+-]{1,15}$/;
const SCHEME = /^(?:bearer|basic|token|bot|key|apikey|api-key|digest|negotiate)\s+(\S.*)$/i;
const SECRET_OPTION = /token|key|secret|passw|auth|header|credential|bearer/i;
/** Part of an address that nobody would choose as a name. */
const LONG_SEGMENT = 20;

/** The texts that must not come back from an upstream. */
export function operatorSecrets(spec: UpstreamSpec): string[] {
  if (spec.kind === "http") {
    const headers = Object.entries(spec.headers).filter(([name]) => !PLAIN_HEADER.test(name));
    return [...inAddress(spec.url), ...headers.flatMap(([name, value]) => inHeader(name, value))];
  }
  const variables = Object.entries(spec.env).filter(([name, value]) =>
    !PLAIN_VARIABLE.test(name) && !(PLACE.test(name) && LOOKS_LIKE_PLACE.test(value))
  );
  return [...variables.flatMap(([, value]) => inValue(value)), ...inArguments(spec.args)];
}

function inHeader(name: string, value: string): string[] {
  if (!/^cookie$/i.test(name)) return inValue(value);
  return value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf("=") + 1));
}

/** A value as it is, and what of it is a secret by itself. */
function inValue(value: string): string[] {
  const text = value.trim();
  const [, credentials] = SCHEME.exec(text) ?? [];
  if (credentials !== undefined) return [text, credentials, ...inBasic(credentials)];
  if (/^[[{]/.test(text)) {
    const leaves = inJson(text);
    if (leaves !== undefined) return leaves;
  }
  if (URL.canParse(text) && text.includes("://")) return inAddress(text);
  return PLAIN_NUMBER.test(text) ? [] : [text];
}

/** `user:password` behind RFC 7617's base64. */
function inBasic(credentials: string): string[] {
  try {
    const pair = atob(credentials);
    return pair.includes(":") ? [pair, pair.slice(pair.indexOf(":") + 1)] : [];
  } catch {
    // Another scheme's: it is no base64.
    return [];
  }
}

/** Some servers take all their headers as JSON in one variable. */
function inJson(text: string): string[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // It only begins like JSON.
    return undefined;
  }
  return textsIn(json).flatMap(inValue);
}

function textsIn(json: unknown): string[] {
  if (typeof json === "string") return [json];
  return typeof json === "object" && json !== null ? Object.values(json).flatMap(textsIn) : [];
}

/** An address is no secret; its password, its query and its unguessable parts are. */
function inAddress(address: string): string[] {
  const { username, password, searchParams, pathname } = new URL(address);
  const encoded = [password === "" ? username : password];
  encoded.push(...pathname.split("/").filter((part) => part.length >= LONG_SEGMENT));
  return [...encoded.flatMap((part) => [part, decoded(part)]), ...searchParams.values()]
    .filter((part) => !PLAIN_NUMBER.test(part));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A `%` that is only a `%`.
    return part;
  }
}

/** `--api-key=…`, `--api-key …`, `--header "Authorization: Bearer …"`, and addresses with a password. */
function inArguments(args: string[]): string[] {
  return args.flatMap((arg, index) => {
    const [, option, inline] = /^--?([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (option !== undefined) {
      return inline !== undefined && SECRET_OPTION.test(option) ? inNamed(inline) : [];
    }
    const [, before] = /^--?([\w-]+)$/.exec(args[index - 1] ?? "") ?? [];
    if (before !== undefined && SECRET_OPTION.test(before)) return inNamed(arg);
    return URL.canParse(arg) && arg.includes("://") ? inAddress(arg) : [];
  });
}

/** `Authorization: Bearer …` or `TOKEN=…`, or a value alone. */
function inNamed(text: string): string[] {
  const [, value] = /^[\w-]+\s*[:=]\s*(.*)$/s.exec(text) ?? [];
  return [...inValue(text), ...(value === undefined ? [] : inValue(value))];
}
