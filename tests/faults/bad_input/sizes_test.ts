import { assert, assertEquals } from "@std/assert";
import { openGateway, ownToken, personalToken, send, signedIn } from "../../support/attacks.ts";
import { failing, type Faults } from "../../support/failing_store.ts";
import { Browser } from "../../support/browser.ts";
import { API_KEY, call, type Gateway, USER } from "../../support/gateway.ts";

/**
 * Too much, at every door behind which a caller's words become a value or a
 * key of the database: 64 KB and 2 KB are what it takes. A limit in characters
 * is none in bytes, and what is sealed is JSON, in which some characters are six.
 */

/** One character each, and what it weighs: 1, 3, 4 and, as JSON, 2 and 6 bytes. */
const LETTERS = ["x", "→", "😀", '"', "\u0001"];
const FAR = 100_000;
/** As long as it may be, and far too long. */
const filled = (limit: number) =>
  LETTERS.flatMap((
    letter,
  ) => [letter.repeat(Math.floor(limit / letter.length)), letter.repeat(FAR)]);

/** Nothing is out of order, whatever was sent: not the database, and not this program. */
function requireCalm({ world }: Gateway, status: number, what: string): void {
  assert(status < 500, `${what}: ${status}`);
  const loud = world.events.filter(({ level, event }) =>
    level === "error" || /unavailable|unexpected|not_stored|not_recorded/.test(event)
  );
  assertEquals(loud.map((event) => JSON.stringify(event).slice(0, 300)), [], what);
}

const named = (text: string) => `${text.length} of ${JSON.stringify([...text][0])}`;

Deno.test("what a client says of itself is too large to keep: 4xx, and nothing is kept", async () => {
  await using gateway = await openGateway();
  const good = { client_name: "Desk", redirect_uris: ["https://desk.example/cb"] };
  const uris = (letter: string, length: number, count = 20) =>
    Array.from({ length: count }, (_, index) => {
      const start = `https://desk.example/${index}?`;
      return start + letter.repeat(Math.floor((length - start.length) / letter.length));
    });
  const before = (await Array.fromAsync(gateway.kv.list({ prefix: ["clients"] }))).length;
  const bodies = [
    ...LETTERS.flatMap((letter) => [
      { ...good, redirect_uris: uris(letter, 2000) },
      { ...good, redirect_uris: uris(letter, 600) },
      { ...good, redirect_uris: uris(letter, 2000, 21) },
      { ...good, redirect_uris: [`https://desk.example/${letter.repeat(FAR)}`] },
    ]),
    ...filled(200).map((client_name) => ({ ...good, client_name })),
    { ...good, grant_types: Array(20).fill("x".repeat(3000)) },
    { ...good, jwks: { keys: [{ x: "x".repeat(60_000) }] } },
  ];
  let kept = 0;
  for (const body of bodies) {
    const { status, json, text } = await gateway.api("/oauth/register", { body, key: null });
    requireCalm(gateway, status, JSON.stringify(body).slice(0, 200));
    if (status === 201) kept += 1;
    else if (status !== 413) {
      assert(/^invalid_(client_metadata|redirect_uri)$/.test(json.error), text);
    }
  }
  assert(kept > 0 && kept < bodies.length);
  const after = (await Array.fromAsync(gateway.kv.list({ prefix: ["clients"] }))).length;
  assertEquals(after - before, kept);
});

/** Of what a backend sends: each field with too much in it. */
const FIELDS: Record<string, { body: Record<string, unknown>; limits: Record<string, number> }> = {
  "/links": {
    body: { user_id: USER, service: "github" },
    limits: { user_id: 128, service: 64, scope: 2000, account: 320, return_to: 2000, origin: 300 },
  },
  "/links/claim": { body: { user_id: USER, code: "c" }, limits: { user_id: 128, code: 43 } },
  "/token/github": { body: { user_id: USER }, limits: { user_id: 128, account: 320, scope: 2000 } },
  "/connections/github/default": {
    body: { user_id: USER, account: "1" },
    limits: { user_id: 128, account: 320 },
  },
};

