/**
 * Assistants in a terminal: a command adds the gateway, or a line in a file.
 * The commands were run with the versions named, and wrote what stands here.
 *
 * @module
 */

import { json, TOKEN_VARIABLE, toml, word } from "./formats.ts";
import { NAME, type Place, type SetUp } from "./set_up.ts";
import { tokenInShell } from "./token.ts";

/** Claude Code, Codex and Gemini CLI. */
export function terminals(place: Place): SetUp[] {
  return [claudeCode(place), codex(place), geminiCli(place)];
}

const HEADER = `"Authorization: Bearer $${TOKEN_VARIABLE}"`;

// https://code.claude.com/docs/en/mcp; run with 2.1.197. `--header` takes all words that follow it,
// so it stands last.
function claudeCode(place: Place): SetUp {
  const add = `claude mcp add --transport http --scope user ${NAME} ${word(place.mcpUrl)}`;
  const server = { type: "http", url: place.mcpUrl };
  return {
    id: "claude_code",
    name: "Claude Code",
    signIn: "oauth",
    steps: ["claudeCodeAdd", "claudeCodeSignIn"],
    snippets: [
      { title: "command", language: "sh", text: add },
      {
        title: "project",
        file: ".mcp.json",
        language: "json",
        text: json({ mcpServers: { [NAME]: server } }),
      },
    ],
    withToken: [
      tokenInShell(place),
      { title: "command", language: "sh", text: `${add} \\\n  --header ${HEADER}` },
    ],
  };
}

// https://developers.openai.com/codex/mcp; run with 0.171.0, which begins to sign in by itself
// and takes no token in the file.
function codex(place: Place): SetUp {
  const add = `codex mcp add ${NAME} --url ${word(place.mcpUrl)}`;
  const table = `[mcp_servers.${NAME}]\nurl = ${toml(place.mcpUrl)}`;
  const file = "~/.codex/config.toml";
  return {
    id: "codex",
    name: "Codex",
    signIn: "oauth",
    steps: ["codexAdd", "codexSignIn"],
    snippets: [
      { title: "command", language: "sh", text: add },
      { title: "config", file, language: "toml", text: table },
    ],
    withToken: [
      tokenInShell(place),
      {
        title: "command",
        language: "sh",
        text: `${add} --bearer-token-env-var ${TOKEN_VARIABLE}`,
      },
      {
        title: "config",
        file,
        language: "toml",
        text: `${table}\nbearer_token_env_var = ${toml(TOKEN_VARIABLE)}`,
      },
    ],
  };
}

// https://geminicli.com/docs/tools/mcp-server; run with 0.61.0, which writes `url` and `type` and
// calls the `httpUrl` of that page deprecated. `$NAME` is filled in.
function geminiCli(place: Place): SetUp {
  const server = { url: place.mcpUrl, type: "http" };
  const headers = { Authorization: `Bearer $${TOKEN_VARIABLE}` };
  const file = "~/.gemini/settings.json";
  const add = `gemini mcp add --scope user --transport http ${NAME} ${word(place.mcpUrl)}`;
  return {
    id: "gemini_cli",
    name: "Gemini CLI",
    signIn: "oauth",
    steps: ["geminiAdd", "geminiSignIn"],
    snippets: [
      { title: "command", language: "sh", text: add },
      {
        title: "config",
        file,
        language: "json",
        text: json({ mcpServers: { [NAME]: server } }),
      },
    ],
    withToken: [
      tokenInShell(place),
      {
        title: "config",
        file,
        language: "json",
        text: json({ mcpServers: { [NAME]: { ...server, headers } } }),
      },
    ],
  };
}
