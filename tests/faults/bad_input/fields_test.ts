import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../../support/browser.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import { startRange } from "../../support/fuzz/range.ts";
import type { Shot } from "../../support/fuzz/shots.ts";
import { typedRefusal } from "../../support/fuzz/verdicts.ts";
import { USER } from "../../support/gateway.ts";
import { KEY, NO_SECRET, post, RETURN_URLS } from "./requests.ts";
import { BAD_SERVICES, badUserIds, INHERITED, object, texts, valuesBut } from "./values.ts";

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
      origin: {
        type: "string",
        good: '"https://app.example.com"',
        bad: texts(...BAD_RETURNS, "null", "*", "https://app.example.com/", "https://evil.example"),
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
    "/connections": {
      user_id,
      service: { type: "string", good: '"calendar"', bad: texts(...BAD_SERVICES), required: true },
      key: {
        type: "string",
        good: '"k"',
        bad: texts("k\r\nX: 1", "k".repeat(2001)),
        required: true,
      },
      label: { type: "string", good: '"ana"', bad: texts("", "x".repeat(101)) },
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
