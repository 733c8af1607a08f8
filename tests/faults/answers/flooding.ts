/**
 * A local MCP server that answers a call with one line of 150 MB. Run by
 * measured.ts.
 *
 * @module
 */

const say = async (text: string) => {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
};

let line = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  line += text;
  for (let end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
    const { id, method, params } = JSON.parse(line.slice(0, end));
    line = line.slice(end + 1);
    const result = method === "initialize"
      ? {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "flooding", version: "1" },
      }
      : { tools: [{ name: "read", inputSchema: { type: "object" } }] };
    if (method !== "tools/call") {
      if (id !== undefined) await say(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
      continue;
    }
    await say(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
    for (let megabytes = 0; megabytes < 150; megabytes++) await say("a".repeat(1024 * 1024));
    await say('"}]}}\n');
  }
}
