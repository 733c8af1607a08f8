/**
 * Two texts side by side for an operator's eyes: what went, what came, and
 * nothing in them that a terminal would obey or not show.
 *
 * @module
 */

/** Beyond so many comparisons the whole old text goes and the whole new one comes. */
const MAX_WORK = 4_000_000;
/** Unchanged lines that are shown around a change. */
const CONTEXT = 2;
/** A line longer than this is broken after sentences. */
const LONG_LINE = 80;

/** A diff's lines, each behind `-`, `+` or a space. */
export function lineDiff(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)
  ) end++;
  const middle = changes(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const same = (lines: string[]) => lines.map((line) => `  ${line}`);
  return folded([
    ...same(old.slice(0, start)),
    ...middle,
    ...same(old.slice(old.length - end)),
  ]);
}

/** By the longest common subsequence. */
function changes(old: string[], now: string[]): string[] {
  const gone = (line: string) => `- ${line}`;
  const come = (line: string) => `+ ${line}`;
  if (old.length * now.length > MAX_WORK) return [...old.map(gone), ...now.map(come)];
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j]
        ? common[(i + 1) * width + j + 1]! + 1
        : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push(`  ${old[i]}`);
      i++;
      j++;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) {
      lines.push(gone(old[i++]!));
    } else lines.push(come(now[j++]!));
  }
  return [...lines, ...old.slice(i).map(gone), ...now.slice(j).map(come)];
}

/** Without what is far from a change. */
function folded(lines: string[]): string[] {
  const isNear = lines.map((_line, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => line[0] !== " ")
  );
  return lines.flatMap((line, index) =>
    isNear[index] ? [line] : index > 0 && !isNear[index - 1] ? [] : ["  …"]
  );
}

/** JSON's lines; a long text in it goes on in the next after a sentence, or after its own line. */
export function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) =>
    (line.length <= LONG_LINE ? [line] : line.split(/(?<=[.!?] |\\n)/)).map(visible)
  );
}

/**
 * What a terminal would obey (controls), what turns the text around it (bidi),
 * and what nobody sees, as escapes. In JSON a backslash is written twice: no
 * text can pretend to be such an escape.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
