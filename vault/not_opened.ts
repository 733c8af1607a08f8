/**
 * Why a database cannot be opened, for whoever has to mend it. Of a path that
 * part is shown which is there: the rest may be something else that was pasted.
 *
 * @module
 */

import { networkFaultOf } from "../broker/core/network_fault.ts";
import { kvFileOf } from "./kv_files.ts";

const WHERE = "(KV_PATH, or DATA_DIR)";

/** A sentence with its cure; `cause`: what opening it threw. */
export async function whyNotOpened(path: string | undefined, cause: unknown): Promise<string> {
  const text = cause instanceof Error ? `${cause.name} ${cause.message}` : "";
  const file = kvFileOf(path);
  if (file !== undefined) return await whyNoFile(file, text);
  if (path === undefined || path === ":memory:") {
    return "the platform gives none. On Deno Deploy assign a KV database to the app; elsewhere " +
      `start with --unstable-kv, which deno.json has.`;
  }
  return whyNoRemote(new URL(path).origin, text, cause);
}

function whyNoRemote(origin: string, text: string, cause: unknown): string {
  const remote = `the remote KV at ${origin} (KV_PATH)`;
  if (/Missing DENO_KV_ACCESS_TOKEN/.test(text)) {
    return `DENO_KV_ACCESS_TOKEN is not set, and ${remote} wants it.`;
  }
  if (/status 40[13]|unauthorized|forbidden/i.test(text)) {
    return `${remote} does not take DENO_KV_ACCESS_TOKEN. Set the access token of that database.`;
  }
  if (/status \d{3}|metadata|valid KV Connect/i.test(text) && !/client error|dns|tcp/i.test(text)) {
    return `what answers at ${origin} (KV_PATH) is no KV. Compare the address.`;
  }
  const { why, cure } = networkFaultOf(cause);
  return `${remote} ${why}. ${cure}`;
}

async function whyNoFile(path: string, text: string): Promise<string> {
  const { shown, isWhole, isFolder } = await thereOf(path);
  const below = isWhole ? shown : `what is named below ${shown}`;
  const says = (words: RegExp) => words.test(text);
  if (says(/NotCapable|requires (read|write) access/)) {
    return `Deno's permissions do not let this program read and write ${below} ${WHERE}. ` +
      "Start it with --allow-read and --allow-write for that folder.";
  }
  if (says(/no space left|disk is full|quota/i)) {
    return `the disk of ${shown} ${WHERE} is full. Make room there.`;
  }
  if (says(/read-?only/i) && !says(/readonly database/i)) {
    return `${shown} ${WHERE} is on a disk that cannot be written. Mount it writable, or name ` +
      "another folder.";
  }
  if (says(/is locked|SQLITE_BUSY/i)) {
    return `${shown} ${WHERE} has been locked by another program for ten seconds. End that one (a ` +
      "backup, a shell); on a network disk locks may stay: use a disk of this machine.";
  }
  if (says(/not a database/i)) {
    return `${shown} ${WHERE} is a file, and no SQLite database. Name another file, or bring back ` +
      "a backup where it was one.";
  }
  if (says(/malformed|I\/O error/i)) {
    return `${shown} ${WHERE} is damaged, or its disk is. Bring back a backup; a network disk is ` +
      "no place for SQLite.";
  }
  if (isWhole && isFolder) {
    return `${shown} ${WHERE} is a folder, and KV_PATH names a file. Name one in it, or set ` +
      "DATA_DIR to the folder.";
  }
  if (!isWhole && !isFolder) {
    return `${shown} ${WHERE} is a file, and a folder is wanted there. Name another place.`;
  }
  if (says(/PermissionDenied|readonly database|permission denied|not permitted/i)) {
    return `this program's user may not write ${isWhole ? shown : `in ${shown}`} ${WHERE}. Give ` +
      "it to that user (chown), or name another folder.";
  }
  if (isWhole && await isClosed(path)) {
    return `this program's user may not read ${shown} ${WHERE}. Give it to that user (chown), or ` +
      "name another folder.";
  }
  if (says(/NotFound|os error 2\b/)) {
    return `no folder can be made below ${shown} ${WHERE}. Name another place.`;
  }
  return `${below} ${WHERE} cannot be opened as a file. Name another one, on a disk of this machine.`;
}

/** SQLite does not say why it cannot open a file. */
async function isClosed(path: string): Promise<boolean> {
  try {
    (await Deno.open(path)).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

/** How far a path is there. */
async function thereOf(
  path: string,
): Promise<{ shown: string; isWhole: boolean; isFolder: boolean }> {
  for (let at = path;; at = parentOf(at)) {
    try {
      const { isDirectory } = await Deno.stat(at);
      return { shown: at, isWhole: at === path, isFolder: isDirectory };
    } catch {
      if (at === "." || at === "/") return { shown: at, isWhole: false, isFolder: true };
    }
  }
}

function parentOf(path: string): string {
  const [, parent] = /^(.*)[/\\][^/\\]*$/.exec(path) ?? [];
  return parent === undefined ? "." : parent === "" ? "/" : parent;
}
