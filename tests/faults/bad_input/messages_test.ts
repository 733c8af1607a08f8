import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser, type Page } from "../../support/browser.ts";
import {
  Dice,
  latin1,
  noRequest,
  page,
  pageOrTyped,
  type Range,
  refusal,
  rpcAnswer,
  rpcError,
  sendBytes,
  type Shot,
  startRange,
  typedOrRpcError,
  typedRefusal,
} from "../../support/fuzz/verdicts.ts";
import { API_KEY, OTHER_API_KEY, USER } from "../../support/gateway.ts";

type Header = [name: string, value: string];
const KEY: Header = ["Authorization", `Bearer ${API_KEY}`];
const OTHER_KEY: Header = ["Authorization", `Bearer ${OTHER_API_KEY}`];
const CALLER: Header = ["X-User-Id", USER];
const JSON_TYPE: Header = ["Content-Type", "application/json"];
const FORM_TYPE: Header = ["Content-Type", "application/x-www-form-urlencoded"];

/** Never handed out. */
const NO_SECRET = "A".repeat(43);
/** Deep enough to end every recursion over it. */
const DEPTH = 10_000;
const DEEP_ARRAY = "[".repeat(DEPTH) + "]".repeat(DEPTH);
const DEEP_OBJECT = '{"a":'.repeat(DEPTH) + "1" + "}".repeat(DEPTH);

/** Inherited by every object: a look-up that forgets this finds them everywhere. */
const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

/** Values as JSON texts, by JSON's types: some cannot be made from JavaScript. */
const VALUES: Record<string, string[]> = {
  null: ["null"],
  boolean: ["true", "false"],
  integer: ["0", "-1", "1e3"],
  number: ["1.5", "1e400", "-1e400"],
  string: ['""', '"1"', '"60"', '"\\u0000"', '"\\ud800"', '"__proto__"', `"${"x".repeat(3000)}"`],
  array: ["[]", '["user_123"]', "[[[[]]]]", "[null]", DEEP_ARRAY],
  object: ["{}", '{"toString":"x"}', '{"__proto__":{"a":1}}', '{"length":1}', DEEP_OBJECT],
};

/** Values of every type but these. */
function valuesBut(...types: string[]): string[] {
  return Object.entries(VALUES).flatMap(([type, values]) => types.includes(type) ? [] : values);
}

