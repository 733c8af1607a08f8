import { Dice } from "../../support/fuzz/dice.ts";
import { startRange } from "../../support/fuzz/range.ts";
import type { Shot } from "../../support/fuzz/shots.ts";
import { refusal } from "../../support/fuzz/verdicts.ts";
import { API_KEY, USER } from "../../support/gateway.ts";
import {
  CALLER,
  everyRoute,
  type Header,
  isForPeople,
  isMcp,
  JSON_TYPE,
  KEY,
  MCP_PATHS,
  OTHER_KEY,
  PING,
  post,
} from "./requests.ts";
import { badUserIds, INHERITED } from "./values.ts";

Deno.test("a malformed credential is refused on every route that asks for one", async () => {
  await using range = await startRange({ connected: ["github"] });
  const dice = new Dice(3);
  const presented = [
    "",
    "Bearer",
    "Bearer ",
    `Basic ${btoa(`voice:${API_KEY}`)}`,
    `Basic ${API_KEY}`,
    `Token ${API_KEY}`,
    `Bearer:${API_KEY}`,
    `Bearer${API_KEY}`,
    `Bearer\t${API_KEY}`,
    `Bearer "${API_KEY}"`,
    `Bearer ${API_KEY} ${API_KEY}`,
    `Bearer ${API_KEY},`,
    `Bearer Bearer ${API_KEY}`,
    `Bearer ${API_KEY.toUpperCase()}`,
    `Bearer ${API_KEY.slice(0, -1)}`,
    `Bearer ${API_KEY}x`,
    `Bearer ${"x".repeat(10_000)}`,
    `Bearer ${API_KEY}${"x".repeat(10_000)}`,
    `Bearer ${"\xff".repeat(64)}`,
    ...INHERITED.map((name) => `Bearer ${name}`),
    ...Array.from(
      { length: 30 },
      () => `Bearer ${dice.spoil(API_KEY, dice.pick([...",;/\xe9"]))}`,
    ),
  ];
  const credentials: Header[][] = [
    [],
    [KEY, KEY],
    [KEY, OTHER_KEY],
    [["X-Api-Key", `Bearer ${API_KEY}`]],
    [["X-Api-Key", "x".repeat(10_000)]],
    ...presented.map((value): Header[] => [["Authorization", value]]),
  ];
  const shots = everyRoute().filter((shot) => !isForPeople(shot)).flatMap((shot) =>
    credentials.map((credential) => ({
      ...shot,
      headers: [...shot.headers!.filter((header) => header !== KEY), ...credential],
    }))
  );
  // Where a sign-in would do as well, what is no key of the form of one is none at all.
  const isNone = ({ headers = [] }: Shot) => {
    const values = (name: string) => headers.filter(([each]) => each === name).map(([, v]) => v);
    // Two lines of one header are one (RFC 9110 §5.3), and no credential.
    const isBearer = /^Bearer +\S+ *$/i.test(values("Authorization").join(", "));
    return !isBearer && values("X-Api-Key").length === 0;
  };
  await range.holds(shots, (reply, shot) => {
    const error = isMcp(shot) && isNone(shot) ? "login_required" : "invalid_client";
    return refusal(401, error)(reply, shot);
  });
});

Deno.test("a malformed user id is refused wherever it is sent", async () => {
  await using range = await startRange({ connected: ["github"] });
  const ids = badUserIds(new Dice(4)).filter((id) => id.length < 5000);
  const encoded = [
    ...ids.filter((id) => id.isWellFormed()).map(encodeURIComponent),
    ...["%", "%zz", "%c3%28", "%ED%A0%80", "user%00", "user_123%0a", "user%2f123", "a+b"],
  ];
  const queries = [
    "",
    "?",
    "?user_id",
    "?USER_ID=user_123",
    "?user_id[]=user_123",
    "?user_id%00=a",
  ];
  const targets = [...queries, ...encoded.map((id) => `?user_id=${id}`)];
  const asks = targets.flatMap((query): Shot[] => [
    { method: "GET", target: `/connections${query}`, headers: [KEY] },
    { method: "DELETE", target: `/connections/github${query}`, headers: [KEY] },
  ]);
  // White space around a header's value is not part of it; a line's end ends the header.
  const sendable = (id: string) => !/[^\x20-\x7e\x80-\xff]/.test(id) && id.trim() === id;
  const callers: Header[][] = [
    [],
    [CALLER, CALLER],
    [CALLER, ["X-User-Id", "user_456"]],
    ...["\xff", "us\xe9r", ...ids.filter(sendable)].map((id): Header[] => [["X-User-Id", id]]),
  ];
  const calls = MCP_PATHS.flatMap((target) =>
    callers.map((caller) => ({ ...post(target, PING), headers: [KEY, JSON_TYPE, ...caller] }))
  );
  await range.holds([...asks, ...calls], refusal(400, "invalid_request"));
});

Deno.test("a repeated parameter is refused, not guessed at", async () => {
  await using range = await startRange({ connected: ["github"] });
  const users = [`user_id=${USER}&user_id=${USER}`, `user_id=${USER}&user_id=user_456`];
  const accounts = `user_id=${USER}&account=octocat&account=nobody`;
  const shot = (method: string, target: string): Shot => ({ method, target, headers: [KEY] });
  await range.holds([
    ...users.map((query) => shot("GET", `/connections?${query}`)),
    ...[...users, accounts].map((query) => shot("DELETE", `/connections/github?${query}`)),
  ], refusal(400, "invalid_request"));
});
