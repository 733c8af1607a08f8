/**
 * `MCP_CLIENTS`: clients that the operator has set.
 *
 * @module
 */

import { z } from "zod";
import { isSecure, parseUrl } from "../core/addresses.ts";
import { issueWords } from "../core/issue_words.ts";
import { once } from "../core/lazily.ts";
import { fault, ofJson } from "./readers.ts";

/** An MCP client as `MCP_CLIENTS` has it. */
export interface OperatorClient {
  id: string;
  name: string;
  redirectUris: string[];
  secretSha256?: string | undefined;
}

/** Whatever else it may be, no code travels in clear; `gateway/clients/redirects.ts` has the whole rule. */
function isRedirect(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && (url.protocol !== "http:" || isSecure(url));
}

const McpClient = once(() =>
  z.strictObject({
    client_id: z.string().min(1).max(200),
    client_name: z.string().min(1).max(200),
    redirect_uris: z.array(
      z.url().refine(isRedirect, "must be https, http on this machine, or an app's own"),
    ).min(1),
    client_secret_sha256: z.string().regex(/^[0-9a-f]{64}$/).optional(),
  })
);

/** `[{"client_id":"desk","client_name":"Desk","redirect_uris":["https://…"]}]` */
export const operatorClients = ofJson((json, context): OperatorClient[] => {
  const result = z.array(McpClient()).safeParse(json);
  if (!result.success) {
    const known = Object.keys(McpClient().shape);
    return fault(context, result.error.issues.map((issue) => issueWords(issue, known)).join("; "));
  }
  return result.data.map((client) => ({
    id: client.client_id,
    name: client.client_name,
    redirectUris: client.redirect_uris,
    secretSha256: client.client_secret_sha256,
  }));
});
