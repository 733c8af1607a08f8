import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Refusal } from "../../broker/core/refusal.ts";
import { type SettingsChange, SETUP_ACTOR } from "../../broker/core/settings.ts";
import { DOORS } from "../../gateway/doors.ts";
import { FRESH_MS } from "../../gateway/sessions.ts";
import { SETUP_CODE_MS, SETUP_MS } from "../../gateway/setup.ts";
import { LOOK_AGAIN_MS } from "../../start/living.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { adminSetup as runSetup } from "../support/admin_setup.ts";
import { Browser } from "../support/browser.ts";
import { PERSON } from "../support/emulators.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { signIn } from "../support/mcp_client.ts";
import { change, OPERATOR } from "../support/settings.ts";
import { keptText } from "../support/snapshot.ts";
import { startTwo } from "../support/two_gateways.ts";

/** The task has the real clock, a moment later than the gateway's. */
const MINUTE_MS = 60_000;
const KEYS = newKeyLine("k1");
const ME = { provider: "github", email: PERSON.email };

/** The task, with the keys of these gateways. */
const adminSetup = (gateway: Gateway, env: Record<string, string> = {}, args = ["setup"]) =>
  runSetup(gateway, KEYS, env, args);

/** The session of a browser, by whichever of its cookies. */
async function sessionOf(gateway: Gateway, browser: Browser) {
  const all = await Promise.all(browser.cookies.map((each) => gateway.gateway.session(each)));
  return all.findLast((session) => session !== undefined);
}

async function signedIn(gateway: Gateway, provider = "github") {
  const browser = new Browser();
  const page = await signIn(browser, await browser.open(`${gateway.url}/sign-in`), { provider });
  return { browser, page };
}

const code = (running: Promise<unknown>) =>
  running.then(() => "done", (error) => error instanceof Refusal ? error.reason.code : `${error}`);

Deno.test("an operator signs in where nobody else may, and is one by provider and address", async () => {
  await using gateway = await startGateway({ env: { OPERATORS: `github:${PERSON.email}` } });
  const { browser } = await signedIn(gateway);
  const session = await sessionOf(gateway, browser);
  assert(session !== undefined);
  assertEquals(gateway.gateway.isOperator(session), true);
  const upper = { ...session, email: session.email!.toUpperCase() };
  assertEquals(gateway.gateway.isOperator(upper), true);
  for (
    const other of [
      { ...session, email: "other@example.com" },
      { ...session, email: undefined },
      { ...session, subject: "google:1" as const },
      { ...session, subject: "voice:1" as const },
    ]
  ) assertEquals(gateway.gateway.isOperator(other), false);
  // The same address, said by another provider.
  const { page, browser: atGoogle } = await signedIn(gateway, "google");
  assertEquals([page.status, await sessionOf(gateway, atGoogle)], [403, undefined]);
});

Deno.test("whoever is no operator any more is out at the next use", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  await change(gateway, { kind: "operator", ...ME });
  await change(gateway, { kind: "operator", provider: "google", email: "other@example.com" });
  const { browser } = await signedIn(gateway);
  const session = (await sessionOf(gateway, browser))!;
  assertEquals(gateway.gateway.isOperator(session), true);
  await change(gateway, { kind: "operator_removed", ...ME });
  assertEquals(gateway.gateway.isOperator((await sessionOf(gateway, browser))!), false);
});

Deno.test("a sign-in is fresh for five minutes, and one of before that was noted never is", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const { browser } = await signedIn(gateway);
  const fresh = async () => gateway.gateway.isFresh((await sessionOf(gateway, browser))!);
  assertEquals(await fresh(), true);
  gateway.world.skew += FRESH_MS - 1;
  assertEquals(await fresh(), true);
  gateway.world.skew += 1;
  assertEquals(await fresh(), false);
  const { signedInAt: _, ...old } = (await sessionOf(gateway, browser))!;
  assertEquals(gateway.gateway.isFresh(old), false);
  const ahead = { ...old, signedInAt: gateway.world.now() + 24 * 60 * 60_000 };
  assertEquals(gateway.gateway.isFresh(ahead), false);
});

