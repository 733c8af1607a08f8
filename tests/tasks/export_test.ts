/** Moving out, with the real task on the database of a gateway that runs. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { moveOut } from "../../broker/moving/move_out.ts";
import type { Store } from "../../broker/core/store.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { newKeyLine } from "../../tasks/key.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { systemEnv } from "../support/process.ts";
import { startZoo, type Zoo } from "../support/zoo.ts";

const EXPORT = denoJson.tasks.export.command.split(" ").slice(1);
const KEYS = newKeyLine("k1");

interface Both extends AsyncDisposable {
  gateway: Gateway;
  zoo: Zoo;
  store: Store;
  folder: string;
  export(...args: string[]): Promise<{ code: number; lines: string[]; said: string }>;
}

/** A gateway with some users of the zoo, imported. */
async function start(users: number): Promise<Both> {
  const zoo = startZoo();
  let store: Store;
  const gateway = await startGateway({
    env: {
      ENCRYPTION_KEYS: KEYS,
      PROVIDERS: JSON.stringify([zoo.spec]),
      ZOO_CLIENT_ID: "zoo-client",
      ZOO_CLIENT_SECRET: "zoo-secret",
    },
    store: (real) => store = real,
  });
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const items = Array.from({ length: users }, (_none, n) => {
    const { access_token, refresh_token } = zoo.issue();
    const account = { id: "lion", label: "Leo" };
    const tokens = { access_token, refresh_token, expires_in: 3600 };
    return { service: "zoo", user_id: `user_${n}`, account, ...tokens };
  });
  await gateway.api("/connections/import?verify=none", { body: items });
  return {
    gateway,
    zoo,
    store: store!,
    folder,
    async export(...args) {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...EXPORT, ...args],
        cwd: new URL("../../", import.meta.url),
        clearEnv: true,
        env: {
          ...systemEnv(),
          NO_COLOR: "1",
          ENCRYPTION_KEYS: KEYS,
          KV_PATH: gateway.kvPath,
        },
      }).output();
      const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [
        string,
        string,
      ];
      return { code, lines: out.split("\n").filter(Boolean), said };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await zoo[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A receiver's keys; the files of both. */
async function keysIn(folder: string, alg = "ECDH-ES", options = {}) {
  const pair = await generateKeyPair(alg, { extractable: true, ...options });
  const [open, closed] = [await exportJWK(pair.publicKey), await exportJWK(pair.privateKey)];
  const name = `${folder}/${crypto.randomUUID()}`;
  await Deno.writeTextFile(`${name}.pub`, JSON.stringify(open));
  await Deno.writeTextFile(`${name}.key`, JSON.stringify(closed));
  return { public: `${name}.pub`, private: `${name}.key`, closed, alg };
}

async function opened(line: string, { closed, alg }: { closed: JWK; alg: string }) {
  const { plaintext, protectedHeader } = await compactDecrypt(line, await importJWK(closed, alg));
  assertEquals([protectedHeader.alg, protectedHeader.enc], [alg, "A256GCM"]);
  return JSON.parse(new TextDecoder().decode(plaintext));
}

const token = ({ gateway }: Both, user: number) =>
  gateway.api("/token/zoo", { body: { user_id: `user_${user}` } });

Deno.test("what is moved out is neither served, refreshed nor revoked here any more", async () => {
  await using both = await start(3);
  const keys = await keysIn(both.folder);
  const wish = ["--realm", "voice", "--to", keys.public];

  const dry = await both.export(...wish, "--dry-run");
  assertEquals([dry.code, dry.lines, (await token(both, 0)).status], [0, [], 200]);
  assertStringIncludes(dry.said, "zoo: 3 moved.");
  assertStringIncludes(dry.said, "Nothing was changed.");

  const { code, lines, said } = await both.export(...wish);
  assertEquals([code, lines.length], [0, 3], said);
  const items = await Promise.all(lines.map((line) => opened(line, keys)));
  assertEquals(items.map(({ user_id }) => user_id).sort(), ["user_0", "user_1", "user_2"]);
  assertEquals(items[0].account, { id: "lion", label: "Leo" });

  both.gateway.world.skew += 2 * 3_600_000;
  const { status, json } = await token(both, 1);
  assertEquals([status, json.error], [409, "reauthorization_required"]);
  assertStringIncludes(json.error_description, "moved to another server");
  const { json: list } = await both.gateway.api("/connections?user_id=user_1");
  assertEquals(list.connections[0].status, "moved");
  const ended = await both.gateway.api("/connections/zoo?user_id=user_1", { method: "DELETE" });
  assertEquals([ended.json.deleted, ended.json.revoked], [true, false]);
  assertEquals(both.zoo.asked, []);

  // Elsewhere they live.
  await using receiver = await start(0);
  const body = items.map((item) => JSON.stringify(item)).join("\n");
  const headers = { "Content-Type": "application/x-ndjson" };
  await receiver.gateway.api("/connections/import?verify=none", { body, headers });
  assertEquals((await token(receiver, 1)).json.access_token, items[1].access_token);
});

Deno.test("an export that runs again moves the rest, and gives lines once more to the same key alone", async () => {
  await using both = await start(3);
  const [keys, others] = [await keysIn(both.folder), await keysIn(both.folder)];
  const to = (file: string) => ["--realm", "voice", "--to", file];
  const first = await both.export(...to(keys.public), "--user", "user_1");
  assertEquals(first.lines.length, 1);
  assertEquals(
    (await both.export(...to(others.public), "--again", "--dry-run")).said.includes(
      "zoo: 2 moved.",
    ),
    true,
  );
  assertEquals((await both.export(...to(keys.public))).lines.length, 2);
  const third = await both.export(...to(keys.public));
  assertEquals(third.lines, []);
  assertStringIncludes(third.said, "zoo: 3 were moved before");
  assertEquals((await both.export(...to(others.public), "--again")).lines, []);
  const again = await both.export(...to(keys.public), "--again");
  assertEquals(again.lines.length, 3);
  assertEquals(
    (await opened(again.lines[1]!, keys)).refresh_token,
    (await opened(first.lines[0]!, keys)).refresh_token,
  );
  assertEquals((await both.export("--realm", "other", "--to", keys.public)).lines, []);
});

Deno.test("lines are sealed to each kind of key, opened with it, and nothing moves for a bad one", async () => {
  await using both = await start(1);
  const { folder } = both;
  const kinds = [
    await keysIn(folder, "RSA-OAEP-256"),
    await keysIn(folder, "ECDH-ES", { crv: "P-384" }),
    await keysIn(folder, "ECDH-ES", { crv: "X25519" }),
  ];
  const bad = {
    "no JSON": "text",
    "no key": "{}",
    "a list": "[]",
    "a symmetric key": JSON.stringify({ kty: "oct", k: "AAAA" }),
    "a short RSA key": JSON.stringify({ kty: "RSA", n: "AQAB".repeat(30), e: "AQAB" }),
    "a private key": JSON.stringify(kinds[0]!.closed),
    "a signing key": JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "A".repeat(43) }),
  };
  for (const [what, text] of Object.entries(bad)) {
    await Deno.writeTextFile(`${folder}/bad`, text);
    const { code, lines, said } = await both.export("--realm", "voice", "--to", `${folder}/bad`);
    assertEquals([code, lines], [1, []], what);
    assertEquals(said.includes("This is a private key"), what === "a private key");
    assert(!said.includes(kinds[0]!.closed.d!), what);
  }
  assertEquals((await token(both, 0)).status, 200);
  assertEquals((await both.export("--realm", "voice")).code, 2);

  for (const keys of kinds) {
    // Back again by an import, for the next kind.
    const { lines } = await both.export("--realm", "voice", "--to", keys.public);
    const item = await opened(lines[0]!, keys);
    const back = { body: [{ ...item, replace: true }] };
    const { json } = await both.gateway.api("/connections/import?verify=none", back);
    assertEquals(json.results[0].status, "imported");
    assertEquals((await token(both, 0)).json.access_token, item.access_token);
  }
});

