import { assertEquals } from "@std/assert";
import { startGateway } from "../support/gateway.ts";

/** As long as a request's head and a form may be. */
const PATH = "/".repeat(50_000);
const PARAMETER = "/".repeat(15_000);
const TIMES = 25;

/** Each of these requests took a core for seconds once: 25 of them would not end with this suite. */
Deno.test("slow input: slashes without end cost anonymous callers' own time alone", async () => {
  const client = {
    client_id: "desk",
    client_name: "Desk",
    redirect_uris: ["https://desk.example/cb"],
  };
  await using gateway = await startGateway({ env: { MCP_CLIENTS: JSON.stringify([client]) } });
  const metadata = "/.well-known/oauth-protected-resource";
  for (let time = 0; time < TIMES; time++) {
    const lost = await gateway.api(`${metadata}${PATH}x`, { key: null });
    assertEquals([lost.status, lost.json.error], [404, "not_found"]);
    const query = new URLSearchParams({
      client_id: "desk",
      response_type: "code",
      code_challenge: "A".repeat(43),
      code_challenge_method: "S256",
      resource: `${gateway.url}/mcp${PARAMETER}x`,
    });
    const asked = await gateway.api(`/oauth/authorize?${query}`, { key: null });
    assertEquals(
      new URL(asked.headers.get("Location")!).searchParams.get("error"),
      "invalid_target",
    );
    const response = await fetch(`${gateway.url}/oauth/token`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: `client_id=desk&resource=${PARAMETER}x`,
    });
    assertEquals((await response.json()).error, "unsupported_grant_type");
  }
});