/** A JSON object from JSON texts. */
function object(fields: Record<string, string | undefined>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

const texts = (...items: string[]) => items.map((item) => JSON.stringify(item));

/** What no user id is: 1 to 128 of `A-Za-z0-9._@|+-`. */
function badUserIds(dice: Dice): string[] {
  const forbidden = [..."/\\:\"'<>{}[]()*?&=#%,;~^`! \t\n\r\0\x7f\u00e9\u200b\u202e\ud800😀ａа"];
  return [
    "",
    "x".repeat(129),
    "x".repeat(60_000),
    "../",
    "../../connections",
    "%00",
    "voice:user_123",
    "user_123\n",
    "\nuser_123",
    "user_123\u0000",
    "user_123/github",
    "uѕer_123",
    "user_１２３",
    '"><script>alert(1)</script>',
    ...forbidden.map((character) => dice.spoil(USER, character)),
  ];
}

const BAD_SERVICES = [
  ...INHERITED,
  "",
  "..",
  "../github",
  "github/",
  "github\0",
  "github\n",
  "GitHub",
  " github",
  "github,google",
  "gіthub",
  "\ud800",
  "null",
  '"><script>alert(1)</script>',
  "sse",
];

const BAD_SCOPES = [
  ...INHERITED,
  "calendar __proto__",
  "calendar\0",
  "calendar\n",
  "calendar,gmail",
  "Calendar",
  "\ud800",
  "https://www.googleapis.com.evil.example/auth/calendar",
  "https://www.googleapis.com/auth/../calendar",
  "calendar ".repeat(300),
];

const BAD_RETURNS = [
  ...INHERITED,
  "",
  "/done",
  "//evil.example/",
  "https://evil.example/",
  "https://app.example.com.evil.example/",
  "https://app.example.com@evil.example/",
  "https://me:pw@app.example.com/done/",
  "https://app.example.com/done/../evil",
  "https://app.example.com/done/#x",
  " https://app.example.com/done/",
  "https://app.example.com/done/\0",
  "javascript:alert(1)//https://app.example.com/done/",
  `https://app.example.com/done/${"x".repeat(2000)}`,
];

/** How one field may be: a good value, and texts of its own type that are none. */
interface Field {
  type: "string" | "integer";
  good: string;
  bad: string[];
  required?: boolean;
}

function fieldsOf(dice: Dice): Record<string, Record<string, Field>> {
  const user_id: Field = {
    type: "string",
    good: `"${USER}"`,
    bad: texts(...badUserIds(dice)),
    required: true,
  };
  const scope: Field = { type: "string", good: '"calendar"', bad: texts(...BAD_SCOPES) };
  const account: Field = { type: "string", good: '"octocat"', bad: texts("x".repeat(321)) };
  const integer = (good: string, ...bad: string[]): Field => ({ type: "integer", good, bad });
  const min_ttl = integer("1", "-1", "3601", "1e308", "9007199254740993");
  return {
    "/links": {
      user_id,
      service: { type: "string", good: '"calendar"', bad: texts(...BAD_SERVICES), required: true },
      scope,
      account,
      return_to: {
        type: "string",
        good: '"https://app.example.com/done/"',
        bad: texts(...BAD_RETURNS),
      },
      expires_in: integer("60", "29", "601", "-60", "1e308"),
    },
    "/links/claim": {
      user_id,
      code: {
        type: "string",
        good: `"${NO_SECRET}"`,
        bad: texts(...INHERITED, "", NO_SECRET, `${NO_SECRET}\n`, "A".repeat(60_000), "\ud800"),
        required: true,
      },
    },
    "/token/calendar": {
      user_id,
      scope,
      min_ttl,
      account: { ...account, bad: texts(...INHERITED, "", "nobody", "\ud800", "x".repeat(321)) },
    },
    "/token/github": { user_id, min_ttl },
  };
}

const REST_POSTS = ["/links", "/links/claim", "/token/github", "/token/calendar"];
const MCP_PATHS = ["/mcp", "/mcp/", "/mcp/github", "/mcp/sse", "/sse"];
const RETURN_URLS = "https://app.example.com/done/";

function post(target: string, body: NonNullable<Shot["body"]>, ...headers: Header[]): Shot {
  return { method: "POST", target, headers: [KEY, CALLER, JSON_TYPE, ...headers], body };
}

/** One well-formed request for every route: what is refused is what a test adds to it. */
function everyRoute(): Shot[] {
  const get = (method: string, target: string) => ({ method, target, headers: [KEY] });
  return [
    post("/links", object({ user_id: `"${USER}"`, service: '"github"' })),
    post("/links/claim", object({ user_id: `"${USER}"`, code: `"${NO_SECRET}"` })),
    post("/token/github", object({ user_id: `"${USER}"` })),
    get("GET", `/connections?user_id=${USER}`),
    get("DELETE", `/connections/github?user_id=${USER}`),
    get("GET", `/auth/github?user_id=${USER}&link=${NO_SECRET}`),
    { ...post("/auth/github", `user_id=${USER}&link=${NO_SECRET}`), headers: [FORM_TYPE] },
    get("GET", `/callback/github?state=${NO_SECRET}&code=x`),
    ...MCP_PATHS.map((path) => post(path, PING)),
  ];
}
const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

const isForPeople = ({ target }: Shot) => /^\/(auth|callback)\//.test(target);
const isMcp = ({ target }: Shot) => MCP_PATHS.includes(target);

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

Deno.test("a wrong value in any field of a body is refused and changes nothing", async () => {
  await using range = await startRange({ connected: ["github", "calendar"], env: { RETURN_URLS } });
  const shots = Object.entries(fieldsOf(new Dice(2))).flatMap(([path, fields]) =>
    Object.entries(fields).flatMap(([name, { type, bad, required = false }]) => {
      const good = Object.fromEntries(Object.entries(fields).map(([key, { good }]) => [key, good]));
      return [...valuesBut(type), ...bad, ...(required ? [undefined] : [])]
        .map((value) => post(path, object({ ...good, [name]: value })));
    })
  );
  const nobody = [...INHERITED, "", "nobody", "\0", "x".repeat(321)].map((account): Shot => {
    const query = new URLSearchParams({ user_id: USER, account });
    return { method: "DELETE", target: `/connections/github?${query}`, headers: [KEY] };
  });
  await range.holds([...shots, ...nobody], typedRefusal);
});

Deno.test("a scope named as every object's properties are is never a fault", async () => {
  await using range = await startRange({ connected: ["github"] });
  const { gateway } = range;
  for (const scope of INHERITED) {
    for (const path of ["/links", "/token/github"]) {
      const answer = await gateway.api(path, { body: { user_id: USER, service: "github", scope } });
      assert(answer.status < 500, `${path} ${scope} → ${answer.status} ${answer.text}`);
      const url = answer.json.url ?? answer.json.connect_url;
      if (url === undefined) continue;
      const { status, html } = await new Browser().open(url);
      assertEquals(status, 200);
      assertStringIncludes(html, scope);
      assert(!html.includes("native code"), html);
    }
  }
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
    ["/auth/github", 8 * 1024],
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

Deno.test("a malformed credential is refused on every route that asks for one", async () => {
  await using range = await startRange({ connected: ["github"] });
  const dice = new Dice(3);
  const presented = [
    "",
    "Bearer",
    "Bearer ",
    `Basic ${btoa(`voice:${API_KEY}`)}`,
    `Basic ${API_KEY}`,
    `Token ${API_KEY}`,
    `Bearer:${API_KEY}`,
    `Bearer${API_KEY}`,
    `Bearer\t${API_KEY}`,
    `Bearer "${API_KEY}"`,
    `Bearer ${API_KEY} ${API_KEY}`,
    `Bearer ${API_KEY},`,
    `Bearer Bearer ${API_KEY}`,
    `Bearer ${API_KEY.toUpperCase()}`,
    `Bearer ${API_KEY.slice(0, -1)}`,
    `Bearer ${API_KEY}x`,
    `Bearer ${"x".repeat(10_000)}`,
    `Bearer ${API_KEY}${"x".repeat(10_000)}`,
    `Bearer ${"\xff".repeat(64)}`,
    ...INHERITED.map((name) => `Bearer ${name}`),
    ...Array.from(
      { length: 30 },
      () => `Bearer ${dice.spoil(API_KEY, dice.pick([...",;/\xe9"]))}`,
    ),
  ];
  const credentials: Header[][] = [
    [],
    [KEY, KEY],
    [KEY, OTHER_KEY],
    [["X-Api-Key", `Bearer ${API_KEY}`]],
    [["X-Api-Key", "x".repeat(10_000)]],
    ...presented.map((value): Header[] => [["Authorization", value]]),
  ];
  const shots = everyRoute().filter((shot) => !isForPeople(shot)).flatMap((shot) =>
    credentials.map((credential) => ({
      ...shot,
      headers: [...shot.headers!.filter((header) => header !== KEY), ...credential],
    }))
  );
  await range.holds(shots, refusal(401, "invalid_client"));
});

Deno.test("a malformed user id is refused wherever it is sent", async () => {
  await using range = await startRange({ connected: ["github"] });
  const ids = badUserIds(new Dice(4)).filter((id) => id.length < 5000);
  const encoded = [
    ...ids.filter((id) => id.isWellFormed()).map(encodeURIComponent),
    ...["%", "%zz", "%c3%28", "%ED%A0%80", "user%00", "user_123%0a", "user%2f123", "a+b"],
  ];
  const queries = [
    "",
    "?",
    "?user_id",
    "?USER_ID=user_123",
    "?user_id[]=user_123",
    "?user_id%00=a",
  ];
  const targets = [...queries, ...encoded.map((id) => `?user_id=${id}`)];
  const asks = targets.flatMap((query): Shot[] => [
    { method: "GET", target: `/connections${query}`, headers: [KEY] },
    { method: "DELETE", target: `/connections/github${query}`, headers: [KEY] },
  ]);
  // White space around a header's value is not part of it; a line's end ends the header.
  const sendable = (id: string) => !/[^\x20-\x7e\x80-\xff]/.test(id) && id.trim() === id;
  const callers: Header[][] = [
    [],
    [CALLER, CALLER],
    [CALLER, ["X-User-Id", "user_456"]],
    ...["\xff", "us\xe9r", ...ids.filter(sendable)].map((id): Header[] => [["X-User-Id", id]]),
  ];
  const calls = MCP_PATHS.flatMap((target) =>
    callers.map((caller) => ({ ...post(target, PING), headers: [KEY, JSON_TYPE, ...caller] }))
  );
  await range.holds([...asks, ...calls], refusal(400, "invalid_request"));
});

Deno.test("a repeated parameter is refused, not guessed at", async () => {
  await using range = await startRange({ connected: ["github"] });
  const users = [`user_id=${USER}&user_id=${USER}`, `user_id=${USER}&user_id=user_456`];
  const accounts = `user_id=${USER}&account=octocat&account=nobody`;
  const shot = (method: string, target: string): Shot => ({ method, target, headers: [KEY] });
  await range.holds([
    ...users.map((query) => shot("GET", `/connections?${query}`)),
    ...[...users, accounts].map((query) => shot("DELETE", `/connections/github?${query}`)),
  ], refusal(400, "invalid_request"));
});

Deno.test("a foreign host or origin is refused on every route", async () => {
  const own = "switchboard.example.com";
  await using range = await startRange({ env: { PUBLIC_URL: `https://${own}` } });
  const hosts = [
    null,
    "",
    "localhost",
    `localhost:${range.port}`,
    "127.0.0.1",
    "[::1]",
    "[::1",
    "evil.example",
    `evil.example:${range.port}`,
    `${own}.evil.example`,
    `evil${own}`,
    `${own}:99999`,
    `${own}:80:80`,
    `${own}, evil.example`,
    `${own}@evil.example`,
    "%zz",
    "a\\b",
    "\xe9vil",
    "x".repeat(5000),
  ];
  const foreign = everyRoute().flatMap((shot) => hosts.map((host) => ({ ...shot, host })));
  await range.holds(foreign, refusal(403, "forbidden_host"));
  const origins = [
    "",
    "null",
    own,
    "file://",
    "http://localhost:3000",
    "https://evil.example",
    `https://${own}.evil.example`,
    `https://${own}@evil.example`,
    `https://${own}:8443`,
    `https://${own}, https://evil.example`,
    "data:text/html,x",
    "\xff",
    "x".repeat(5000),
  ];
  const crossed = everyRoute().flatMap((shot) =>
    origins.map((origin) => ({
      ...shot,
      host: own,
      headers: [...shot.headers!, ["Origin", origin] satisfies Header],
    }))
  );
  await range.holds(crossed, refusal(403, "forbidden_origin"));
});

Deno.test("a Host that is more than a host is refused on every route", async () => {
  const own = "switchboard.example.com";
  await using range = await startRange({ env: { PUBLIC_URL: `https://${own}` } });
  const hosts = ["evil.example@", "me:pw@"].map((user) => user + own)
    .concat(["/", "/auth", "?", "?x=", "#", "\\", " x", "\t"].map((more) => `${own}${more}${own}`));
  await range.holds(
    everyRoute().flatMap((shot) => hosts.map((host) => ({ ...shot, host }))),
    (reply, shot) => isForPeople(shot) ? pageOrTyped(reply, shot) : typedRefusal(reply, shot),
  );
});

Deno.test("a service that is none is refused wherever a path names one", async () => {
  await using range = await startRange({ connected: ["github"] });
  const dice = new Dice(5);
  const encoded = [
    ...BAD_SERVICES.filter((name) => name.isWellFormed() && name !== "" && name !== "sse")
      .map(encodeURIComponent),
    ...["..", ".", "%2e%2e", "..%2f..%2fhealth", "%2F", "a%2Fb", "%", "%zz", "%c3%28", "%ED%A0%80"],
    ...[
      "%00",
      "%0d%0aX:%20y",
      "*",
      ":service",
      "github;x",
      "github%20",
      "gith%FFub",
      "x".repeat(8000),
    ],
    ...Array.from(
      { length: 100 },
      () => dice.spoil("github", `%${dice.pick(["", "0", "g1", "80"])}`),
    ),
  ];
  const user = `user_id=${USER}`;
  await range.holds(
    encoded.flatMap((name) => [
      post(`/token/${name}`, object({ user_id: `"${USER}"` })),
      post(`/mcp/${name}`, PING),
      { method: "DELETE", target: `/connections/${name}?${user}`, headers: [KEY] },
    ]),
    typedRefusal,
  );
  await range.holds(
    encoded.flatMap((name): Shot[] => [
      { method: "GET", target: `/auth/${name}?${user}&link=${NO_SECRET}` },
      { method: "POST", target: `/auth/${name}`, headers: [FORM_TYPE], body: `${user}&link=x` },
      { method: "GET", target: `/callback/${name}?state=${NO_SECRET}&code=x` },
    ]),
    page,
  );
});

Deno.test("an address or a method that is not served is refused", async () => {
  await using range = await startRange();
  const targets = ["/links/", "/links/x", "/token", "/token/", "/token/a/b", "//token/github"]
    .concat([
      "/TOKEN/github",
      "/connections/",
      "/connections/a/b",
      "/callback",
      "/sse/",
      "/mcp/a/b",
    ])
    .concat([
      "/token/../links",
      "/%2e%2e/links",
      "/%6cinks%00",
      "/.env",
      "/x%zz",
      "/a%5cb",
    ]);
  const auth = ["/auth", "/auth/", "/auth/a/b", "/callback/", "/callback/a/b"];
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post"];
  const shots = (paths: string[]) =>
    paths.flatMap((target) => methods.map((method): Shot => ({ method, target, headers: [KEY] })));
  await range.holds(shots(targets), refusal(404, "not_found"));
  await range.holds(shots(auth), pageOrTyped);
  const served = everyRoute().flatMap((shot) => methods.map((method) => ({ ...shot, method })))
    .filter((shot) =>
      !everyRoute().some((known) =>
        known.method === shot.method && known.target.split("?")[0] === shot.target.split("?")[0]
      )
    );
  // A browser's preflight is answered, with nothing.
  const preflight = (shot: Shot) => isMcp(shot) && shot.method === "OPTIONS";
  await range.holds(
    served.filter((shot) => !preflight(shot)),
    refusal(405, "method_not_allowed"),
  );
  await range.holds(
    served.filter(preflight),
    ({ status, text }) => status === 204 && text === "" ? undefined : "not empty",
  );
});

Deno.test("bytes that are no request end their connection and nothing else", async () => {
  await using range = await startRange();
  const dice = new Dice(6);
  const rest = `Host: localhost:${range.port}\r\nAuthorization: Bearer ${API_KEY}\r\n`;
  const ask = `GET /connections HTTP/1.1\r\n${rest}`;
  const tell = `POST /links HTTP/1.1\r\n${rest}Content-Type: application/json\r\n`;
  const attacks = [
    "\r\n\r\n",
    "\0\0\0\0\r\n\r\n",
    "GET\r\n\r\n",
    "GET /connections HTTP/9.9\r\n\r\n",
    "GET * HTTP/1.1\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    `${ask}no colon\r\n\r\n`,
    `${ask}A: \0\r\n\r\n`,
    `${ask}A : x\r\n\r\n`,
    `${ask}A: x\r\n y\r\n\r\n`,
    `${ask}Host: evil.example\r\n\r\n`,
    `${ask}${"A: x\r\n".repeat(2000)}\r\n`,
    `GET /${"x".repeat(70_000)} HTTP/1.1\r\n${rest}\r\n`,
    `${tell}Content-Length: 100\r\n\r\n{"user_id"`,
    `${tell}Content-Length: 99999999\r\n\r\n{}`,
    `${tell}Content-Length: -1\r\n\r\n{}`,
    `${tell}Content-Length: 2x\r\n\r\n{}`,
    `${tell}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `,
    `${tell}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `${tell}Transfer-Encoding: gzip\r\n\r\n{}`,
    `${tell}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    `${tell}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n`,
    `${tell}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`,
    ...Array.from({ length: 100 }, () => `${dice.spoil(ask, dice.pick(["\0", "\x7f", "\r"]))}\r\n`),
  ];
  await range.holdsAgainst(attacks, (text) => sendBytes(range.port, latin1(text), true), noRequest);
});

/** The browser's secret, as the pages set it. */
function cookieOf({ headers }: Page): string {
  return headers.getSetCookie().map((cookie) => cookie.split(";")[0]!).join("; ");
}

async function openLink({ gateway, secrets }: Range, body: Record<string, unknown>) {
  const { json } = await gateway.api("/links", { body: { user_id: USER, ...body } });
  const browser = new Browser();
  const confirm = await browser.open(json.url);
  const cookie = cookieOf(confirm);
  secrets.push(new URL(json.url).searchParams.get("link")!, cookie.split("=")[1]!);
  return { browser, confirm, cookie };
}

/** All ways to leave out, repeat, change and swell one parameter of a query. */
function spoiledQueries(good: Record<string, string>): string[] {
  const pairs = Object.entries(good);
  const query = (list: [string, string][]) => new URLSearchParams(list).toString();
  return pairs.flatMap(([name, value]) => {
    const others = pairs.filter(([other]) => other !== name);
    const bad = [...INHERITED, "", "\0", `${value}\n`, ` ${value}`, `${value}x`, value.slice(1)]
      .concat(["x".repeat(7000), '"><script>alert(1)</script>', `${value},${value}`]);
    return [
      query(others),
      query([...pairs, [name, value]]),
      query([...pairs, [name, "x"]]),
      query([...others, [name.toUpperCase(), value]]),
      query([...others, [`${name}[]`, value]]),
      `${query(others)}&${name}=%zz`,
      `${query(others)}&${name}=%ff`,
      ...bad.map((text) => query([...others, [name, text]])),
    ];
  });
}

Deno.test("a link that was changed on its way is refused and stays good", async () => {
  await using range = await startRange();
  const { browser, confirm, cookie } = await openLink(range, {
    service: "calendar",
    scope: "calendar.readonly",
  });
  const { form_token, ...good } = confirm.forms[0]!.fields as Record<string, string>;
  const Cookie = (value: string): Header => ["Cookie", value];
  const asks = spoiledQueries(good).map((query): Shot => ({
    method: "GET",
    target: `/auth/calendar?${query}`,
    headers: [Cookie(cookie)],
  }));
  const say = (body: string, ...headers: Header[]): Shot => ({
    method: "POST",
    target: "/auth/calendar",
    headers: [FORM_TYPE, ...headers],
    body,
  });
  const whole = new URLSearchParams({ ...good, form_token: form_token! }).toString();
  const cookies = [
    "sb_browser=",
    `sb_browser=${NO_SECRET}`,
    `${cookie}x`,
    "sb_browser",
    "=",
    ";;=",
  ];
  const forms = [
    ...spoiledQueries({ ...good, form_token: form_token! }).map((body) =>
      say(body, Cookie(cookie))
    ),
    ...["", "{}", "\0", "%", "=&=&", "&".repeat(8000), DEEP_ARRAY.slice(0, 8000)]
      .map((body) => say(body, Cookie(cookie))),
    say(whole),
    ...cookies.map((other) => say(whole, Cookie(other))),
    say(whole, Cookie(cookie), ["Origin", `http://localhost:${range.port + 1}`]),
    say(whole, Cookie(cookie), ["Sec-Fetch-Site", "cross-site"]),
  ];
  const elsewhere = ["google", "gmail", "github", "Calendar"].map((service) => ({
    ...say(whole, Cookie(cookie)),
    target: `/auth/${service}`,
  }));
  await range.holds([...asks, ...forms, ...elsewhere], page);
  const done = await browser.submit(await browser.submit(confirm));
  assertStringIncludes(done.html, "✓ Google Calendar connected");
});

/** A person is at the provider's sign-in page. */
async function startSignIn(range: Range) {
  const { browser, confirm, cookie } = await openLink(range, { service: "github" });
  const isAway = (url: string) => url.startsWith(range.gateway.emulators.github);
  const { url } = await browser.submit(confirm, { until: isAway });
  const state = new URL(url).searchParams.get("state")!;
  range.secrets.push(state);
  const finish = async () => (await browser.submit(await browser.open(url))).html;
  return { state, cookie, finish };
}

function callback(query: string, cookie: string | null, provider = "github"): Shot {
  const headers: Header[] = cookie === null ? [] : [["Cookie", cookie]];
  return { method: "GET", target: `/callback/${provider}?${query}`, headers };
}

Deno.test("a callback that does not fit is refused and the sign-in goes on", async () => {
  await using range = await startRange();
  const { state, cookie, finish } = await startSignIn(range);
  const good = `state=${state}&code=abc`;
  const iss = `${range.gateway.emulators.github}/login/oauth`;
  const codes = ["", "code=", `code=${"x".repeat(2049)}`, "code=a&code=a", "CODE=a", "code[]=a"];
  const issuers = ["", "x", `${iss}/`, iss.toUpperCase(), "%00", "__proto__", "x".repeat(7000)];
  await range.holds([
    ...spoiledQueries({ state }).map((query) => callback(`${query}&code=abc`, cookie)),
    ...codes.map((code) => callback(`state=${state}&${code}`, cookie)),
    ...issuers.map((issuer) => callback(`${good}&iss=${issuer}`, cookie)),
    ...["google", "calendar", ...INHERITED, "GitHub", "%00"].map((provider) =>
      callback(good, cookie, provider)
    ),
    ...[null, "", "sb_browser=", `sb_browser=${NO_SECRET}`, `${cookie}x`, "%"].map((other) =>
      callback(good, other)
    ),
  ], page);
  assertStringIncludes(await finish(), "✓ GitHub connected");
});

/** RFC 6749 §3.1: none more than once, and one without a value is not there. */
const SPOILED: Record<string, (iss: string) => string> = {
  "a foreign issuer after the right one": (iss) => `code=abc&iss=${iss}&iss=x`,
  "a foreign issuer before the right one": (iss) => `code=abc&iss=x&iss=${iss}`,
  "two errors beside a code": () => "code=abc&error=access_denied&error=x",
  "an empty error and no code": () => "error=",
};
for (const [what, queryOf] of Object.entries(SPOILED)) {
  Deno.test(`a callback with ${what} is refused and the sign-in goes on`, async () => {
    await using range = await startRange();
    const { state, cookie, finish } = await startSignIn(range);
    const rest = queryOf(`${range.gateway.emulators.github}/login/oauth`);
    await range.holds([callback(`state=${state}&${rest}`, cookie)], page);
    assertStringIncludes(await finish(), "✓ GitHub connected");
  });
}

Deno.test("a claim that does not fit is refused and the code stays good", async () => {
  await using range = await startRange({ env: { RETURN_URLS } });
  const { gateway, secrets } = range;
  const { browser, confirm } = await openLink(range, { service: "github", return_to: RETURN_URLS });
  const signIn = await browser.submit(confirm);
  const isBack = (url: string) => url.startsWith(RETURN_URLS);
  const code = new URL((await browser.submit(signIn, { until: isBack })).url).searchParams.get(
    "code",
  )!;
  secrets.push(code);
  const dice = new Dice(7);
  const tokens = [
    "{",
    "}",
    "[",
    '"',
    ",",
    ":",
    "null",
    "\\u0000",
    "\\",
    "\xff",
    "1e9",
    "__proto__",
  ];
  const claim = (fields: Record<string, unknown>, key = KEY): Shot => ({
    ...post("/links/claim", JSON.stringify(fields)),
    headers: [key, JSON_TYPE],
  });
  const wrong = ["", `${code}x`, code.slice(1), ` ${code}`, `${code}\n`, `${code}\0`, [code], {
    code,
  }];
  const other = `{"user_id":"${USER}","code":"${NO_SECRET}"}`;
  await range.holds([
    ...wrong.map((code) => claim({ user_id: USER, code })),
    ...["user_12", "USER_123", "user_123 ", "other"].map((user_id) => claim({ user_id, code })),
    claim({ user_id: USER, code }, OTHER_KEY),
    ...Array.from({ length: 400 }, () => post("/links/claim", dice.mutate(other, tokens))),
  ], typedRefusal);
  const done = await gateway.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals([done.status, done.json.provider], [200, "github"]);
});

const META = "io.modelcontextprotocol/";
const MODERN = "2026-07-28";

/** A request of the 2026 era; fields of `_meta` are JSON texts, `undefined` leaves one out. */
function modern(
  method: string,
  params: Record<string, string | undefined> = {},
  meta: Record<string, string | undefined> = {},
): Shot {
  const _meta = object({
    [`${META}protocolVersion`]: `"${MODERN}"`,
    [`${META}clientInfo`]: '{"name":"test","version":"1"}',
    [`${META}clientCapabilities`]: "{}",
    ...meta,
  });
  const body = rpc(method, object({ _meta, ...params }));
  const name: Header[] = params.name === undefined ? [] : [["Mcp-Name", JSON.parse(params.name)]];
  return post("/mcp", body, ["MCP-Protocol-Version", MODERN], ["Mcp-Method", method], ...name);
}

/** A request; `params` is JSON text. */
function rpc(method: string, params?: string, id: string | undefined = "1"): string {
  return object({ jsonrpc: '"2.0"', id, method: JSON.stringify(method), params });
}

function brokenMessages(): string[] {
  const notObjects = valuesBut("object");
  return [
    ...notObjects,
    "{}",
    DEEP_OBJECT,
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":1}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":2,"id":1,"method":"ping"}',
    '{"id":1,"method":"ping"}',
    `{"__proto__":${PING}}`,
    ...valuesBut("string", "integer").map((id) => rpc("ping", undefined, id)),
    ...notObjects.map((params) => rpc("tools/list", params)),
    ...valuesBut("string").map((method) => object({ jsonrpc: '"2.0"', id: "1", method })),
    ...INHERITED.map((method) => rpc(method)),
    ...["", "tools/", "TOOLS/LIST", "tools/list\0", "x".repeat(10_000)].map((method) =>
      rpc(method)
    ),
    ...["resources/list", "prompts/list", "completion/complete", "logging/setLevel", "tasks/get"]
      .map((method) => rpc(method, "{}")),
    ...valuesBut("object").map((params) => rpc("tools/call", params)),
    ...valuesBut("string").map((name) => rpc("tools/call", object({ name }))),
    ...valuesBut("object").map((args) => toolCall('"github_list_repositories"', args)),
    ...valuesBut("object").map((meta) => rpc("tools/list", object({ _meta: meta }))),
    ...valuesBut("object").map((capabilities) => initialize(object({ capabilities }))),
    "[]",
    `[${PING},{}]`,
    `[${PING},1]`,
    `[[${PING}]]`,
    `[${Array(1000).fill("{}").join(",")}]`,
  ];
}

function toolCall(name: string, args: string): string {
  return rpc("tools/call", object({ name, arguments: args }));
}

function initialize(params: string): string {
  return rpc("initialize", params);
}

Deno.test("a message that is no JSON-RPC request is answered with a JSON-RPC error", async () => {
  await using range = await startRange({ connected: ["github"] });
  const shots = MCP_PATHS.flatMap((path) => brokenMessages().map((body) => post(path, body)));
  await range.holds(shots, rpcError);
});

Deno.test("messages that ask for nothing, or for too much at once, do no harm", async () => {
  await using range = await startRange({ connected: ["github"] });
  const dice = new Dice(8);
  const seeds = [
    PING,
    rpc("tools/list", '{"cursor":"x","_meta":{"progressToken":1}}'),
    initialize('{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a"}}'),
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
    `[${PING},{"jsonrpc":"2.0","method":"notifications/initialized"}]`,
    '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x"}}',
  ];
  const tokens = ["{", "}", "[", "]", '"', ",", ":", "null", "1e400", "\\ud800", '"id":{}', "[[[["];
  const bodies = [
    ...seeds,
    `[${Array(1000).fill(PING).join(",")}]`,
    `[${Array(100).fill(rpc("tools/list")).join(",")}]`,
    `[${PING},${PING}]`,
    rpc("tools/list", object({ extra: DEEP_OBJECT, _meta: object({ extra: DEEP_ARRAY }) })),
    `{"jsonrpc":"2.0","id":1,"result":${DEEP_OBJECT}}`,
    rpc("tools/list", undefined, `"${"x".repeat(100_000)}"`),
    ...Array.from({ length: 700 }, () => dice.mutate(dice.pick(seeds), tokens)),
  ];
  await range.holds(bodies.map((body) => post("/mcp", body)), rpcAnswer);
});

Deno.test("protocol headers that make no sense do no harm", async () => {
  await using range = await startRange({ connected: ["github"] });
  const names = [
    "MCP-Protocol-Version",
    "Mcp-Session-Id",
    "Mcp-Method",
    "Mcp-Name",
    "Last-Event-ID",
  ]
    .concat([
      "Accept",
      "Accept-Encoding",
      "Access-Control-Request-Method",
      "If-None-Match",
      "Range",
    ]);
  const values = [...INHERITED, "", "garbage", "2026-07-28", "2026-07-28, 2025-11-25", "9999-99-99"]
    .concat(["\xff\xfe", "=?base64?!!?=", "x".repeat(10_000), "url-elicitation.", "-1", "*/*;q=x"]);
  const headers = names.flatMap((name) => values.map((value): Header => [name, value]));
  const messages = [PING, rpc("tools/list"), rpc("initialize", "{}"), `[${PING}]`];
  const old = messages.flatMap((body) => headers.map((header) => post("/mcp", body, header)));
  const doubled = names.map((name) => post("/mcp", PING, [name, "a"], [name, "b"]));
  const list = modern("tools/list");
  const replaced = headers.filter(([name]) => !/Accept|^(If|Range)/.test(name)).map((header) => ({
    ...list,
    headers: [...list.headers!.filter(([name]) => name !== header[0]), header],
  }));
  await range.holds([...old, ...doubled, ...replaced], rpcAnswer);
});

Deno.test("a malformed envelope of the 2026 era is answered with a JSON-RPC error", async () => {
  await using range = await startRange({ connected: ["github"] });
  const version = `${META}protocolVersion`;
  const capabilities = `${META}clientCapabilities`;
  const nested = ["elicitation", "sampling", "roots", "experimental", "extensions"].flatMap((
    name,
  ) => valuesBut("object").map((value) => `{"${name}":${value}}`));
  const metas: Record<string, string | undefined>[] = [
    ...[undefined, ...valuesBut("string")].map((value) => ({ [version]: value })),
    ...texts("", "2026-07-29", "2025-11-25", ...INHERITED).map((value) => ({ [version]: value })),
    ...valuesBut("object").map((value) => ({ [`${META}clientInfo`]: value })),
    ...[undefined, ...valuesBut("object"), ...nested].map((value) => ({ [capabilities]: value })),
    { [capabilities]: `{"experimental":{"a":${DEEP_ARRAY}}}` },
  ];
  const methods = ["tools/list", "tools/call", "server/discover", "ping", "initialize"];
  const name = '"github_list_repositories"';
  await range.holds([
    ...metas.flatMap((meta) =>
      methods.map((method) => modern(method, method === "tools/call" ? { name } : {}, meta))
    ),
    ...valuesBut("object").map((meta) => modern("tools/list", { _meta: meta })),
    ...[...INHERITED, "resources/list", "tasks/get", "logging/setLevel"].map((m) => modern(m)),
    ...valuesBut("object").map((notifications) =>
      modern("subscriptions/listen", { notifications })
    ),
    modern("subscriptions/listen"),
  ], rpcError);
});

Deno.test("a message that is nested too deep is no fault", async () => {
  await using range = await startRange({ connected: ["github"] });
  const deep = ["elicitation", "sampling", "roots", "experimental", "extensions", "tasks"].flatMap(
    (name) => [`{"${name}":${DEEP_OBJECT}}`, `{"${name}":{"a":${DEEP_ARRAY}}}`],
  );
  const values = [DEEP_OBJECT, ...deep];
  await range.holds([
    ...values.map((value) => modern("tools/list", {}, { [`${META}clientCapabilities`]: value })),
    ...values.map((capabilities) =>
      post(
        "/mcp",
        initialize(object({
          protocolVersion: '"2025-11-25"',
          clientInfo: '{"name":"test","version":"1"}',
          capabilities,
        })),
      )
    ),
  ], rpcAnswer);
  const name = '"github_list_issues"';
  await range.holds(
    [DEEP_OBJECT, object({ repo: DEEP_OBJECT }), object({ repo: DEEP_ARRAY })].flatMap((args) => [
      ...MCP_PATHS.map((path) => post(path, toolCall(name, args))),
      modern("tools/call", { name, arguments: args }),
    ]),
    rpcError,
  );
});

/** A tool as the list shows it, as far as it is of use here. */
interface Listed {
  annotations: { readOnlyHint: boolean };
  name: string;
  inputSchema: {
    properties?: Record<string, Property>;
    required?: string[];
  };
}

interface Property {
  type?: string;
  default?: unknown;
  enum?: string[];
  maxLength?: number;
  maximum?: number;
  minimum?: number;
  maxItems?: number;
}

/** Good values, by the names that tools have in common. */
const SAMPLES: Record<string, string> = {
  repo: '"octocat/hello-world"',
  start: '"2030-05-06T14:00"',
  to: '["ana@example.com"]',
};
const BY_TYPE: Record<string, string> = {
  string: '"x"',
  integer: "1",
  number: "1",
  boolean: "true",
  array: "[]",
  object: "{}",
};

function wrongValues({ type, enum: options, maxLength, maximum, minimum, maxItems }: Property) {
  const types = type === undefined ? Object.keys(VALUES) : type === "number" ? ["integer"] : [type];
  const many = (count: number) => `[${Array(count).fill('"ana@example.com"').join(",")}]`;
  return [
    ...valuesBut(...types).filter((value) => value !== DEEP_ARRAY && value !== DEEP_OBJECT),
    ...(options === undefined ? [] : texts(...INHERITED, "")),
    ...(maxLength === undefined ? [] : [`"${"x".repeat(maxLength + 1)}"`]),
    ...(maximum === undefined ? [] : [String(maximum + 1)]),
    ...(minimum === undefined ? [] : [String(minimum - 1)]),
    ...(maxItems === undefined ? [] : [many(maxItems + 1)]),
  ];
}

/** Every way to get one argument wrong, and the name that the answer must say. */
function wrongArguments({ inputSchema, annotations }: Listed): { wrong: string; args: string }[] {
  const { properties = {}, required = [] } = inputSchema;
  const good = Object.fromEntries(
    required.map((name) => [name, SAMPLES[name] ?? BY_TYPE[properties[name]?.type ?? "string"]]),
  );
  const missing = required.map((wrong) => ({
    wrong,
    args: object({ ...good, [wrong]: undefined }),
  }));
  const unknown = ["constructor", "toString", "hasOwnProperty", "REPO", "callback_url"]
    .map((wrong) => ({ wrong, args: object({ ...good, [wrong]: '"x"' }) }));
  const mistyped = Object.entries(properties).flatMap(([wrong, property]) =>
    wrongValues(property).map((value) => ({ wrong, args: object({ ...good, [wrong]: value }) }))
  );
  const nobody = texts("nobody", ...INHERITED, "")
    .map((account) => ({ wrong: "account", args: object({ ...good, account }) }));
  // What changes something may first ask what to change.
  return [...missing, ...unknown, ...mistyped, ...(annotations.readOnlyHint ? nobody : [])];
}

Deno.test("a wrong argument of any tool is answered by an error that names it", async () => {
  await using range = await startRange({ connected: ["github", "google"] });
  const { json } = await range.gateway.mcp(JSON.parse(rpc("tools/list")));
  const tools: Listed[] = json.result.tools;
  assert(tools.length > 0);
  const wrongs = new Map<Shot, string>();
  for (const tool of tools) {
    const name = `"${tool.name}"`;
    for (const [i, { wrong, args }] of wrongArguments(tool).entries()) {
      // Both eras share what checks arguments: the newer one gets a part of them.
      wrongs.set(post("/mcp", toolCall(name, args)), wrong);
      if (i % 5 === 0) wrongs.set(modern("tools/call", { name, arguments: args }), wrong);
    }
  }
  await range.holds([...wrongs.keys()], (reply, shot) => {
    const fault = rpcError(reply, shot);
    const said = fault === undefined ? JSON.parse(reply.text).result?.content?.[0].text : "";
    return fault ?? (said?.includes(wrongs.get(shot)!) ? undefined : `not ${wrongs.get(shot)}`);
  });
});

Deno.test("a tool that is none is answered with a JSON-RPC error in both eras", async () => {
  await using range = await startRange({ connected: ["github"] });
  const names = [...INHERITED, "", "github", "github_create_issue ", "GITHUB_CREATE_ISSUE"]
    .concat(["../github_create_issue", "\0", "x".repeat(5000), '"><script>alert(1)</script>']);
  await range.holds(
    names.flatMap((name) => {
      const text = JSON.stringify(name);
      const sendable = /^[\x21-\x7e]+$/.test(name);
      return [
        ...MCP_PATHS.map((path) => post(path, toolCall(text, "{}"))),
        ...(sendable ? [modern("tools/call", { name: text, arguments: "{}" })] : []),
      ];
    }),
    (reply, shot) => /-32602/.test(reply.text) ? rpcError(reply, shot) : "not -32602",
  );
  // `/mcp/calendar` has no tools of GitHub, whatever they are called.
  await range.holds(
    ["github_list_repositories", "list_repositories"].map((name) =>
      post("/mcp/calendar", toolCall(`"${name}"`, "{}"))
    ),
    typedOrRpcError,
  );
});
