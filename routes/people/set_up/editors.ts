/**
 * Editors: a file of theirs has a list of servers, and a link may add to it.
 *
 * @module
 */

import { base64, json, TOKEN_VARIABLE, word } from "./formats.ts";
import { NAME, type Place, type SetUp } from "./set_up.ts";
import { tokenInShell } from "./token.ts";

/** Cursor, VS Code and Windsurf. */
export function editors(place: Place): SetUp[] {
  return [cursor(place), vsCode(place), windsurf(place)];
}

// The file: https://cursor.com/docs/mcp (`${env:NAME}` is filled in); the link:
// https://cursor.com/docs/mcp/install-links, whose `config` is what stands under the name, as in
// the links of Cursor's own directory. Seen in November 2026.
function cursor(place: Place): SetUp {
  const server = { url: place.mcpUrl };
  const headers = { Authorization: `Bearer \${env:${TOKEN_VARIABLE}}` };
  const file = "~/.cursor/mcp.json";
  const config = encodeURIComponent(base64(JSON.stringify(server)));
  return {
    id: "cursor",
    name: "Cursor",
    signIn: "oauth",
    installUrl: `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${config}`,
    steps: ["cursorInstall", "cursorFile", "cursorSignIn"],
    snippets: [{ title: "config", file, language: "json", text: inList("mcpServers", server) }],
    withToken: [
      tokenInShell(place),
      {
        title: "config",
        file,
        language: "json",
        text: inList("mcpServers", { ...server, headers }),
      },
    ],
  };
}

// The file and `inputs`: https://code.visualstudio.com/docs/copilot/reference/mcp-configuration;
// the link and `--add-mcp`: https://code.visualstudio.com/api/extension-guides/ai/mcp. Both hold to
// `mcpServerSchema` and `McpUrlHandler` of microsoft/vscode. Seen in November 2026.
function vsCode({ mcpUrl }: Place): SetUp {
  const server = { type: "http", url: mcpUrl };
  const named = JSON.stringify({ name: NAME, ...server });
  const file = ".vscode/mcp.json";
  const id = "switchboard-token";
  return {
    id: "vscode",
    name: "VS Code",
    signIn: "oauth",
    installUrl: `vscode:mcp/install?${encodeURIComponent(named)}`,
    steps: ["vscodeInstall", "vscodeFile", "vscodeSignIn"],
    snippets: [
      { title: "config", file, language: "json", text: inList("servers", server) },
      { title: "command", language: "sh", text: `code --add-mcp ${word(named)}` },
    ],
    withToken: [{
      title: "config",
      file,
      language: "json",
      text: json({
        inputs: [{
          type: "promptString",
          id,
          description: "Switchboard: personal token",
          password: true,
        }],
        servers: { [NAME]: { ...server, headers: { Authorization: `Bearer \${input:${id}}` } } },
      }),
    }],
  };
}

// https://docs.windsurf.com/windsurf/cascade/mcp ("serverUrl", `${env:NAME}` in headers), seen in
// November 2026.
function windsurf(place: Place): SetUp {
  const server = { serverUrl: place.mcpUrl };
  const headers = { Authorization: `Bearer \${env:${TOKEN_VARIABLE}}` };
  const file = "~/.codeium/windsurf/mcp_config.json";
  return {
    id: "windsurf",
    name: "Windsurf",
    signIn: "oauth",
    steps: ["windsurfFile", "windsurfRefresh"],
    snippets: [{ title: "config", file, language: "json", text: inList("mcpServers", server) }],
    withToken: [
      tokenInShell(place),
      {
        title: "config",
        file,
        language: "json",
        text: inList("mcpServers", { ...server, headers }),
      },
    ],
  };
}

function inList(list: string, server: unknown): string {
  return json({ [list]: { [NAME]: server } });
}
