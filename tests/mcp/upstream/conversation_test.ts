import { assertEquals, assertRejects } from "@std/assert";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";
import type { AskedForm, ClientSide, LogEntry } from "../../../mcp/client_side.ts";
import {
  conversation,
  MAX_ASKED_FORMS,
  MAX_FORM_BYTES,
  MAX_LOG_LENGTH,
  MAX_LOG_MESSAGES,
  MAX_QUESTION,
} from "../../../mcp/upstream/conversation.ts";
import { testWorld } from "../../support/world.ts";

const SECRET = "secret-token-0123456789";
const spec = { name: "notes", title: "Notes" } as UpstreamSpec;
const never = new AbortController().signal;
const schema = { type: "object", properties: { name: { type: "string" } } };

function talk(client: Partial<ClientSide>, caller = never) {
  const logged: LogEntry[] = [];
  const deps = { world: testWorld(), spec, secrets: new Set([SECRET]), caller };
  const { onnotification, onrequest } = conversation({
    ...deps,
    client: {
      capabilities: {},
      log: { least: "info", write: (entry) => void logged.push(entry) },
      ...client,
    },
  });
  return {
    logged,
    say: (params: Record<string, unknown>, method = "notifications/message") =>
      onnotification!({ method, params }),
    ask: (params: Record<string, unknown>, method = "elicitation/create") =>
      onrequest!({ method, params }, never),
  };
}

Deno.test("what an upstream logs is heard from the wanted level on, under its name", () => {
  const { say, logged } = talk({});
  say({ level: "debug", data: "quiet" });
  say({ level: "loud", data: "odd" });
  say({ data: "none" });
  say({ level: "info", data: "at\u202ework" });
  say({ level: "error", logger: "db\n!", data: { code: 7 } });
  say({ level: "error" });
  say({ level: "error", data: "x" }, "notifications/other");
  assertEquals(logged, [
    { level: "info", logger: "notes", data: "at work" },
    { level: "error", logger: "notes.db??", data: { code: 7 } },
    { level: "error", logger: "notes", data: null },
  ]);
});

Deno.test("who wants no log, or has gone, hears none", () => {
  const gone = new AbortController();
  gone.abort();
  for (const { say, logged } of [talk({ log: undefined }), talk({}, gone.signal)]) {
    say({ level: "error", data: "x" });
    assertEquals(logged, []);
  }
});

Deno.test("a log is bounded, and without what was sent along", () => {
  const { say, logged } = talk({});
  say({ level: "info", data: `is ${SECRET}`, logger: SECRET });
  say({ level: "info", data: { at: btoa(SECRET) } });
  say({ level: "info", data: { long: "x".repeat(MAX_LOG_LENGTH) } });
  assertEquals(logged.map(({ data }) => typeof data), ["string", "string"]);
  assertEquals(JSON.stringify(logged).includes(SECRET), false);
  assertEquals((logged[1]!.data as string).length, MAX_LOG_LENGTH);
  for (let more = 0; more < MAX_LOG_MESSAGES; more++) say({ level: "info", data: more });
  assertEquals(logged.length, MAX_LOG_MESSAGES - 1);
});

Deno.test("a form is asked under the upstream's title, and answered in MCP's shapes alone", async () => {
  const forms: AskedForm[] = [];
  const answers: Record<string, unknown>[] = [
    { action: "accept", content: { name: "Ana" }, other: 1 },
    { action: "accept" },
    { action: "decline", content: { name: "Ana" } },
    { action: "cancel" },
    { action: "obey" },
  ];
  const { ask } = talk({
    ask: (form) => {
      forms.push(form);
      return Promise.resolve(answers.shift());
    },
  });
  const heard = [];
  for (let asked = 0; asked < 6; asked++) {
    heard.push(await ask({ message: "Who\u202e are you?", requestedSchema: schema }));
  }
  assertEquals(heard, [
    { action: "accept", content: { name: "Ana" } },
    { action: "accept", content: {} },
    { action: "decline" },
    { action: "cancel" },
    { action: "cancel" },
    { action: "cancel" },
  ]);
  assertEquals(forms[0], { message: "Notes asks: Who  are you?", requestedSchema: schema });
});

Deno.test("a person is asked nothing that is no form, too much of one, or holds a secret", async () => {
  const forms: AskedForm[] = [];
  const { ask } = talk({
    ask: (form) => Promise.resolve(void forms.push(form)),
  });
  let deep: unknown = {};
  for (let depth = 0; depth < 20; depth++) deep = { properties: deep };
  const asked: Record<string, unknown>[] = [
    {},
    { message: "x" },
    { message: "x", requestedSchema: [] },
    { message: 7, requestedSchema: schema },
    { message: "x", requestedSchema: { ...schema, description: "x".repeat(MAX_FORM_BYTES) } },
    { message: "x", requestedSchema: deep },
    { mode: "url", message: "x", url: "https://evil.example/", elicitationId: "1" },
    // A page to open is no form, though it brings one along.
    { mode: "url", message: "x", url: "https://evil.example/", requestedSchema: schema },
    { message: btoa(SECRET), requestedSchema: schema },
  ];
  for (const params of asked) assertEquals(await ask(params), { action: "cancel" });
  assertEquals(forms, []);
  await ask({ message: `${SECRET} ${"x".repeat(MAX_QUESTION)}`, requestedSchema: schema });
  assertEquals(forms.length, 1);
  assertEquals(forms[0]!.message.includes(SECRET), false);
  assertEquals(forms[0]!.message.length <= MAX_QUESTION + 20, true);
});

Deno.test("a call asks so many times, and nobody without a form is asked", async () => {
  let count = 0;
  const { ask } = talk({
    ask: () => {
      count++;
      return Promise.resolve({ action: "decline" });
    },
  });
  const question = { message: "x", requestedSchema: schema };
  for (let more = 0; more < MAX_ASKED_FORMS + 5; more++) await ask(question);
  assertEquals(count, MAX_ASKED_FORMS);
  assertEquals(await talk({}).ask(question), { action: "cancel" });
});

Deno.test("a question ends with the call that it belongs to, and with the server that asks", async () => {
  for (const who of ["caller", "server"] as const) {
    const ends = { caller: new AbortController(), server: new AbortController() };
    let heard: AbortSignal | undefined;
    const ask: ClientSide["ask"] = (_form, signal) => (heard = signal, Promise.resolve(undefined));
    const { onrequest } = conversation({
      ...{ world: testWorld(), spec, secrets: new Set<string>(), caller: ends.caller.signal },
      client: { capabilities: {}, ask },
    });
    const params = { message: "x", requestedSchema: schema };
    await onrequest!({ method: "elicitation/create", params }, ends.server.signal);
    assertEquals(heard!.aborted, false);
    ends[who].abort();
    assertEquals(heard!.aborted, true, who);
  }
});

Deno.test("sampling, roots and whatever else a server asks is refused", async () => {
  const { ask } = talk({ ask: () => Promise.resolve({ action: "accept" }) });
  for (const method of ["sampling/createMessage", "roots/list", "ping", "tools/call"]) {
    await assertRejects(() => ask({}, method), TypeError);
  }
});