for (const [path, { body, limits }] of Object.entries(FIELDS)) {
  Deno.test(`POST ${path} with more than can be kept is no fault of the store`, async () => {
    await using gateway = await openGateway({
      env: { RETURN_URLS: "https://app.example.com/" },
    });
    for (const [field, limit] of Object.entries(limits)) {
      const start = field === "return_to" ? "https://app.example.com/" : "";
      for (const text of filled(limit - start.length)) {
        const answer = await gateway.api(path, { body: { ...body, [field]: start + text } });
        requireCalm(gateway, answer.status, `${field}: ${named(text)}`);
      }
    }
  });
}

Deno.test("a link whose every part is as long as it may be is kept and confirmed, or refused", async () => {
  await using gateway = await openGateway({ env: { RETURN_URLS: "https://app.example.com/" } });
  for (const letter of LETTERS) {
    const body = {
      user_id: USER,
      service: "github",
      account: letter.repeat(320 / letter.length),
      return_to: `https://app.example.com/?${"a".repeat(1900)}`,
    };
    const { status, json } = await gateway.api("/links", { body });
    requireCalm(gateway, status, letter);
    assertEquals(status, 200);
    const browser = new Browser();
    const until = (url: string) => url.startsWith(gateway.emulators.github);
    const page = await browser.submit(await browser.open(json.url), { until });
    requireCalm(gateway, page.status, letter);
  }
});

/** Parts of a request's address; an address of 60 KB is what Deno takes. */
const LONG = [2000, 8000, 20_000].flatMap((length) =>
  ["x", "→", '"'].map((letter) =>
    letter.repeat(Math.floor(length / encodeURIComponent(letter).length))
  )
);

Deno.test("addresses with more than can be kept are no fault of the store", async () => {
  await using gateway = await openGateway();
  const { cookie } = await signedIn(gateway);
  const params: Record<string, string[]> = {
    "/auth/github": ["user_id", "scope", "link"],
    "/callback/github": ["state", "code", "error", "iss"],
    "/sign-in": ["return_to"],
    "/oauth/authorize": [
      "client_id",
      "redirect_uri",
      "state",
      "scope",
      "resource",
      "code_challenge",
    ],
    "/connections": ["user_id"],
  };
  for (const [path, names] of Object.entries(params)) {
    for (const name of names) {
      for (const text of LONG) {
        const query = new URLSearchParams({ [name]: text });
        const headers = { "X-Api-Key": API_KEY };
        const { status } = await send(`${gateway.url}${path}?${query}`, { cookie, headers });
        requireCalm(gateway, status, `${path} ${name}: ${named(text)}`);
      }
    }
  }
  for (const text of LONG) {
    const path = encodeURIComponent(text);
    for (
      const [method, target] of [
        ["GET", `/auth/${path}`],
        ["GET", `/callback/${path}`],
        ["POST", `/token/${path}`],
        ["DELETE", `/connections/${path}?user_id=u`],
        ["DELETE", `/connections/github?user_id=u&account=${path}`],
        ["GET", `/proxy/${path}/x`],
        ["POST", `/mcp/${path}`],
      ] as const
    ) {
      const answer = await gateway.api(target, { method });
      requireCalm(gateway, answer.status, `${method} ${target.slice(0, 30)}: ${named(text)}`);
    }
  }
});

Deno.test("forms of people with more than can be kept are no fault of the store", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  await personalToken(person);
  const home = await person.browser.open(gateway.url);
  const pages = [
    home,
    await person.browser.follow(home, "/dashboard/grants/end"),
    await person.browser.follow(home, "/dashboard/grants/narrow"),
  ];
  const forms = pages.flatMap((page) => page.forms);
  const fields: Record<string, string[]> = {
    "/dashboard/connect": ["service"],
    "/dashboard/tokens": ["name", "once", "access"],
    "/dashboard/grants/end": ["id"],
    "/dashboard/grants/narrow": ["id", "access:github"],
  };
  const texts = LETTERS.flatMap((letter) =>
    [1000, 3000, 7000].map((length) =>
      letter.repeat(Math.floor(length / encodeURIComponent(letter).length))
    )
  );
  for (const [action, names] of Object.entries(fields)) {
    const form = forms.find((form) => form.action === action);
    assert(form !== undefined, action);
    const services = form.boxes.filter(([name]) => name === "service");
    for (const [field, text] of names.flatMap((name) => texts.map((text) => [name, text]))) {
      const page = await person.browser.submit(home, {
        form,
        fields: { [field!]: text! },
        checked: services,
      });
      requireCalm(gateway, page.status, `${action} ${field}: ${named(text!)}`);
    }
  }
  const form_token = ownToken(home);
  for (const text of texts) {
    for (const field of ["provider", "account"]) {
      const said = { provider: "github", account: "1", [field]: text };
      for (const what of ["disconnect", "default"]) {
        const url = `${gateway.url}/dashboard/${what}`;
        const form = { ...said, form_token };
        const { status } = await send(url, { cookie: person.cookie, form });
        requireCalm(gateway, status, `${what} ${field}: ${named(text)}`);
      }
      const url = `${gateway.url}/dashboard/disconnect?${new URLSearchParams(said)}`;
      const { status } = await send(url, { cookie: person.cookie });
      requireCalm(gateway, status, `asking to disconnect ${field}: ${named(text)}`);
    }
  }
});

