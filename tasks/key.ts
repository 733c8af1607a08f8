/**
 * New keys for an operator: `deno task key` prints a line for
 * `ENCRYPTION_KEYS`, `deno task key voice` an API key and its line for
 * `API_KEYS`. With `--env` it prints the line of a file of variables alone, to
 * be appended to it; of an API key the key itself goes to the terminal.
 *
 * @module
 */

import { digestHex, randomSecret } from "../broker/core/secrets.ts";

/** As `API_KEYS` holds it. */
export { digestHex };

const NAME = /^[a-z][a-z0-9_-]{0,31}$/;

/** One entry of `ENCRYPTION_KEYS`. */
export function newKeyLine(id: string): string {
  return `${id}:${randomSecret()}`;
}

/** What the task prints for its arguments; `aside` is for eyes, where the rest goes to a file. */
export function keyTask(args: string[], aside: (text: string) => void = () => {}): string {
  const isEnv = args.includes("--env");
  const [name, ...more] = args.filter((arg) => arg !== "--env");
  if (name === undefined) {
    const id = `k${new Date().toISOString().slice(0, 10).replaceAll("-", "")}`;
    if (isEnv) return `ENCRYPTION_KEYS=${newKeyLine(id)}`;
    return `A new entry for ENCRYPTION_KEYS; the first entry seals. Keep a copy where you keep secrets.\n` +
      `Are there entries already? Then see "Key rotation" in the README; no two may ever have one id.\n` +
      `${newKeyLine(id)}`;
  }
  if (!NAME.test(name) || more.length > 0) {
    return `Usage: deno task key [name] [--env]. A name is a-z, 0-9, _ and -, such as voice.`;
  }
  const key = `sb_${randomSecret()}`;
  if (isEnv) {
    aside(`The API key, for the backend "${name}". It is shown only now:\n${key}`);
    return `API_KEYS=${name}:sha256:${digestHex(key)}`;
  }
  return `The API key, for the backend "${name}". It is shown only now:\n${key}\n\n` +
    `Its entry in API_KEYS:\n${name}:sha256:${digestHex(key)}`;
}

if (import.meta.main) console.log(keyTask(Deno.args, console.error));
