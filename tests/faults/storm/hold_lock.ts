/**
 * Another program that writes into the KV file, and takes its time:
 * `hold_lock.ts <file> <ms>`.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

const [file = "", ms = ""] = Deno.args;
const database = new DatabaseSync(file);
database.exec("PRAGMA busy_timeout = 10000");
database.exec("BEGIN IMMEDIATE");
console.log("held");
await new Promise((resolve) => setTimeout(resolve, Number(ms)));
database.exec("ROLLBACK");
database.close();
