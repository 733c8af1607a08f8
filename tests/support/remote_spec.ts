/** A remote upstream as the operator has set it up, for tests that differ in what they do with it. */

import type { RemoteUpstream } from "../../broker/core/upstream.ts";

export const REMOTE: RemoteUpstream = {
  kind: "http",
  name: "notes",
  title: "Notes",
  timeoutMs: 1_000,
  url: "https://notes.example/mcp",
  headers: {},
};
