import { assert, assertEquals } from "@std/assert";
import { digest, randomSecret } from "../../../broker/core/secrets.ts";
import { find } from "../../../broker/core/single_use.ts";
import type { ExpiringStore } from "../../../broker/core/store.ts";

interface Note {
  text: string;
  expiresAt: number;
}

/** Notes under digests, with everything that was asked of them. */
function notes(held: Record<string, Note>) {
  const asked: unknown[] = [];
  const versions = new Map(Object.keys(held).map((key) => [key, "1"]));
  const write = (key: string, version: string) => versions.get(key) === version;
  const store: Pick<ExpiringStore<Note>, "peek" | "take" | "replace"> = {
    peek(key) {
      asked.push(["peek", key]);
      const value = held[key];
      const version = versions.get(key);
      return Promise.resolve(value && version !== undefined ? { value, version } : null);
    },
    take(key, version) {
      asked.push(["take", key, version]);
      return Promise.resolve(write(key, version) && versions.delete(key));
    },
    replace(key, value, version) {
      asked.push(["replace", key, value, version]);
      if (!write(key, version)) return Promise.resolve(null);
      held[key] = value;
      versions.set(key, "2");
      return Promise.resolve("2");
    },
  };
  /** As a rekey does: another version, the same value. */
  const sealAnew = () => versions.forEach((version, key) => versions.set(key, `${version}+`));
  return { store: store as ExpiringStore<Note>, asked, sealAnew };
}

const SECRET = randomSecret();
const NOTE = { text: "hello", expiresAt: 1 };

Deno.test("find() looks up the digest of a secret, prefix and all", async () => {
  for (const [prefix, secret] of [["", SECRET], ["sb_pat_", `sb_pat_${SECRET}`]] as const) {
    const { store, asked } = notes({ [digest(secret)]: NOTE });
    assertEquals((await find(store, secret, prefix))?.value, NOTE);
    assertEquals(asked, [["peek", digest(secret)]]);
  }
});

Deno.test("find() does not look up what cannot be a secret", async () => {
  const { store, asked } = notes({});
  const never: [secret: unknown, prefix?: string][] = [
    [undefined],
    [null],
    [43],
    [[SECRET]],
    [{ length: 43 }],
    [""],
    [SECRET.slice(1)],
    [`${SECRET}A`],
    [`${SECRET}\n`],
    [`${SECRET.slice(1)}=`],
    [`${SECRET.slice(1)}é`],
    [SECRET, "sb_pat_"],
    [`sb_pat_${SECRET}`],
    [`SB_PAT_${SECRET}`, "sb_pat_"],
    [`sb_pat_sb_pat_${SECRET}`, "sb_pat_"],
    ["sb_pat_", "sb_pat_"],
  ];
  for (const [secret, prefix] of never) assertEquals(await find(store, secret, prefix), null);
  assertEquals(asked, []);
});

Deno.test("find() knows nothing of a secret that was never handed out", async () => {
  const { store } = notes({ [digest(randomSecret())]: NOTE });
  assertEquals(await find(store, SECRET), null);
});

Deno.test("a record that was found is used up once", async () => {
  const { store, asked } = notes({ [digest(SECRET)]: NOTE });
  const [one, other] = [await find(store, SECRET), await find(store, SECRET)];
  assert(one !== null && other !== null);
  assertEquals([await one.take(), await other.take(), await other.replace(NOTE)], [
    true,
    false,
    false,
  ]);
  assertEquals(asked.filter((what) => (what as string[])[0] === "take"), [
    ["take", digest(SECRET), "1"],
    ["take", digest(SECRET), "1"],
  ]);
  assertEquals(await find(store, SECRET), null);
});

Deno.test("a record that was replaced is not used up by who saw the old one", async () => {
  const { store } = notes({ [digest(SECRET)]: NOTE });
  const [one, other] = [await find(store, SECRET), await find(store, SECRET)];
  const next = { ...NOTE, text: "changed" };
  assertEquals(await one!.replace(next), true);
  assertEquals([await other!.take(), await other!.replace(NOTE)], [false, false]);
  assertEquals((await find(store, SECRET))?.value, next);
});

Deno.test("a write that did nothing, though nobody wrote first, is not tried for ever", async () => {
  const { store } = notes({ [digest(SECRET)]: NOTE });
  const stuck = { ...store, take: () => Promise.resolve(false) };
  assertEquals(await (await find(stuck, SECRET))!.take(), false);
});

Deno.test("a record that was only sealed anew is used up as ever, and once", async () => {
  for (const again of [1, 3]) {
    const { store, sealAnew } = notes({ [digest(SECRET)]: NOTE });
    const [one, other] = [await find(store, SECRET), await find(store, SECRET)];
    for (let time = 0; time < again; time++) sealAnew();
    assertEquals([await one!.take(), await other!.take()], [true, false]);
  }
  const { store, sealAnew } = notes({ [digest(SECRET)]: NOTE });
  const [one, other] = [await find(store, SECRET), await find(store, SECRET)];
  sealAnew();
  const next = { ...NOTE, text: "used" };
  assertEquals(await one!.replace(next), true);
  sealAnew();
  assertEquals([await other!.replace(next), await other!.take()], [false, false]);
});

Deno.test("a record that is sealed anew at every moment is used up in the end", async () => {
  const { store, sealAnew } = notes({ [digest(SECRET)]: NOTE });
  const found = await find(store, SECRET);
  let rest = 20;
  const take = store.take;
  store.take = (key, version) => {
    if (rest-- > 0) sealAnew();
    return take(key, version);
  };
  assertEquals(await found!.take(), true);
});
