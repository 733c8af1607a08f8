/**
 * Where tokens stand in what is pasted: in as few places as can be, so that
 * one that was made just now is copied once.
 *
 * @module
 */

import { TOKEN_VARIABLE, word } from "./formats.ts";
import type { Place, Snippet } from "./set_up.ts";

/** The token as a variable of the shell, which programs and the other commands read. */
export function tokenInShell({ token }: Place): Snippet {
  return {
    title: "variable",
    language: "sh",
    text: `export ${TOKEN_VARIABLE}=${word(token)}`,
  };
}

/** What a backend asks, with its API key, for one of its own users. */
export function sessionToken({ publicUrl, service }: Place): Snippet {
  const body = JSON.stringify({ user_id: "user_123", services: [service], voice: true });
  return {
    title: "session",
    language: "sh",
    text: `curl -s ${word(`${publicUrl}/sessions`)} \\
  -H "Authorization: Bearer $SWITCHBOARD_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d ${word(body)}`,
  };
}