Deno.test("a sign-in that comes from far away keeps where to go back, or refuses", async () => {
  await using gateway = await openGateway();
  const browser = new Browser();
  const page = await browser.open(`${gateway.url}/sign-in`);
  const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
  for (const length of [1000, 4000, 15_000, FAR]) {
    for (const letter of LETTERS) {
      const return_to = `/?${letter.repeat(length / encodeURIComponent(letter).length)}`;
      const until = (url: string) => url.startsWith(gateway.emulators.github);
      const { status } = await browser.submit(page, { form, fields: { return_to }, until });
      requireCalm(gateway, status, named(return_to.slice(2)));
    }
  }
});

Deno.test("what MCP clients send to the token endpoint is looked up, and never too large a key", async () => {
  await using gateway = await openGateway();
  const fields = [
    "grant_type",
    "code",
    "refresh_token",
    "client_id",
    "client_secret",
    "redirect_uri",
  ];
  for (const path of ["/oauth/token", "/oauth/revoke"]) {
    for (const field of [...fields, "token", "resource", "code_verifier", "scope"]) {
      for (const letter of LETTERS) {
        for (const length of [3000, 15_000, FAR]) {
          const text = letter.repeat(Math.floor(length / encodeURIComponent(letter).length));
          const form = { grant_type: "refresh_token", client_id: "x", token: "x", [field]: text };
          const { status } = await send(gateway.url + path, { form });
          requireCalm(gateway, status, `${path} ${field}: ${named(text)}`);
        }
      }
    }
  }
});

Deno.test("calls with more than can be kept are no fault of the store", async () => {
  await using gateway = await openGateway();
  await gateway.connect("github");
  const headers = ["Idempotency-Key", "X-User-Id", "X-Account", "Mcp-Session-Id"];
  const create = (more: Record<string, unknown>, id: string | number = 1) =>
    call("github_create_issue", { repo: "octocat/hello-world", title: "t", ...more }, id);
  for (const name of headers) {
    for (const length of [255, 256, 3000, 20_000]) {
      const options = { headers: { [name]: "x".repeat(length) } };
      const { status } = await gateway.mcp(create({}), options);
      requireCalm(gateway, status, `${name}: ${length}`);
    }
  }
  for (const text of filled(3000)) {
    const bodies = [create({}, text), create({ title: text }), create({ [text]: 1 }), call(text)];
    for (const body of bodies) {
      const { status } = await gateway.mcp(body);
      requireCalm(gateway, status, named(text));
    }
  }
});

Deno.test("what the store never takes is too large, and nobody is told to come again", async () => {
  const faults: Faults = new Map();
  await using gateway = await openGateway({ store: (store) => failing(store, faults) });
  faults.set("links.put permanent", 1);
  const link = await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  assertEquals([link.status, link.json.error], [413, "invalid_request"]);
  assertEquals([link.json.retry_after, link.headers.get("Retry-After")], [undefined, null]);
  faults.set("clients.put permanent", 1);
  const body = { redirect_uris: ["https://desk.example/cb"] };
  const client = await gateway.api("/oauth/register", { body, key: null });
  assertEquals([client.status, client.json.error], [400, "invalid_client_metadata"]);
});
