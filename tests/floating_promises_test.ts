/**
 * No promise of the program is let go: a rejection that nobody hears of ends
 * the process for everybody.
 *
 * `deno lint` has no types, and by name alone nobody can tell that
 * `extra.sendNotification(…)` is a promise, so this asks TypeScript: every
 * value that a statement drops, or `void`, or a callback of which nothing is
 * expected, must not be a promise, nor a list of promises, nor something whose
 * type is not known. It is handled by `await`, by `.catch(f)` or by
 * `.then(f, g)`. What is assigned or passed on is taken to be waited for there.
 */

import { assert, assertEquals } from "@std/assert";
import { floatingPromises } from "./support/types/floating.ts";
import { type Extra, typesOf } from "./support/types/program.ts";

const root = new URL("../", import.meta.url);
const entries = ["main.ts"];
for await (const { name } of Deno.readDir(new URL("tasks/", root))) {
  if (name.endsWith(".ts")) entries.push(`tasks/${name}`);
}

const BEFORE = `
import type { Definition } from "./mcp/definition.ts";
import { createApp } from "./routes/app.ts";
import { Hono } from "hono";
import { Client } from "@modelcontextprotocol/sdk/client";
declare const client: Client;
declare const notify: (n: unknown) => Promise<void>;
declare const maybe: { run?(): Promise<void> } | undefined;
declare const list: number[];
declare const known: Map<string, Promise<void>>;
declare const anything: any;
declare const thenable: { then(f: () => void, g: () => void): void };
declare const app: ReturnType<typeof createApp>;
declare const definition: Definition;
async function work(): Promise<void> {}
class Worker { async run() {} }
`;

const LET_GO = [
  "work();",
  "void work();",
  "notify(1);",
  "void notify(1);",
  "maybe?.run?.();",
  "client.close();",
  "new Worker().run();",
  "work().then(() => {});",
  "void work().then(() => {});",
  "work().finally(() => {});",
  "work().catch();",
  "list.length > 0 && work();",
  "list.length > 0 ? work() : undefined;",
  "(work(), 1);",
  "(work)();",
  "list.map(async () => await work());",
  "list.forEach(async () => await work());",
  "setTimeout(async () => await work());",
  "setTimeout(work);",
  'new AbortController().signal.addEventListener("abort", work);',
  'known.get("x");',
  "anything.run();",
  "thenable;",
  "Promise.all([work()]);",
  "new Promise<void>((resolve) => resolve());",
  "new Promise<void>(async (resolve) => resolve());",
  "(async () => {})();",
  "for (work(); false;) {}",
  "definition.list({} as never);",
  'app.fetch(new Request("http://x"));',
  'fetch("http://x");',
];

const HANDLED = [
  "await work();",
  "work().catch(() => {});",
  "void work().catch(() => {});",
  "work().then(() => {}, () => {});",
  "work().catch(() => {}).finally(() => {});",
  "const kept = work(); await kept;",
  "await Promise.all(list.map(async () => await work()));",
  "setTimeout(() => {});",
  "list.forEach((item) => item + 1);",
  'JSON.parse("1");',
  'known.set("x", work());',
  "await (list.length > 0 ? work() : undefined);",
  'new Hono().get("/x", async (c) => c.text("x"));',
];

/** A file with one statement, in the root, where it can import as the program does. */
function planted(statement: string): string {
  return `${BEFORE}export async function planted() {\n${statement}\n}\n`;
}

const extra: Extra = {};
const paths = new Map<string, string>();
for (const [index, statement] of [...LET_GO, ...HANDLED].entries()) {
  const path = new URL(`planted_${index}.ts`, root).pathname;
  paths.set(statement, path);
  extra[path] = planted(statement);
}
const typed = await typesOf(entries, extra);
const found = floatingPromises(typed);
const isPlanted = ({ at }: { at: string }) => at.startsWith("planted_");
const foundIn = (statement: string) => {
  const name = paths.get(statement)!.slice(root.pathname.length);
  return found.filter(({ at }) => at.startsWith(`${name}:`));
};

Deno.test("no promise of the program is let go", () => {
  assert(typed.files.length > 150, "the program was read");
  assertEquals(found.filter((finding) => !isPlanted(finding)), []);
});

Deno.test("a promise that is let go is found", () => {
  assertEquals(LET_GO.filter((statement) => foundIn(statement).length === 0), []);
});

Deno.test("a promise that is waited for is not found", () => {
  assertEquals(HANDLED.flatMap(foundIn), []);
});
