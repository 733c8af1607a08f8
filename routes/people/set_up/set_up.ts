/**
 * What a set-up of a client consists of.
 *
 * @module
 */

import type { SnippetTitle, Step } from "../../http/page/words/set_up.ts";

/** The clients, in the order in which they are shown. */
export const CLIENTS = [
  "claude",
  "claude_code",
  "chatgpt",
  "cursor",
  "vscode",
  "codex",
  "gemini_cli",
  "windsurf",
  "openai_realtime",
  "elevenlabs",
  "vapi",
  "livekit",
  "n8n",
  "curl",
] as const;

/** One of them. */
export type ClientId = typeof CLIENTS[number];

/** One client's. */
export interface SetUp {
  id: ClientId;
  /** As its maker writes it, in every language. */
  name: string;
  /** Whether it signs people in by itself, or sends a token that they give it. */
  signIn: "oauth" | "token";
  /** Opens the client's own dialog, filled in where it can be. */
  installUrl?: string | undefined;
  /** In this order. */
  steps: Step[];
  snippets: Snippet[];
  /** For where nobody can sign in, of a client that signs people in. */
  withToken?: Snippet[] | undefined;
  /** For apps with users of their own: a backend gets each of them a session token. */
  forUsers?: Snippet[] | undefined;
}

/** What is pasted. */
export interface Snippet {
  /** What it is. */
  title: SnippetTitle;
  /** Where it belongs: a path as the client's documentation has it. */
  file?: string | undefined;
  language: "text" | "json" | "toml" | "sh" | "python";
  text: string;
}

/** What a set-up is made of. */
export interface Place {
  /** `https://switchboard.example.com/mcp` */
  mcpUrl: string;
  publicUrl: string;
  /** A personal token that was made just now, or {@linkcode NO_TOKEN}. */
  token: string;
  /** What a session token of the example may use. */
  service: string;
}

/** Where a token would stand. */
export const NO_TOKEN = "sb_pat_…";

/** What the gateway is called in the client's list. */
export const NAME = "switchboard";
