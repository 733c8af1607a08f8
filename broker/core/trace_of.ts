/**
 * What a log may say of a fault that nobody expected.
 *
 * @module
 */

/** More of a stack is not looked through. */
const STACK_CHARACTERS = 4_000;

/**
 * What the log may say of a fault: its kind, and file and line of the throw,
 * ours before a library's. Messages may hold what must not be logged.
 */
export function traceOf(error: unknown): { name: string; at: string } {
  if (!(error instanceof Error)) return { name: "unknown", at: "" };
  const { name, message, stack = "" } = error;
  // The stack begins with the message, which may look like a place.
  const said = stack.indexOf(message);
  const rest = said < 0 ? stack : stack.slice(said + message.length);
  const places = rest.slice(0, STACK_CHARACTERS).split("\n").filter((line) => /^ {4}at /.test(line))
    .join("\n");
  const [, at = ""] = OURS.exec(places) ?? ANYBODYS.exec(places) ?? [];
  return { name, at };
}

const OURS = /([\w.-]+\/[\w.-]+\.tsx?:\d+)/;
const ANYBODYS = /([\w.-]+\/[\w.-]+\.[cm]?js:\d+)/;
