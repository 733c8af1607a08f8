/**
 * What the way something is written says of it.
 *
 * @module
 */

/** Days and times. */
export const WHEN =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|today|tonight|tomorrow|heute|morgen|hoy|lunes|martes|miercoles|jueves|viernes|sabado|domingo|o'clock|daily|weekly|monthly|(?:this|next) (?:week|month|morning|afternoon|evening)|\d{1,2}(?::\d\d)? ?(?:am|pm|uhr))\b/i;

/** By when something is to be done. */
const DUE =
  /\b(?:by|until|due|before|bis(?: zum)?|hasta|antes del?) (?:el |next |n[aä]chsten |tomorrow|morgen|ma[nñ]ana|the |(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)/i;

/** How things are written, and what they are then. */
export const SHAPES: readonly [RegExp, string[]][] = [
  [/(?:^|\s)#[a-z][\w-]*/, ["slack", "channel", "message"]],
  [/(?:^|\s)@[a-z]/i, ["slack", "person", "user"]],
  [/\b[A-Z]{2,6}-\d+\b/, ["linear", "issue"]],
  [/(?:^|\s)#\d+\b/, ["github", "issue", "pull", "request"]],
  [/\b(?:label|close|reopen|assign|tag)\s+\d+\b/i, ["issue"]],
  [/\S@\w[\w-]*\.\w/, ["email", "person"]],
  [/^\s*(?:todo|to-do)\s*:/i, ["task", "create"]],
  [/\b[\w-]+\.(?:png|jpe?g|gif|svg|webp|mp3|wav|mp4)\b/i, ["media", "image", "file"]],
  [/\b[\w-]+\.(?:docx?|xlsx?|pptx?|pdf|csv|odt)\b/i, ["file", "document", "drive"]],
  [/(?:^|\s)\.[a-z][\w.-]+/, ["file"]],
  [/(?:^|\s)[A-Za-z][\w.-]*\/[\w.-]+(?=[\s:,#?!]|$)/, ["github", "repository"]],
  [/(?:^|\s)\/[\w.-]+(?:\/[\w.*-]+)*/, ["filesystem", "path"]],
  [DUE, ["due", "task"]],
  // A question for yes or no.
  [/^\s*(?:is|are|am|do|does|did|has|have|can)\s/i, ["check"]],
  [
    /\b[\w-]+\.(?:[cm]?[jt]sx?|json|ya?ml|toml|py|go|rs|java|rb|php|c|h|cpp|cs|sh|css|html|md|lock)\b/,
    [
      "file",
      "code",
    ],
  ],
  [/\b(?:dockerfile|makefile|readme|changelog)\b/i, ["file"]],
  [/\b[a-z]+[A-Z]\w+\b/, ["code"]],
  [/\*\.\w+/, ["file", "pattern"]],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b/, ["commit", "sha"]],
];

/** What is called so, whatever its words mean. */
export const NAMES =
  /(?<=^|\s)(?:'[^']{1,60}'|"[^"]{1,60}"|“[^”]{1,60}”|„[^“”]{1,60}[“”]|«[^»]{1,60}»|[A-Za-z][\w.-]*\/[\w.-]+)(?=[\s:,.?!]|$)/g;

/** What is to be written or told, after what is wanted: "new task: call Ben". */
export const CONTENT =
  /(?<=[\p{L}\p{N}'"]):\s.*$|(?<=\b(?:tell|let|say|write|reply|answer|comment|note|add|inform|remind|schreib|sag|antwort|kommentier|di|dile|diles|comenta|escribe|avisa|responde)\w{0,4}\b.{2,60}?\b(?:that|saying|dass|que))\s.*$/isu;
