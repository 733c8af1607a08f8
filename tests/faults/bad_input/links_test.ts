import { assertEquals, assertStringIncludes } from "@std/assert";
import { Dice } from "../../support/fuzz/dice.ts";
import { startRange } from "../../support/fuzz/range.ts";
import type { Shot } from "../../support/fuzz/shots.ts";
import { page, typedRefusal } from "../../support/fuzz/verdicts.ts";
import { USER } from "../../support/gateway.ts";
import { DOORS } from "../../../gateway/doors.ts";
import {
  FORM_TYPE,
  type Header,
  HTML,
  JSON_TYPE,
  KEY,
  NO_SECRET,
  OTHER_KEY,
  post,
  RETURN_URLS,
} from "./requests.ts";
import { openLink, spoiledQueries } from "./trips.ts";
import { DEEP_ARRAY } from "./values.ts";

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
    headers: [HTML, Cookie(cookie)],
  }));
  const say = (body: string, ...headers: Header[]): Shot => ({
    method: "POST",
    target: "/auth/calendar",
    headers: [HTML, FORM_TYPE, ...headers],
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
  ], typedRefusal);
  for (let minute = 0; minute < 4; minute++) {
    // So many wrong codes in a minute, and no more.
    const { limit: length, windowMs } = DOORS.wrong_claim;
    gateway.world.skew += windowMs;
    const mutated = () => post("/links/claim", dice.mutate(other, tokens));
    await range.holds(Array.from({ length }, mutated), typedRefusal);
  }
  const done = await gateway.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals([done.status, done.json.provider], [200, "github"]);
});