Deno.test("an import brings back what was moved only where it is asked to, and never an older token set", async () => {
  await using both = await start(1);
  const keys = await keysIn(both.folder);
  both.gateway.world.skew += 2 * 3_600_000;
  await token(both, 0);
  await both.export("--realm", "voice", "--to", keys.public);
  const older = {
    service: "zoo",
    user_id: "user_0",
    account: { id: "lion" },
    refresh_token: "zoo-refresh-1",
  };
  const newest = { ...older, refresh_token: "zoo-refresh-2" };
  const fateOf = async (item: object, query: string) => {
    const { json } = await both.gateway.api(`/connections/import?${query}`, { body: [item] });
    return json.results[0].status;
  };
  assertEquals(await fateOf(newest, "verify=none"), "exists");
  assertEquals(await fateOf({ ...newest, account: null }, "verify=refresh"), "exists");
  assertEquals(await fateOf(older, "verify=none&replace=true"), "unchanged");
  assertEquals((await token(both, 0)).status, 409);
  assertEquals(await fateOf(newest, "verify=none&replace=true"), "imported");
  assertEquals((await token(both, 0)).status, 200);
  assertEquals(both.zoo.count("refresh"), 2);
});

Deno.test("what leaves while a refresh is under way is what the refresh gave", async () => {
  await using both = await start(1);
  const { zoo, store, gateway } = both;
  const [sent, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  zoo.bend("refresh", {
    get until() {
      sent.resolve();
      return answer.promise;
    },
  });
  gateway.world.skew += 2 * 3_600_000;
  const asked = token(both, 0);
  const { connections, leases } = store;
  const ref = { subject: "voice:user_0", provider: "zoo", account: "lion" } as const;
  await sent.promise;
  const moving = moveOut({ connections, leases, world: gateway.world }, ref, {
    to: "somebody",
    again: false,
  });
  answer.resolve();
  const [moved, { status }] = [await moving, await asked];
  assert(moved.kind === "moved");
  assertEquals(moved.connection.tokens.refreshToken, "zoo-refresh-2");
  // It was handed out before it went, or not at all.
  assert([200, 409].includes(status));
  assertEquals(zoo.count("refresh"), 1);
});

Deno.test("lines are opened for an import by the receiver's own key", async () => {
  await using both = await start(2);
  const keys = await keysIn(both.folder);
  const { lines } = await both.export("--realm", "voice", "--to", keys.public);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...EXPORT, "--open", keys.private],
    cwd: new URL("../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${lines.join("\n")}\n\nno line\n`));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const out = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(out.map(({ user_id }) => user_id).sort(), ["user_0", "user_1"]);
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), "1 lines are not for this key");
});
