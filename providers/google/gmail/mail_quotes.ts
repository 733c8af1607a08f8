/**
 * What a mail repeats of those before it in its conversation. Left out is only
 * what was read before, word for word: somebody's answers between the lines stay.
 *
 * @module
 */

/** Stands in the place of what was left out. */
export const LEFT_OUT = "[Quoted text is left out here.]";

const RUN = 4;
const MAX_WORDS = 50_000;
const KNOWN_SHARE = 0.75;
/** Quotations of one message that are looked into: each may go on to the message's end. */
const MAX_QUOTATIONS = 50;
/** Characters of quotations that are compared, of one message: what is beyond that stays. */
const MAX_COMPARED = 500_000;
/** Nothing is taken out of a longer message, which no person wrote. */
const MAX_TRIMMED = 500_000;
const MAX_HEADER_LINES = 15;

/** `On Fri, Nov 20, 2026 at 10:00 AM Ana <ana@example.com> wrote:` */
const ATTRIBUTION =
  /^(?!>).{0,300}\b(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał\S*|skrev|napsal\S*|написал\S*|kirjoitti|írta|yazdı)\b.{0,120}:\s*$/iu;
const SEPARATOR =
  /^(-{2,}\s*\S.{3,60}\S\s*-{2,}|_{10,}|Begin forwarded message:|Anfang der weitergeleiteten Nachricht:)\s*$/i;
const OUTLOOK_FROM = /^\*?(From|Von|De|Da|Van|Od|Från|Fra|Lähettäjä)\*?\s?:\*?\s/i;
const OUTLOOK_DATE =
  /^\*?(Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha|Data|Inviato|Verzonden|Skickat|Sendt|Wysłano)\*?\s?:\*?\s/i;
const HEADER_LINE = /^\*?[\p{L}-]{2,20}\*?\s?:\*?\s/u;

/** What was read of a conversation so far. */
export class Conversation {
  readonly #heard = new Set<string>();
  #isEmpty = true;

  /** A message of it without what it repeats, and whether something was left out. */
  next(text: string): { text: string; isCut: boolean } {
    const trimmed = this.#isEmpty || text.length > MAX_TRIMMED
      ? { text, isCut: false }
      : this.#trim(text);
    for (const run of runsOf(text)) this.#heard.add(run);
    this.#isEmpty = false;
    return trimmed;
  }

  #trim(text: string): { text: string; isCut: boolean } {
    const lines = text.split("\n");
    const kept: string[] = [];
    let isCut = false;
    let [tries, compared] = [0, 0];
    for (let at = 0; at < lines.length;) {
      const isOpen = tries < MAX_QUOTATIONS && compared < MAX_COMPARED;
      const block = isOpen ? quotationAt(lines, at) : undefined;
      const quoted = block && lines.slice(block.from, block.to).join("\n");
      tries += block === undefined ? 0 : 1;
      compared += quoted?.length ?? 0;
      if (block !== undefined && this.#isHeard(quoted ?? "")) {
        kept.push(LEFT_OUT);
        isCut = true;
        at = block.to;
      } else {
        // What was not heard is gone through line by line, but not for the same quotation again.
        const end = block?.isPrefixed ? block.to : at + 1;
        for (; at < end; at++) kept.push(lines[at]!);
      }
    }
    return { text: kept.join("\n").replace(/\n{3,}/g, "\n\n").trim(), isCut };
  }

  #isHeard(text: string): boolean {
    const runs = runsOf(text);
    if (runs.length === 0) return true;
    return runs.filter((run) => this.#heard.has(run)).length >= KNOWN_SHARE * runs.length;
  }
}

/**
 * What a voice says of a message that stands alone: not what it quotes at length. In one that
 * passes something on, that is the point.
 */
export function withoutQuotes(text: string, isPassedOn: boolean): { text: string; isCut: boolean } {
  if (isPassedOn) return { text, isCut: false };
  const lines = text.split("\n");
  const kept: string[] = [];
  for (let at = 0; at < lines.length;) {
    const block = kept.length < MAX_QUOTATIONS ? quotationAt(lines, at) : undefined;
    if (block === undefined) kept.push(lines[at++]!);
    else at = block.to;
  }
  const left = kept.join("\n").trim();
  const isCut = left.length < text.trim().length && /[\p{L}\p{N}]/u.test(left);
  return isCut ? { text: left, isCut } : { text, isCut: false };
}

interface Quotation {
  /** Where what is quoted begins, after the words that introduce it. */
  from: number;
  to: number;
  isPrefixed: boolean;
}

function quotationAt(lines: string[], at: number): Quotation | undefined {
  const isPrefixed = (line: string | undefined) => line !== undefined && /^\s?>/.test(line);
  let from = at;
  if (!isPrefixed(lines[at])) {
    const start = introductionEnd(lines, at);
    if (start === undefined) return undefined;
    from = start;
    while (from < lines.length && lines[from]!.trim() === "") from++;
  }
  if (!isPrefixed(lines[from])) return { from, to: lines.length, isPrefixed: false };
  let to = from;
  for (let next = from; next < lines.length; next++) {
    if (isPrefixed(lines[next])) to = next + 1;
    else if (lines[next]!.trim() !== "") break;
  }
  return { from, to, isPrefixed: true };
}

/** Where the words that introduce a quotation end, if they begin at this line. */
function introductionEnd(lines: string[], at: number): number | undefined {
  const line = lines[at]!.trim();
  if (ATTRIBUTION.test(line.slice(0, 450))) return at + 1;
  // Mail programs break that line after 72 characters.
  const two = `${line} ${lines[at + 1]?.trim() ?? ""}`;
  const begins = /^\S{1,12} .*\d/.test(line) && !line.endsWith(":");
  if (begins && two.length < 450 && ATTRIBUTION.test(two)) return at + 2;
  const isSeparator = SEPARATOR.test(line);
  if (!isSeparator && !OUTLOOK_FROM.test(line)) return undefined;
  let end = isSeparator ? at + 1 : at;
  let isDated = false;
  const last = Math.min(lines.length, at + MAX_HEADER_LINES);
  for (; end < last; end++) {
    const header = lines[end]!.trim().slice(0, 450);
    if (header !== "" && !HEADER_LINE.test(header)) break;
    isDated ||= OUTLOOK_DATE.test(header);
  }
  return isDated ? end : undefined;
}

/** Every few words that follow each other, without what is no word. */
function runsOf(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\d]+/gu)) {
    if (words.push(word) >= MAX_WORDS) break;
  }
  if (words.length < RUN) return words.length === 0 ? [] : [words.join(" ")];
  return words.slice(RUN - 1).map((_, at) => words.slice(at, at + RUN).join(" "));
}
