import { assert, assertEquals } from "@std/assert";
import { Dice } from "../../support/fuzz/dice.ts";
import { type Range, startRange } from "../../support/fuzz/range.ts";
import { latin1 } from "../../support/fuzz/shots.ts";
import { refusal, rpcError } from "../../support/fuzz/verdicts.ts";
import { USER } from "../../support/gateway.ts";
import {
  CALLER,
  everyRoute,
  type Header,
  isForPeople,
  JSON_TYPE,
  KEY,
  MCP_PATHS,
  NO_SECRET,
  post,
  REST_POSTS,
  RETURN_URLS,
} from "./requests.ts";
import { DEPTH, object, valuesBut } from "./values.ts";

Deno.test("a body that is no JSON is refused and changes nothing", async () => {
  await using range = await startRange({ connected: ["github", "calendar"] });
  const dice = new Dice(1);
  const whole = object({ user_id: `"${USER}"`, service: '"calendar"', code: `"${NO_SECRET}"` });
  const bodies = [
    "",
    " ",
    "undefined",
    "NaN",
    "{'user_id':'user_123'}",
    `{user_id:"${USER}"}`,
    `${whole}${whole}`,
    `${whole},`,
    `${whole}\0`,
    whole.replace("}", ",}"),
    "user_id=user_123&service=calendar",
    "<xml/>",
    "[".repeat(DEPTH),
    '{"a":'.repeat(DEPTH),
    ...Array.from({ length: whole.length }, (_, length) => whole.slice(0, length)),
    // JSON takes no control character anywhere, except white space between its tokens.
    ...Array.from({ length: 100 }, () => dice.spoil(whole, String.fromCharCode(dice.int(9)))),
  ];
  const broken = [latin1(whole.replace(USER, "\xff\xfe")), latin1("\xff\xfe{\0}\0")];
  await range.holds(
    REST_POSTS.flatMap((path) => [...bodies, ...broken].map((body) => post(path, body))),
    refusal(400, "invalid_request"),
  );
  await range.holds(
    MCP_PATHS.flatMap((path) => bodies.map((body) => post(path, body))),
    (reply, shot) => reply.status === 400 ? rpcError(reply, shot) : "not 400",
  );
});

Deno.test("a JSON body that is no object of ours is refused and changes nothing", async () => {
  await using range = await startRange({ connected: ["github", "calendar"], env: { RETURN_URLS } });
  const inherited = object({ user_id: `"${USER}"`, service: '"calendar"' });
  const bodies = [
    ...valuesBut(),
    `[${inherited}]`,
    `{"__proto__":${inherited}}`,
    `{"constructor":{"prototype":${inherited}}}`,
    '{"USER_ID":"user_123"}',
  ];
  await range.holds(
    REST_POSTS.flatMap((path) => bodies.map((body) => post(path, body))),
    refusal(400, "invalid_request"),
  );
});

Deno.test("a body of another type is refused and changes nothing", async () => {
  await using range = await startRange({ connected: ["github"] });
  const types = [
    [],
    ...[
      "",
      "text/plain",
      "text/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonp",
      "application/json-patch+json",
      "application/",
      "json",
      "*/*",
      "application/json, text/plain",
      "text/plain; application/json",
      "x".repeat(10_000),
    ].map((type): Header[] => [["Content-Type", type]]),
  ];
  const shots = everyRoute().filter((shot) => shot.method === "POST" && !isForPeople(shot));
  await range.holds(
    shots.flatMap((shot) => types.map((type) => ({ ...shot, headers: [KEY, CALLER, ...type] }))),
    refusal(415, "invalid_request"),
  );
});

/** What `fetch` sends, in one piece or in many of unknown number. */
interface Big {
  path: string;
  bytes: number;
  stream: boolean;
}

async function sendBig({ gateway }: Range, { path, bytes, stream }: Big) {
  const whole = new Uint8Array(bytes).fill(0x20);
  whole.set(latin1("{}"));
  const pieces = ReadableStream.from((function* () {
    for (let at = 0; at < bytes; at += 16_384) yield whole.subarray(at, at + 16_384);
  })());
  const headers = new Headers([KEY, CALLER, JSON_TYPE]);
  const body = stream ? pieces : whole;
  const response = await fetch(gateway.url + path, { method: "POST", headers, body });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

Deno.test("a body over the limit is refused, announced or not", async () => {
  await using range = await startRange({ connected: ["github"] });
  const limits: [path: string, limit: number][] = [
    ...REST_POSTS.map((path): [string, number] => [path, 64 * 1024]),
    ...MCP_PATHS.map((path): [string, number] => [path, 1024 * 1024]),
    ["/auth/github", 16 * 1024],
  ];
  const sizes = (over: number[]) =>
    limits.flatMap(([path, limit]) =>
      over.flatMap((more) =>
        [false, true].map((stream): Big => ({ path, bytes: limit + more, stream }))
      )
    );
  await range.holdsAgainst(
    sizes([1, 1024, 3_000_000]),
    (big) => sendBig(range, big),
    refusal(413, "invalid_request"),
  );
  // One byte less is judged by what it says.
  await range.holdsAgainst(
    sizes([0]),
    (big) => sendBig(range, big),
    ({ status }) => status >= 400 && status <= 403 ? undefined : `${status} at the limit`,
  );
});

Deno.test("a body without an end is refused as soon as it is over the limit", async () => {
  await using range = await startRange();
  for (const path of ["/links", "/mcp", "/auth/github"]) {
    let sent = 0;
    const body = ReadableStream.from((function* () {
      for (; sent < 256; sent++) yield new Uint8Array(1024 * 1024);
    })());
    const headers = new Headers([KEY, CALLER, JSON_TYPE]);
    const response = await fetch(range.gateway.url + path, { method: "POST", headers, body });
    await response.body?.cancel();
    assertEquals(response.status, 413);
    assert(sent < 64, `${path} read ${sent} MiB`);
  }
});
