import { assert, assertEquals } from "@std/assert";
import { LOG_GATHERED, LogWriter } from "../../start/log_writer.ts";

function writer() {
  const written: string[] = [];
  const timers: (() => void)[] = [];
  const log = new LogWriter({
    write: (text) => void written.push(text),
    after: (_ms, run) => void timers.push(run),
  });
  return { log, written, timers };
}

Deno.test("LogWriter gathers lines, and writes them in order with one write", () => {
  const { log, written, timers } = writer();
  log.gather("a");
  log.gather("b");
  assertEquals([written, timers.length], [[], 1]);
  timers[0]!();
  assertEquals(written, ["a\nb\n"]);
  log.gather("c");
  assertEquals(timers.length, 2);
  timers[1]!();
  assertEquals(written, ["a\nb\n", "c\n"]);
});

Deno.test("LogWriter writes what it has gathered before what is urgent, and nothing twice", () => {
  const { log, written, timers } = writer();
  log.gather("a");
  log.flush();
  written.push("urgent");
  timers[0]!();
  assertEquals(written, ["a\n", "urgent"]);
});

Deno.test("LogWriter holds no more than so much", () => {
  const { log, written } = writer();
  const line = "x".repeat(1023);
  for (let count = 0; count < LOG_GATHERED / 1024; count += 1) log.gather(line);
  assertEquals(written.map(({ length }) => length), [LOG_GATHERED]);
});

Deno.test("LogWriter makes lines when it writes them, in their order among others", () => {
  const { log, written } = writer();
  let made = 0;
  log.gather("a");
  log.gather({ toString: () => `b${++made}` });
  log.gather("c");
  assertEquals(made, 0);
  log.flush();
  assertEquals(written, ["a\nb1\nc\n"]);
  log.flush();
  assertEquals([written.length, made], [1, 1]);
  while (written.length === 1) log.gather({ toString: () => "d".repeat(500) });
  assert(written[1]!.length <= 2 * LOG_GATHERED, `${written[1]!.length}`);
});

Deno.test("LogWriter writes all others where one cannot be made, and says so", () => {
  const { log, written } = writer();
  log.gather("a");
  log.gather({
    toString() {
      throw new RangeError("Invalid time value");
    },
  });
  log.gather("b");
  log.flush();
  assertEquals(written, ['a\n{"level":"error","event":"log_line_not_made"}\nb\n']);
});

Deno.test("STDOUT writes a text of any length, with whatever letters, as it is", async () => {
  // Around the room that there is, with letters that lie across its end.
  const texts = [
    "a",
    "",
    "é€😀".repeat(5_000),
    "x".repeat(32 * 1024 - 1) + "😀y",
    "z".repeat(70_000),
  ];
  const writer = new URL("../../start/log_writer.ts", import.meta.url).href;
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      script,
      `import { STDOUT } from ${JSON.stringify(writer)};
for (const text of ${JSON.stringify(texts)}) STDOUT.write(text);`,
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-config", script],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), texts.join(""));
  } finally {
    await Deno.remove(script);
  }
});
