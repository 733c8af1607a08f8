/**
 * Requests as bytes, over a socket, and answers as bytes: what a `Request` that
 * a test makes has settled already, and what becomes of a `Response`.
 */

import { assert, assertEquals } from "@std/assert";
import { rawAnswer } from "../../support/raw_http.ts";
import { askedOf, calls, type Draft, draft, FULL, HOT, MODERN, modern, request } from "./corpus.ts";
import { backend, UPSTREAM } from "./same.ts";
import { type Asked, startTwins, type Twins } from "./twins.ts";

const PING = draft(request("ping"));
const CALL = modern("tools/call", { name: "lab_echo", arguments: { text: "a" } });
const STREAM = draft(
  request("tools/call", { name: "up_steps", _meta: { progressToken: 1 } }),
  FULL,
  "/mcp",
);

/** A change of a request's text. */
type Bend = (text: string) => string;

const line = (more: string): Bend => (text) => text.replace("\r\n\r\n", `\r\n${more}\r\n\r\n`);
const body = (text: string) => text.slice(text.indexOf("\r\n\r\n") + 4);
const head = (text: string) => text.slice(0, text.indexOf("\r\n\r\n"));
const unframed: Bend = (text) => text.replace(/Content-Length: \d+/, "Transfer-Encoding: chunked");
const chunks = (...sizes: number[]): Bend => (text) => {
  const bytes = new TextEncoder().encode(body(text));
  const ends = [...sizes, bytes.length];
  const parts = ends.map((end, at) => {
    const part = new TextDecoder().decode(bytes.subarray(ends[at - 1] ?? 0, end));
    return `${(end - (ends[at - 1] ?? 0)).toString(16)}\r\n${part}\r\n`;
  });
  return `${head(unframed(text))}\r\n\r\n${parts.join("")}0\r\n\r\n`;
};

/** What no header of a `Request` can say: lines that come twice, names and spaces of every kind. */
const LINES = [
  ...["Mcp-Protocol-Version: 2025-11-25", "Mcp-Protocol-Version: 2026-07-28"],
  ...["Content-Type: application/json", "Content-Type: text/plain", "MCP-METHOD: tools/call"],
  ...["mcp-name: lab_echo", "mCP-nAME:\t lab_echo \t", "Mcp-Name:", "Mcp-Name: other"],
  ...["Mcp-Session-Id: url-elicitation.x", "Accept: text/html", "accept:", "Last-Event-ID: 1"],
  ...["X-Folded: a\r\n b", "Mcp-Method : tools/list", "Mcp-Name: a\u0001b", "Expect: 100-continue"],
  // What HTTP itself has to say to an answer.
  ...["Accept-Encoding: gzip, br", "Content-Encoding: gzip", "Range: bytes=0-1", "TE: trailers"],
  ...["If-None-Match: *", "Prefer: respond-async", "Upgrade: h2c", "Connection: keep-alive"],
  ...["Cookie: a=b", "X-Forwarded-Host: evil.example.com", "Forwarded: for=1.2.3.4;host=x"],
  ...[
    "X-HTTP-Method-Override: GET",
    "Origin: null",
    "traceparent: x",
    "X-Request-Id: mine",
    "Mcp-Session-Id: \u00e9\u00e8",
  ],
];

const BENT: Record<string, Bend> = {
  asItIs: (text) => text,
  small: (text) => text.replaceAll(/^[\w-]+(?=: )/gm, (name) => name.toLowerCase()),
  large: (text) => text.replaceAll(/^[\w-]+(?=: )/gm, (name) => name.toUpperCase()),
  spaced: (text) => text.replaceAll(/^([\w-]+): (.*?)(?=\r)/gm, "$1: \t $2  "),
  unspaced: (text) => text.replaceAll(/^([\w-]+): /gm, "$1:"),
  ...Object.fromEntries(LINES.map((more) => [more, line(more)])),
  chunks: chunks(1, 5, 20),
  chunk: chunks(),
  // Two on one connection, of which the second comes before the first is answered.
  twice: (text) => `${text.replace("Connection: close", "Connection: keep-alive")}${text}`,
  old: (text) => text.replace("HTTP/1.1", "HTTP/1.0"),
  absolute: (text) => text.replace(/^POST (\S+)([^]*?Host: )(\S+)/, "POST http://$3$1$2$3"),
  mark: (text) =>
    `${head(text).replace(/Length: (\d+)/, (_, of) => `Length: ${+of + 3}`)}\r\n\r\n\ufeff${
      body(text)
    }`,
};

