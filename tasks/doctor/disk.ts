/**
 * The file of the database before it is opened: on what kind of disk it is, and
 * whether it is another program's.
 *
 * @module
 */

import type { Finding } from "./finding.ts";

const WHAT = "database";
const NETWORK =
  /^(nfs4?|cifs|smb3?|smbfs|afs|ceph|glusterfs|lustre|gfs2?|ocfs2|fuse\.(sshfs|s3fs|gcsfuse|glusterfs|rclone|blobfuse2?|goofys|mount-s3|vmhgfs-fuse))$/;

/** What opening it would not say. Changes nothing. */
export async function diskFindings(path: string): Promise<Finding[]> {
  let file: string;
  try {
    file = await Deno.realPath(path);
  } catch {
    return [];
  }
  const mounts = await Deno.readTextFile("/proc/mounts").catch(() => "");
  return [...mountFindings(mounts, file), ...await anothers(file)];
}

/** Pure; `mounts`: as Linux has them (`man 5 fstab`). */
export function mountFindings(mounts: string, file: string): Finding[] {
  const kind = mounts.split("\n").map((line) => line.split(" "))
    .map(([, at = "", kind = ""]) => ({ at: at.replaceAll("\\040", " "), kind }))
    .filter(({ at }) => file === at || file.startsWith(at === "/" ? at : `${at}/`))
    .reduce((best, one) => one.at.length >= best.at.length ? one : best, { at: "", kind: "" }).kind;
  const says = (state: Finding["state"], found: string, cure: string): Finding[] => [
    { what: WHAT, state, found, cure },
  ];
  if (NETWORK.test(kind)) {
    return says(
      "fault",
      `is on a disk of the network (${kind}), where SQLite's locks do not hold: two programs spoil it.`,
      "Name a folder on a disk of this machine, or use a remote KV.",
    );
  }
  if (/^(tmpfs|ramfs)$/.test(kind)) {
    return says(
      "note",
      "is in memory: every connection is lost when the machine or container starts anew.",
      "Name a folder on a disk, in a container on a volume.",
    );
  }
  return kind !== "overlay" ? [] : says(
    "note",
    "is in the container's own files, which go with it: an update loses every connection.",
    "Mount a volume, and let DATA_DIR name it.",
  );
}

/** What is used of `node:sqlite`. */
interface Database {
  prepare(sql: string): { all(): { name?: unknown }[] };
  close(): void;
}

/** A SQLite file with tables, none of which is a KV's. */
async function anothers(file: string): Promise<Finding[]> {
  try {
    const { DatabaseSync } = await import("node:sqlite");
    const db: Database = new DatabaseSync(file, { readOnly: true });
    try {
      const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
      if (tables.length === 0 || tables.some(({ name }) => name === "kv")) return [];
    } finally {
      db.close();
    }
  } catch {
    // Opening it as what it should be says why.
    return [];
  }
  return [{
    what: WHAT,
    state: "fault",
    found: `${file} is a database of another program, and was not opened.`,
    cure: "Set KV_PATH to a file of its own.",
  }];
}
