import { Dice } from "../../support/fuzz/dice.ts";
import { startRange } from "../../support/fuzz/range.ts";
import { rpcAnswer, rpcError } from "../../support/fuzz/verdicts.ts";
import {
  type Header,
  initialize,
  MCP_PATHS,
  META,
  modern,
  PING,
  post,
  rpc,
  toolCall,
} from "./requests.ts";
import { DEEP_ARRAY, DEEP_OBJECT, INHERITED, object, texts, valuesBut } from "./values.ts";

function brokenMessages(): string[] {
  const notObjects = valuesBut("object");
  return [
    ...notObjects,
    "{}",
    DEEP_OBJECT,
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":1}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":2,"id":1,"method":"ping"}',
    '{"id":1,"method":"ping"}',
    `{"__proto__":${PING}}`,
    ...valuesBut("string", "integer").map((id) => rpc("ping", undefined, id)),
    ...notObjects.map((params) => rpc("tools/list", params)),
    ...valuesBut("string").map((method) => object({ jsonrpc: '"2.0"', id: "1", method })),
    ...INHERITED.map((method) => rpc(method)),
    ...["", "tools/", "TOOLS/LIST", "tools/list\0", "x".repeat(10_000)].map((method) =>
      rpc(method)
    ),
    ...["resources/list", "prompts/list", "completion/complete", "logging/setLevel", "tasks/get"]
      .map((method) => rpc(method, "{}")),
    ...valuesBut("object").map((params) => rpc("tools/call", params)),
    ...valuesBut("string").map((name) => rpc("tools/call", object({ name }))),
    // No arguments are sent as null by some.
    ...valuesBut("object", "null").map((args) => toolCall('"github_list_repositories"', args)),
    ...valuesBut("object").map((meta) => rpc("tools/list", object({ _meta: meta }))),
    ...valuesBut("object").map((capabilities) => initialize(object({ capabilities }))),
    "[]",
    `[${PING},{}]`,
    `[${PING},1]`,
    `[[${PING}]]`,
    `[${Array(1000).fill("{}").join(",")}]`,
  ];
}

Deno.test("a message that is no JSON-RPC request is answered with a JSON-RPC error", async () => {
  await using range = await startRange({ connected: ["github"] });
  const shots = MCP_PATHS.flatMap((path) => brokenMessages().map((body) => post(path, body)));
  await range.holds(shots, rpcError);
});

Deno.test("messages that ask for nothing, or for too much at once, do no harm", async () => {
  await using range = await startRange({ connected: ["github"] });
  const dice = new Dice(8);
  const seeds = [
    PING,
    rpc("tools/list", '{"cursor":"x","_meta":{"progressToken":1}}'),
    initialize('{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a"}}'),
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
    `[${PING},{"jsonrpc":"2.0","method":"notifications/initialized"}]`,
    '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x"}}',
  ];
  const tokens = ["{", "}", "[", "]", '"', ",", ":", "null", "1e400", "\\ud800", '"id":{}', "[[[["];
  const bodies = [
    ...seeds,
    `[${Array(1000).fill(PING).join(",")}]`,
    `[${Array(100).fill(rpc("tools/list")).join(",")}]`,
    `[${PING},${PING}]`,
    rpc("tools/list", object({ extra: DEEP_OBJECT, _meta: object({ extra: DEEP_ARRAY }) })),
    `{"jsonrpc":"2.0","id":1,"result":${DEEP_OBJECT}}`,
    rpc("tools/list", undefined, `"${"x".repeat(100_000)}"`),
    ...Array.from({ length: 700 }, () => dice.mutate(dice.pick(seeds), tokens)),
  ];
  await range.holds(bodies.map((body) => post("/mcp", body)), rpcAnswer);
});