/** A request as it is sent, for this gateway. */
function textOf({ gateway }: Twins, { path, headers, body }: Asked): string {
  const all = {
    Host: new URL(gateway.url).host,
    ...headers,
    "Content-Length": `${new TextEncoder().encode(body).length}`,
    Connection: "close",
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${path} HTTP/1.1`, ...lines, "", body].join("\r\n");
}

async function raw(twins: Twins, asked: Asked, bend: Bend) {
  const text = bend(textOf(twins, asked));
  const { port } = new URL(twins.gateway.url);
  const answers = await twins.askRaw(() => rawAnswer(port, text));
  // Names of headers are the same in whatever letters (RFC 9110 §5.1), and each SDK has its own. How
  // many events of a stream one piece holds is chance.
  const clean = (answer: string) =>
    answer.replace(/date: .*/i, "").replaceAll(/^[\w-]+(?=: )/gm, (name) => name.toLowerCase())
      .replaceAll(/\r\n[0-9a-f]+(?=\r\n)/g, "").replaceAll(/[\r\n]+/g, "\n");
  return { ...answers, direct: clean(answers.direct), sdk: clean(answers.sdk) };
}

Deno.test("what comes and goes over a socket is the same as by the SDKs, byte for byte", async () => {
  await using twins = await startTwins(UPSTREAM);
  const user = { ...backend(), "X-User-Id": "user-raw" };
  const counts = { all: 0, direct: 0 };
  const same = async (one: Draft, bend: Bend, what: string) => {
    const { direct, sdk, isDirect } = await raw(twins, askedOf(one, user), bend);
    assertEquals(direct, sdk, `${JSON.stringify(one)} ${what}`);
    counts.all++;
    if (isDirect) counts.direct++;
    return direct;
  };
  for (const one of [...HOT, STREAM]) await same(one, BENT.asItIs!, "");
  for (const [what, bend] of Object.entries(BENT)) {
    for (const one of [PING, CALL]) await same(one, bend, what);
  }
  assert(counts.direct > counts.all / 2, JSON.stringify(counts));
  // One header, and what HTTP itself needs: it went by the way without the router.
  const [first, ...lines] = (await same(PING, BENT.asItIs!, "")).split("\n{")[0]!.split("\n");
  assertEquals(first, "HTTP/1.1 200 OK");
  const names = lines.map((each) => each.split(":")[0]).filter((name) =>
    name && name !== "vary" && name !== "connection"
  ).toSorted();
  assertEquals(names, ["content-length", "content-type"]);
});

Deno.test("a caller whose socket closes in the middle of a call is missed as by the SDKs", async () => {
  await using twins = await startTwins();
  const { lab, gateway } = twins;
  // Deno 2.9.6 does not see the end of a caller whose request is longer than half a kilobyte (2.5.7
  // does), whoever answers it: those of 2026-07-28 all are.
  const short = calls("/mcp/lab", {}, ["lab_wait"]).filter(({ headers }) =>
    headers["Mcp-Protocol-Version"] !== MODERN
  );
  for (const one of short) {
    const { direct, sdk, isDirect } = await twins.askRaw(async () => {
      const begun = Promise.withResolvers<void>();
      lab.begun = begun.resolve;
      lab.waited.length = 0;
      const socket = await Deno.connect({ port: Number(new URL(gateway.url).port) });
      const asked = askedOf(one, { ...backend(), "X-User-Id": "user-raw" });
      const text = textOf(twins, asked);
      await socket.write(new TextEncoder().encode(text));
      await begun.promise;
      socket.close();
      const [signal] = lab.waited;
      if (signal!.aborted) return "told";
      return await new Promise<string>((resolve) => {
        // So long nothing takes that comes at all.
        const never = setTimeout(() => resolve("never told"), 10_000);
        signal!.addEventListener("abort", () => {
          clearTimeout(never);
          resolve("told");
        });
      });
    });
    assertEquals([direct, sdk, isDirect], ["told", "told", true]);
  }
});
