import { assertStringIncludes } from "@std/assert";
import { LONGEST_CODE } from "../../../broker/connect/callback.ts";
import { type Range, startRange } from "../../support/fuzz/range.ts";
import type { Shot } from "../../support/fuzz/shots.ts";
import { page } from "../../support/fuzz/verdicts.ts";
import { type Header, HTML, NO_SECRET } from "./requests.ts";
import { openLink, spoiledQueries } from "./trips.ts";
import { INHERITED } from "./values.ts";

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
  const headers: Header[] = cookie === null ? [HTML] : [HTML, ["Cookie", cookie]];
  return { method: "GET", target: `/callback/${provider}?${query}`, headers };
}

Deno.test("a callback that does not fit is refused and the sign-in goes on", async () => {
  await using range = await startRange();
  const { state, cookie, finish } = await startSignIn(range);
  const good = `state=${state}&code=abc`;
  const iss = `${range.gateway.emulators.github}/login/oauth`;
  const codes = [
    "",
    "code=",
    `code=${"x".repeat(LONGEST_CODE + 1)}`,
    "code=a&code=a",
    "CODE=a",
    "code[]=a",
  ];
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
  "an error beside a code": () => "code=abc&error=access_denied",
  "two errors beside a code": () => "code=abc&error=access_denied&error=x",
  "an empty error and no code": () => "error=",
  "an empty error and an empty code": () => "error=&code=",
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
