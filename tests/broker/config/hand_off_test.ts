import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../../broker/config/config.ts";
import { LONGEST_RETURN_TO } from "../../../broker/core/api_key.ts";
import { digestHex, newKeyLine } from "../../../tasks/key.ts";

const BACK = "https://app.example.com/connected";
const GOOD = {
  PUBLIC_URL: "https://switchboard.example.com",
  ENCRYPTION_KEYS: newKeyLine("k1"),
  API_KEYS: `voice:sha256:${digestHex("a")},other:sha256:${digestHex("b")}:github`,
};

async function faultsOf(env: Record<string, string>): Promise<string[]> {
  return (await assertRejects(() => parseConfig({ ...GOOD, ...env }, [], false), ConfigError))
    .faults;
}

Deno.test("RETURN_TO and HAND_OFF_ONLY are what their API keys say", async () => {
  const env = {
    ...GOOD,
    RETURN_TO: `voice=${BACK}?from=sb&x=1, other=http://localhost:3000`,
    HAND_OFF_ONLY: "voice",
  };
  const { apiKeys, returnUrls } = await parseConfig(env, [], false);
  assertEquals(apiKeys.map(({ realm, returnTo, handOffOnly }) => [realm, returnTo, handOffOnly]), [
    ["voice", `${BACK}?from=sb&x=1`, true],
    ["other", "http://localhost:3000/", false],
  ]);
  assertEquals(returnUrls, [], "a default is one app's, and not everybody's");
  const [voice] = (await parseConfig(GOOD, [], false)).apiKeys;
  assertEquals([voice!.returnTo, voice!.handOffOnly], [undefined, false]);
});

Deno.test("a default that leads nowhere safe is refused, without a word of it", async () => {
  for (
    const entry of [
      BACK,
      `=${BACK}`,
      `Voice=${BACK}`,
      `voice:${BACK}`,
      "voice",
      "voice=",
      "voice=/connected",
      "voice=http://app.example.com/",
      "voice=https://app.example.com/#x",
      "voice=https://:hunter2@app.example.com/",
      "voice=javascript:alert(1)",
      `voice=${BACK}?${"x".repeat(LONGEST_RETURN_TO)}`,
    ]
  ) {
    const faults = await faultsOf({ RETURN_TO: entry });
    assertEquals(faults.map((fault) => fault.split(":")[0]), ["RETURN_TO"], entry);
    assertStringIncludes(faults[0]!, "Example: voice=https://");
    assertEquals(faults[0]!.includes("hunter2"), false);
  }
});

Deno.test("an entry that names no key is said to be none, whatever its address", async () => {
  for (const entry of [BACK, `=${BACK}`, `Voice=${BACK}`, `voice:${BACK}`, "voice", "voicee"]) {
    const [fault] = await faultsOf({ RETURN_TO: entry });
    assertStringIncludes(fault!, "an entry is not <name of an API key>=<URL>", entry);
  }
});

Deno.test("a name that no key has is a fault, and so is one that is there twice", async () => {
  const [fault, ...more] = await faultsOf({ RETURN_TO: `vioce=${BACK}` });
  assertStringIncludes(fault!, 'RETURN_TO: API_KEYS has no key with the name "vioce"');
  assertEquals(more, []);
  const [only = ""] = await faultsOf({ HAND_OFF_ONLY: "vioce", RETURN_URLS: BACK });
  assertStringIncludes(only, 'HAND_OFF_ONLY: API_KEYS has no key with the name "vioce"');
  const [twice = ""] = await faultsOf({ RETURN_TO: `voice=${BACK},voice=${BACK}2` });
  assertStringIncludes(twice, '"voice" is there twice');
});

Deno.test("an app that could send its users nowhere at all is a fault", async () => {
  const [fault = ""] = await faultsOf({ HAND_OFF_ONLY: "voice" });
  assertStringIncludes(fault, "HAND_OFF_ONLY: voice can send its users nowhere");
  const others = await faultsOf({ HAND_OFF_ONLY: "voice", RETURN_TO: `other=${BACK}` });
  assertEquals(others.length, 1);
  for (const env of [{ RETURN_URLS: BACK }, { RETURN_TO: `voice=${BACK}` }]) {
    await parseConfig({ ...GOOD, HAND_OFF_ONLY: "voice,voice", ...env }, [], false);
  }
});

Deno.test("what does not fit together is told beside everything else", async () => {
  const faults = await faultsOf({
    PORT: "eighty",
    RETURN_TO: `gone=${BACK}`,
    HAND_OFF_ONLY: "gone",
  });
  const names = faults.map((fault) => fault.split(":")[0]).sort();
  assertEquals(names, ["HAND_OFF_ONLY", "PORT", "RETURN_TO"]);
  // Of keys that cannot be read nobody knows the names.
  const unread = await faultsOf({ API_KEYS: "voice", RETURN_TO: `gone=${BACK}` });
  assertEquals(unread.map((fault) => fault.split(":")[0]), ["API_KEYS"]);
});
