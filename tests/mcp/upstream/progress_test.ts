import { assertEquals } from "@std/assert";
import { MAX_PROGRESS, MAX_PROGRESS_MESSAGE, relay } from "../../../mcp/upstream/progress.ts";

/** A relay, and what came through it. */
function relaying() {
  const caller = new AbortController();
  const heard: unknown[] = [];
  const say = relay((progress) => void heard.push(progress), caller.signal);
  return { caller, heard, say };
}

Deno.test("progress is passed on member by member, and a long message cut off", () => {
  const { heard, say } = relaying();
  say({ progress: 1 });
  const more = { progress: 2, total: 0, message: "", extra: "x".repeat(1_000_000) };
  say(more);
  say({ progress: 3, message: "a".repeat(MAX_PROGRESS_MESSAGE + 1) });
  assertEquals(heard, [
    { progress: 1 },
    { progress: 2, total: 0, message: "" },
    { progress: 3, message: "a".repeat(MAX_PROGRESS_MESSAGE) },
  ]);
});

Deno.test("progress ends with its number, and with its caller", () => {
  const { heard, say } = relaying();
  for (let progress = 0; progress < 2 * MAX_PROGRESS; progress++) say({ progress });
  assertEquals(heard.length, MAX_PROGRESS);

  const other = relaying();
  other.say({ progress: 1 });
  other.caller.abort();
  other.say({ progress: 2 });
  assertEquals(other.heard, [{ progress: 1 }]);
});
