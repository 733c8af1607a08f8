/** `EVENTS`: what is wrong with it is said at once, by its name, and nothing of a secret is repeated. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../../broker/config/config.ts";
import { digestHex, newKeyLine } from "../../../tasks/key.ts";
import { newEventSecret } from "../../support/event_receiver.ts";

const GOOD = {
  PUBLIC_URL: "https://switchboard.example.com",
  ENCRYPTION_KEYS: newKeyLine("k1"),
  API_KEYS: `voice:sha256:${digestHex("key")}`,
};
const NAMES = [{ name: "github", services: ["github"] }];
const URL_OK = "https://voice.example.com/events";

const parse = async (EVENTS: unknown) => {
  const text = typeof EVENTS === "string" ? EVENTS : JSON.stringify(EVENTS);
  return (await parseConfig({ ...GOOD, EVENTS: text }, NAMES, false)).events;
};
const faultsOf = async (EVENTS: unknown): Promise<string[]> =>
  (await assertRejects(() => parse(EVENTS), ConfigError)).faults;
const secretOf = (bytes: number) =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))))}`;

Deno.test("receivers are taken with one secret or two, of 24 to 64 bytes", async () => {
  for (const bytes of [24, 25, 26, 32, 63, 64]) {
    const secret = secretOf(bytes);
    const [receiver] = await parse({ voice: { url: URL_OK, secret } });
    assertEquals(receiver, { name: "voice", url: URL_OK, secrets: [secret], isPrivate: false });
  }
  const secret = [newEventSecret(), newEventSecret()];
  assertEquals((await parse({ operator: { url: URL_OK, secret } }))[0]!.secrets, secret);
  const near = "http://10.0.0.7:9000/events";
  assert(
    (await parse({ voice: { url: near, secret: secretOf(32), private: true } }))[0]!.isPrivate,
  );
  await parse({ voice: { url: "http://localhost:9000/events", secret: secretOf(32) } });
});

Deno.test("all that is wrong is said at once, with the app, and without a secret", async () => {
  const hidden = newEventSecret();
  const faults = await faultsOf({
    plain: { url: "http://voice.example.com/events", secret: hidden },
    inside: { url: "https://10.0.0.7/events", secret: hidden },
    meta: { url: "https://169.254.169.254/", secret: hidden },
    named: { url: "https://user:hidden-word@voice.example.com/", secret: hidden },
    nowhere: { url: "voice.example.com", secret: hidden },
    script: { url: "javascript:alert(1)", secret: hidden },
    short: { url: "http://voice.example.com/", secret: secretOf(23) },
    long: { url: URL_OK, secret: secretOf(65) },
    bare: { url: URL_OK, secret: hidden.replace("whsec_", "") },
    three: { url: URL_OK, secret: [hidden, hidden, hidden] },
    none: { url: URL_OK },
    odd: { url: URL_OK, secret: hidden, [hidden]: true },
    empty: null,
    github: { url: URL_OK, secret: hidden },
    [hidden]: { url: URL_OK, secret: hidden },
  });
  const all = faults.join("\n");
  assert(faults.every((fault) => fault.startsWith("EVENTS: ")), all);
  const apps = "plain inside meta named nowhere script short long bare three none odd empty";
  for (const app of apps.split(" ")) assertStringIncludes(all, `${app}: `);
  assertStringIncludes(all, "short: url must be https");
  assertStringIncludes(all, "short: secret: must be whsec_");
  assertStringIncludes(all, "a member is not the name of an API key");
  assert(!all.includes("hidden-word") && !all.includes(hidden.slice(6, 20)), all);
});

Deno.test("what is no JSON, no object, or there twice, is refused as a whole", async () => {
  const hidden = newEventSecret();
  const entry = JSON.stringify({ url: URL_OK, secret: hidden });
  for (
    const [text, fault] of [
      [`{"voice":${entry}`, "is not JSON"],
      [`whatever ${hidden}`, "is not JSON"],
      [`[${entry}]`, "is not an object"],
      ["12", "is not an object"],
      [`{"voice":${entry}, "voice" : ${entry}}`, "voice is there twice"],
    ] as const
  ) {
    const all = (await faultsOf(text)).join("\n");
    assertStringIncludes(all, fault, text.replaceAll(hidden, ""));
    assert(all.startsWith("EVENTS: "), all);
    assert(!all.includes(hidden.slice(6)), all);
  }
});