Deno.test("protocol headers that make no sense do no harm", async () => {
  await using range = await startRange({ connected: ["github"] });
  const names = [
    "MCP-Protocol-Version",
    "Mcp-Session-Id",
    "Mcp-Method",
    "Mcp-Name",
    "Last-Event-ID",
  ]
    .concat([
      "Accept",
      "Accept-Encoding",
      "Access-Control-Request-Method",
      "If-None-Match",
      "Range",
    ]);
  const values = [...INHERITED, "", "garbage", "2026-07-28", "2026-07-28, 2025-11-25", "9999-99-99"]
    .concat(["\xff\xfe", "=?base64?!!?=", "x".repeat(10_000), "url-elicitation.", "-1", "*/*;q=x"]);
  const headers = names.flatMap((name) => values.map((value): Header => [name, value]));
  const messages = [PING, rpc("tools/list"), rpc("initialize", "{}"), `[${PING}]`];
  const old = messages.flatMap((body) => headers.map((header) => post("/mcp", body, header)));
  const doubled = names.map((name) => post("/mcp", PING, [name, "a"], [name, "b"]));
  const list = modern("tools/list");
  const replaced = headers.filter(([name]) => !/Accept|^(If|Range)/.test(name)).map((header) => ({
    ...list,
    headers: [...list.headers!.filter(([name]) => name !== header[0]), header],
  }));
  await range.holds([...old, ...doubled, ...replaced], rpcAnswer);
});

Deno.test("a malformed envelope of the 2026 era is answered with a JSON-RPC error", async () => {
  await using range = await startRange({ connected: ["github"] });
  const version = `${META}protocolVersion`;
  const capabilities = `${META}clientCapabilities`;
  const nested = ["elicitation", "sampling", "roots", "experimental", "extensions"].flatMap((
    name,
  ) => valuesBut("object").map((value) => `{"${name}":${value}}`));
  const metas: Record<string, string | undefined>[] = [
    ...[undefined, ...valuesBut("string")].map((value) => ({ [version]: value })),
    ...texts("", "2026-07-29", "2025-11-25", ...INHERITED).map((value) => ({ [version]: value })),
    ...valuesBut("object").map((value) => ({ [`${META}clientInfo`]: value })),
    ...[undefined, ...valuesBut("object"), ...nested].map((value) => ({ [capabilities]: value })),
    { [capabilities]: `{"experimental":{"a":${DEEP_ARRAY}}}` },
  ];
  const methods = ["tools/list", "tools/call", "server/discover", "ping", "initialize"];
  const name = '"github_list_repositories"';
  await range.holds([
    ...metas.flatMap((meta) =>
      methods.map((method) => modern(method, method === "tools/call" ? { name } : {}, meta))
    ),
    ...valuesBut("object").map((meta) => modern("tools/list", { _meta: meta })),
    ...[...INHERITED, "resources/list", "tasks/get", "logging/setLevel"].map((m) => modern(m)),
    ...valuesBut("object").map((notifications) =>
      modern("subscriptions/listen", { notifications })
    ),
    modern("subscriptions/listen"),
  ], rpcError);
});

Deno.test("a message that is nested too deep is no fault", async () => {
  await using range = await startRange({ connected: ["github"] });
  const deep = ["elicitation", "sampling", "roots", "experimental", "extensions", "tasks"].flatMap(
    (name) => [`{"${name}":${DEEP_OBJECT}}`, `{"${name}":{"a":${DEEP_ARRAY}}}`],
  );
  const values = [DEEP_OBJECT, ...deep];
  await range.holds([
    ...values.map((value) => modern("tools/list", {}, { [`${META}clientCapabilities`]: value })),
    ...values.map((capabilities) =>
      post(
        "/mcp",
        initialize(object({
          protocolVersion: '"2025-11-25"',
          clientInfo: '{"name":"test","version":"1"}',
          capabilities,
        })),
      )
    ),
  ], rpcAnswer);
  const name = '"github_list_issues"';
  await range.holds(
    [DEEP_OBJECT, object({ repo: DEEP_OBJECT }), object({ repo: DEEP_ARRAY })].flatMap((args) => [
      ...MCP_PATHS.map((path) => post(path, toolCall(name, args))),
      modern("tools/call", { name, arguments: args }),
    ]),
    rpcError,
  );
});
