/**
 * Voice platforms: they cannot sign anybody in, and send the header that they
 * are given.
 *
 * @module
 */

import { hereJson, json, python, TOKEN_VARIABLE } from "./formats.ts";
import { NAME, type Place, type SetUp } from "./set_up.ts";
import { sessionToken, tokenInShell } from "./token.ts";

/** OpenAI Realtime, ElevenLabs, Vapi and LiveKit. */
export function voicePlatforms(place: Place): SetUp[] {
  return [openAi(place), elevenLabs(place), vapi(place), liveKit(place)];
}

const BEARER = `Bearer $${TOKEN_VARIABLE}`;

// https://developers.openai.com/api/docs/guides/realtime-mcp, and `RealtimeToolsConfigUnion.Mcp` of
// the package openai 6.49.0: `authorization` is the token alone. Seen in November 2026.
function openAi(place: Place): SetUp {
  const tool = {
    type: "mcp",
    server_label: NAME,
    server_url: place.mcpUrl,
    authorization: place.token,
    require_approval: "never",
  };
  return {
    id: "openai_realtime",
    name: "OpenAI Realtime",
    signIn: "token",
    steps: ["openaiEvent", "openaiResponses", "reachable"],
    snippets: [{
      title: "event",
      language: "json",
      text: json({ type: "session.update", session: { type: "realtime", tools: [tool] } }),
    }],
    forUsers: [sessionToken(place)],
  };
}

// https://elevenlabs.io/docs/api-reference/mcp/create, and `McpServerConfigInput` of the package
// @elevenlabs/elevenlabs-js 2.73.0. Its default asks before each call of a tool. Seen in November
// 2026.
function elevenLabs(place: Place): SetUp {
  const config = {
    name: "Switchboard",
    url: place.mcpUrl,
    transport: "STREAMABLE_HTTP",
    request_headers: { Authorization: BEARER },
  };
  return {
    id: "elevenlabs",
    name: "ElevenLabs",
    signIn: "token",
    steps: ["elevenlabsAdd", "elevenlabsHeader", "elevenlabsAgent", "reachable"],
    snippets: [
      { title: "address", language: "text", text: place.mcpUrl },
      { title: "header", language: "text", text: `Bearer ${place.token}` },
      tokenInShell(place),
      {
        title: "request",
        language: "sh",
        text: `curl -s https://api.elevenlabs.io/v1/convai/mcp-servers \\
  -H "xi-api-key: $ELEVENLABS_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d @- ${hereJson({ config })}`,
      },
    ],
    forUsers: [sessionToken(place)],
  };
}

// https://docs.vapi.ai/tools/mcp/configure, and `CreateMcpToolDto` and `Server` of the package
// @vapi-ai/server-sdk 2.0.1; Streamable HTTP is the default. Seen in November 2026.
function vapi(place: Place): SetUp {
  const tool = {
    type: "mcp",
    function: { name: NAME },
    server: { url: place.mcpUrl, headers: { Authorization: BEARER } },
  };
  return {
    id: "vapi",
    name: "Vapi",
    signIn: "token",
    steps: ["vapiCreate", "vapiAssistant", "reachable"],
    snippets: [tokenInShell(place), {
      title: "request",
      language: "sh",
      text: `curl -s https://api.vapi.ai/tool \\
  -H "Authorization: Bearer $VAPI_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d @- ${hereJson(tool)}`,
    }],
    forUsers: [sessionToken(place)],
  };
}

// https://docs.livekit.io/agents/logic/tools/mcp, and `MCPServerHTTP` of livekit/agents, which gives
// a call 5 seconds where nothing else is said. Seen in November 2026.
function liveKit(place: Place): SetUp {
  return {
    id: "livekit",
    name: "LiveKit Agents",
    signIn: "token",
    steps: ["livekitInstall", "livekitAgent"],
    snippets: [
      { title: "command", language: "sh", text: 'uv add "livekit-agents[mcp]~=1.5"' },
      tokenInShell(place),
      {
        title: "code",
        language: "python",
        text: `import os

from livekit.agents import Agent, mcp

agent = Agent(
    instructions="You are a helpful assistant.",
    tools=[
        mcp.MCPToolset(
            id=${python(NAME)},
            mcp_server=mcp.MCPServerHTTP(
                ${python(place.mcpUrl)},
                headers={"Authorization": f"Bearer {os.environ['${TOKEN_VARIABLE}']}"},
                client_session_timeout_seconds=20,
            ),
        )
    ],
)`,
      },
    ],
    forUsers: [sessionToken(place)],
  };
}
