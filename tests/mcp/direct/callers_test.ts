/**
 * Everybody who may call, and at every address: the thin dispatch gives each
 * what the SDKs would.
 */

import { assertEquals } from "@std/assert";
import { newProofKey, proofFor } from "../../support/dpop_client.ts";
import { exchangeForm, newClient, obtainCode, post } from "../../support/mcp_client.ts";
import { obtainTokens, personalToken, signedIn } from "../../support/attacks.ts";
import { calls, draft, HOT, PATHS, request, SOME_NAMES, WRONG_PATHS } from "./corpus.ts";
import { assertSame, backend, type Headers, UPSTREAM } from "./same.ts";
import { keyOf, type Meaning, startTwins, type Twins } from "./twins.ts";

const WAYS = ["a", "b"];

/** One thing for each way. */
async function ofEach(make: (way: string) => Promise<string>): Promise<Meaning> {
  const made = new Map<string, string>();
  for (const way of WAYS) made.set(way, await make(way));
  return (way) => made.get(way)!;
}

function session({ gateway }: Twins, wanted: Record<string, unknown>, key = "voice") {
  return ofEach(async (way) => {
    const body = { user_id: `user-${way}-s`, services: ["*"], ...wanted };
    return (await gateway.api("/sessions", { body, key: keyOf(key) })).json.token;
  });
}

function granted({ gateway }: Twins, scope: string) {
  return ofEach(async () => {
    const params = { scope };
    return (await obtainTokens(gateway, await newClient(gateway), { params })).access_token;
  });
}

const bearer = (name: string) => () => ({ Authorization: `Bearer {${name}}` });

type Callers = Record<string, () => Headers>;

async function assertServed(twins: Twins, callers: Callers) {
  for (const caller of Object.values(callers)) {
    await assertSame(twins, HOT, caller);
    await assertSame(twins, calls("/mcp", {}, SOME_NAMES), caller);
  }
}

/** Who is refused, before the two ways part: a few requests show it. */
async function assertRefused(twins: Twins, callers: Callers) {
  for (const [name, caller] of Object.entries(callers)) {
    const { direct } = await assertSame(twins, [...HOT.slice(0, 5), ...HOT.slice(-3)], caller);
    assertEquals([name, direct], [name, 0]);
  }
}

Deno.test("every tool answers every caller as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { gateway, meant } = twins;
  const person = await signedIn(gateway);
  meant.set("session", await session(twins, {}));
  meant.set("voice", await session(twins, { voice: true, read_only: true }));
  meant.set("few", await session(twins, { services: ["lab"], tools: ["lab_echo", "lab_count"] }));
  meant.set("picky", await session(twins, {}, "picky"));
  meant.set("all", await granted(twins, "lab up"));
  meant.set("read", await granted(twins, "lab:read"));
  meant.set("personal", await ofEach(() => personalToken(person)));
  await assertServed(twins, {
    key: backend,
    ...Object.fromEntries(
      ["session", "voice", "few", "picky", "all", "read", "personal"].map((
        name,
      ) => [name, bearer(name)]),
    ),
    // Of the app itself: some of the tools, those that read, those of one service.
    someTools: () => backend("picky"),
    reading: () => backend("reader"),
    oneService: () => backend("serving"),
    keyOfItsOwn: () => ({ "X-Api-Key": keyOf("voice"), "X-User-Id": backend()["X-User-Id"]! }),
    once: () => ({ ...backend(), "Idempotency-Key": "once" }),
    page: () => ({ ...backend(), Origin: "{page}" }),
  });
  await assertRefused(twins, {
    unknown: () => ({ Authorization: "Bearer wrong", "X-User-Id": "user-{way}-x" }),
    forNobody: () => ({ Authorization: `Bearer ${keyOf("voice")}` }),
    oddUser: () => ({ ...backend(), "X-User-Id": "é \t" }),
    nobody: () => ({}),
  });
});

Deno.test("a caller with a bound token is answered as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { gateway, meant } = twins;
  const key = await newProofKey();
  const token = await ofEach(async () => {
    const client = await newClient(gateway);
    const form = exchangeForm(client, await obtainCode(gateway, client));
    const { status, json } = await post(gateway, "/oauth/token", form, {
      DPoP: await proofFor(gateway, "/oauth/token", key),
    });
    assertEquals([status, json.token_type], [200, "DPoP"]);
    return json.access_token;
  });
  const proof = async (way: string, path: string) =>
    await proofFor(gateway, path, key, { token: await token(way, path) });
  meant.set("bound", token);
  meant.set("proof", proof);
  meant.set("elsewhere", (way) => proof(way, "/elsewhere"));
  const used = await ofEach((way) => proof(way, "/mcp/lab"));
  meant.set("used", used);
  const bound = { Authorization: "DPoP {bound}" };
  const { direct } = await assertSame(twins, HOT, () => ({ ...bound, DPoP: "{proof}" }));
  assertEquals(direct, HOT.length);
  await assertServed(twins, {
    proven: () => ({ ...bound, DPoP: "{proof}" }),
    fromAPage: () => ({ ...bound, DPoP: "{proof}", Origin: "{page}" }),
  });
  await assertSame(twins, [HOT[2]!], () => ({ ...bound, DPoP: "{used}" }));
  await assertRefused(twins, {
    withoutProof: () => bound,
    forElsewhere: () => ({ ...bound, DPoP: "{elsewhere}" }),
    again: () => ({ ...bound, DPoP: "{used}" }),
    asBearer: () => ({ Authorization: "Bearer {bound}" }),
    both: () => ({ Authorization: "Bearer {bound}", DPoP: "{proof}" }),
    ofAKey: () => ({ ...backend(), DPoP: "{proof}" }),
  });
});

Deno.test("a caller over its limit is answered as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  twins.meant.set("tight", await session(twins, {}, "tight"));
  const list = request("tools/list");
  const drafts = [
    ...HOT,
    ...calls("/mcp").slice(0, 3),
    draft(request("tools/call", { name: "up_say" }), undefined, "/mcp"),
    draft([list, { ...list, id: 2 }, { ...list, id: 3 }] as unknown as Record<string, unknown>),
  ];
  for (const one of drafts) {
    const caller = backend("tight");
    const seven = Array.from({ length: 8 }, () => one);
    await assertSame(twins, seven, () => caller);
  }
  await assertSame(twins, drafts, bearer("tight"));
});

Deno.test("every address leaves the same as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  const through = { name: "lab_echo", arguments: { text: "a" } };
  for (const args of [through, { ...through, name: "up_say" }, { query: "echo" }]) {
    await assertSame(twins, calls("/mcp?mode=search", { arguments: args }, SOME_NAMES));
  }
  // What is called through another tool: by each kind of name, and what may not be.
  for (const name of ["lab_count", "echo", "lab_connect", "up_headed", "nothing", "call_tool", 1]) {
    for (const args of [{ name }, { name, arguments: '{"text":"a"}' }, { name, arguments: [] }]) {
      const names = ["call_tool", "call_read_tool"];
      await assertSame(twins, calls("/mcp?mode=search", { arguments: args }, names));
    }
  }
  for (const path of PATHS) {
    await assertSame(twins, HOT.map((draft) => ({ ...draft, path })));
    await assertSame(twins, calls(path, {}, ["lab_say", "lab_count", "up_say", "call_tool"]));
  }
  for (const path of WRONG_PATHS) {
    await assertSame(twins, HOT.slice(0, 2).map((draft) => ({ ...draft, path })));
  }
  for (const path of ["/mcp", "/mcp?voice=true"]) await assertSame(twins, calls(path));
});