Deno.test("the task's code begins the first setup, once, until an operator is named", async () => {
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: KEYS } });
  const { code: ended, said, setup } = await adminSetup(gateway);
  assertEquals(ended, 0);
  assertMatch(said, new RegExp(`^Open ${gateway.url}/console/setup and type this code in`));
  assert(!(await keptText(gateway.kv)).join().includes(setup!));
  const { secret } = await gateway.gateway.redeemSetupCode(` ${setup}\n`, "address");
  assertEquals(await code(gateway.gateway.redeemSetupCode(setup, "address")), "code_invalid");
  assertEquals(await gateway.gateway.isInSetup(secret), true);
  for (const other of [setup, undefined, "", "x".repeat(43), 7]) {
    assertEquals(await gateway.gateway.isInSetup(other), false);
  }
  const { version } = await gateway.settings.view();
  await gateway.settings.change(SETUP_ACTOR, version, { kind: "operator", ...ME });
  assertEquals(await gateway.gateway.isInSetup(secret), false);
  const { browser } = await signedIn(gateway);
  assertEquals(gateway.gateway.isOperator((await sessionOf(gateway, browser))!), true);
  const again = await adminSetup(gateway);
  assertEquals([again.code, again.said], [1, ""]);
  assertMatch(again.failed, /^There are 1 operators already/);
  const logged = JSON.stringify(gateway.world.events);
  for (const nobodys of [secret, setup!, ME.email]) assert(!logged.includes(nobodys), nobodys);
});

Deno.test("two browsers with one code: one begins the setup", async () => {
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: KEYS } });
  const { setup } = await adminSetup(gateway);
  const ends = await Promise.all(
    [1, 2, 3].map(() => code(gateway.gateway.redeemSetupCode(setup, "address"))),
  );
  assertEquals(ends.sort(), ["code_invalid", "code_invalid", "done"]);
});

Deno.test("codes and setups end with their time, and wrong codes are limited", async () => {
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: KEYS } });
  const [one, two] = [await adminSetup(gateway), await adminSetup(gateway)];
  const { secret } = await gateway.gateway.redeemSetupCode(one.setup, "address");
  gateway.world.skew += Math.max(SETUP_MS, SETUP_CODE_MS) + MINUTE_MS;
  assertEquals(await gateway.gateway.isInSetup(secret), false);
  assertEquals(await code(gateway.gateway.redeemSetupCode(two.setup, "address")), "code_invalid");
  const wrong = `sb_setup_${"A".repeat(43)}`;
  let end = "code_invalid";
  for (let tries = 0; tries <= DOORS.wrong_setup.limit && end === "code_invalid"; tries++) {
    end = await code(gateway.gateway.redeemSetupCode(wrong, "stranger"));
  }
  assertEquals(end, "rate_limited");
});

Deno.test("where OPERATORS is set there is no setup", async () => {
  const env = { ENCRYPTION_KEYS: KEYS };
  await using gateway = await startGateway({ env });
  const { setup } = await adminSetup(gateway);
  const OPERATORS = `github:${PERSON.email}`;
  await gateway.restart({ OPERATORS });
  assertEquals(await code(gateway.gateway.redeemSetupCode(setup, "address")), "code_invalid");
  const refused = await adminSetup(gateway, { OPERATORS });
  assertEquals([refused.code, refused.setup], [1, undefined]);
  const none = await adminSetup(gateway, { PUBLIC_URL: "" });
  assertEquals(none.code, 1);
  assertMatch(none.failed, /PUBLIC_URL: is not set/);
  assertEquals((await adminSetup(gateway, {}, [])).code, 2);
});

Deno.test("a setup in a process that has not looked yet changes nothing once there is an operator", async () => {
  await using two = await startTwo({ is: {} });
  const { before: here, after: there } = two;
  await change(here, { kind: "operator", ...ME });
  const { version } = await here.settings.view();
  const evil: SettingsChange = { kind: "operator", provider: "github", email: "eve@example.com" };
  const error = await assertRejects(
    () => there.settings.change(SETUP_ACTOR, version, evil),
    Refusal,
  );
  assertEquals(error.reason.code, "code_invalid");
  there.world.skew += LOOK_AGAIN_MS;
  assertEquals((await there.settings.view()).operators.map(({ email }) => email), [ME.email]);
});

Deno.test("nobody is named an operator who could not sign in", async () => {
  await using gateway = await startGateway();
  const { version } = await gateway.settings.view();
  const far: SettingsChange = { kind: "operator", provider: "linear", email: "me@example.com" };
  assertEquals(await code(gateway.settings.change(OPERATOR, version, far)), "invalid_request");
});
