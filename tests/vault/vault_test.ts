import { appActor } from "../../broker/core/actor.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { open, seal } from "../../vault/cipher.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { digestHex, keyTask, newKeyLine } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { API_KEY, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

function keySpec(id: string) {
  return { id, bytes: crypto.getRandomValues(new Uint8Array(32)) };
}

const AT = ["connections", "voice:user_123", "github", "1"];

Deno.test("open() gives back what seal() took", async () => {
  const ring = await importKeyRing([keySpec("k1")]);
  const box = await seal(ring, AT, { token: "secret" });
  assertEquals(box.key, "k1");
  assertEquals(await open(ring, AT, box), { token: "secret" });
});

Deno.test("open() refuses a box that was moved or changed", async () => {
  const ring = await importKeyRing([keySpec("k1")]);
  const box = await seal(ring, AT, { token: "secret" });
  for (let part = 0; part < AT.length; part++) {
    const elsewhere = AT.with(part, "other");
    const error = await assertRejects(() => open(ring, elsewhere, box), VaultError);
    assertEquals(error.code, "cannot_open");
  }
  const flipped = { ...box, box: box.box.map((byte, i) => i === 20 ? byte ^ 1 : byte) };
  await assertRejects(() => open(ring, AT, flipped), VaultError);
  await assertRejects(() => open(ring, AT, { ...box, box: box.box.slice(0, 27) }), VaultError);
});

Deno.test("open() names the key that is missing or wrong", async () => {
  const old = await importKeyRing([keySpec("k1")]);
  const box = await seal(old, AT, {});
  const missing = await importKeyRing([keySpec("k2")]);
  const lost = await assertRejects(() => open(missing, AT, box), VaultError, '"k1"');
  assertEquals(lost.code, "unknown_key");
  const wrong = await importKeyRing([keySpec("k1")]);
  const mixed = await assertRejects(() => open(wrong, AT, box), VaultError, '"k1"');
  assertEquals(mixed.code, "cannot_open");
});

Deno.test("a new key at the front seals, the old one still opens", async () => {
  const [first, second] = [keySpec("k1"), keySpec("k2")];
  const box = await seal(await importKeyRing([first]), AT, { n: 1 });
  const ring = await importKeyRing([second, first]);
  assertEquals(await open(ring, AT, box), { n: 1 });
  assertEquals((await seal(ring, AT, {})).key, "k2");
});

Deno.test("keys cannot be read back from the ring", async () => {
  const ring = await importKeyRing([keySpec("k1")]);
  const key = await ring.key("k1");
  assertEquals(Object.values(key!).map((part) => typeof part), ["function", "function"]);
  for (const each of [ring, key!]) assertThrows(() => structuredClone(each));
  const signing = await ring.signingKey("k1");
  await assertRejects(() => crypto.subtle.exportKey("raw", signing!));
});

Deno.test("no token, secret or e-mail address stands in the bytes of the KV file", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: "https://app.example.com/" } });
  const browser = new Browser();
  await gateway.connect("github");
  await gateway.connect("google");
  const began = await gateway.api("/links", {
    body: { user_id: USER, service: "gmail", return_to: "https://app.example.com/" },
  });
  const signIn = await browser.submit(await browser.open(began.json.url));
  const until = (url: string) => url.startsWith("https://app.example.com/");
  await browser.submit(signIn, { form: signInForm(signIn), until });
  await browser.submit(
    await browser.open(
      (await gateway.api("/links", {
        body: { user_id: USER, service: "github" },
      })).json.url,
    ),
  );

  const secrets = [...gateway.world.secrets, "testuser@gmail.com", API_KEY, "google_refresh_"];
  for (const service of ["github", "google"]) {
    const { json } = await gateway.api(`/token/${service}`, { body: { user_id: USER } });
    secrets.push(json.access_token);
  }
  const connection = await gateway.broker.token({
    subject: `voice:${USER}`,
    actor: appActor("voice"),
    service: "google",
    scopes: [],
    waitMs: 0,
  });
  secrets.push(connection.tokens.refreshToken!);
  assert(secrets.length > 12);

  const kinds = new Set((await snapshot(gateway.kv)).map((entry) => entry.split("/")[0]));
  assertEquals([...kinds].sort(), [
    "accounts",
    "connections",
    "due",
    "ends",
    "events",
    "feed",
    "handoffs",
    "links",
    "marks",
    "owned",
    "pending",
  ]);
  let bytes = 0;
  for (const suffix of ["", "-wal", "-shm"]) {
    const content = await Deno.readFile(gateway.kvPath + suffix);
    bytes += content.length;
    const text = new TextDecoder("latin1").decode(content);
    for (const secret of secrets) {
      assert(!text.includes(secret), `${secret.slice(0, 12)}… stands in kv.sqlite${suffix}`);
      assert(!text.includes(btoa(secret).slice(0, -4)), "in base64");
      assert(!text.includes([...secret].join("\0")), "in UTF-16");
    }
    if (suffix === "") assertStringIncludes(text, "SQLite format 3");
  }
  assert(bytes > 4096);
});

Deno.test("with the wrong key requests get a clear error and nothing is lost", async () => {
  const folder = await Deno.makeTempDir();
  const kvPath = `${folder}/kv.sqlite`;
  const right = newKeyLine("k1");
  let stored: string[];
  {
    await using gateway = await startGateway({
      ...{ kvPath, isUnnoted: true, env: { ENCRYPTION_KEYS: right } },
    });
    await gateway.connect("github");
    stored = await snapshot(gateway.kv);
  }
  for (const wrong of [newKeyLine("k1"), newKeyLine("k2")]) {
    await using gateway = await startGateway({ kvPath, env: { ENCRYPTION_KEYS: wrong } });
    const { status, json } = await gateway.api("/token/github", { body: { user_id: USER } });
    assertEquals([status, json.error], [503, "vault_unavailable"]);
    const [event] = gateway.world.events.filter(({ event }) => event === "vault_unavailable");
    assertStringIncludes(String(event?.detail), 'key "k1"');
    assertStringIncludes(String(event?.detail), "ENCRYPTION_KEYS");
    assertEquals(await snapshot(gateway.kv), stored);
  }
  await using gateway = await startGateway({
    kvPath,
    env: { ENCRYPTION_KEYS: `${newKeyLine("k2")},${right}` },
  });
  assertEquals((await gateway.api("/token/github", { body: { user_id: USER } })).status, 200);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the key task prints keys that the configuration takes", () => {
  const line = keyTask([]).split("\n").at(-1)!;
  assert(/^k\d{8}:[A-Za-z0-9_-]{43}$/.test(line), line);
  const text = keyTask(["voice"]);
  const key = /^sb_[A-Za-z0-9_-]{43}$/m.exec(text)![0];
  assertStringIncludes(text, `voice:sha256:${digestHex(key)}`);
  assertStringIncludes(keyTask(["Not A Name"]), "Usage");
});
