/**
 * `/llms.txt`: what a model reads first that is to write a backend or to set up
 * a client (llmstxt.org: a heading, a summary, lists of links).
 *
 * @module
 */

/** The text, for a deployment at an address. */
export function llmsText(publicUrl: string): string {
  return `# Switchboard

> Switchboard is an OAuth broker and MCP gateway. It keeps the provider tokens of an app's users (GitHub, Google and others), refreshes them, and calls tools for the users through one MCP endpoint.

A backend connects its users and calls for them with its API key, which the operator of this server gives it, in \`Authorization: Bearer …\`:

1. \`POST ${publicUrl}/links\` with \`{"user_id": "user_123", "service": "github"}\` gives \`{"url", "expires_at"}\`. The user opens \`url\` in their own browser and signs in at the provider.
2. \`POST ${publicUrl}/mcp\` with the API key and \`X-User-Id: user_123\` calls tools for the user (MCP, Streamable HTTP, JSON answers; no \`initialize\` is needed). \`POST ${publicUrl}/token/github\` with \`{"user_id": "user_123"}\` gives the provider token instead.
3. An error is \`{"error", "error_description", "connect_url"?, "retry_after"?}\`. With \`connect_url\` the user has to open that; with \`retry_after\`, wait so many seconds.

Never put the API key into a page or an app on a user's device. Ask for provider tokens when you need them, and do not keep them.

An MCP client that a person uses (Claude, ChatGPT, Cursor, VS Code) needs the address \`${publicUrl}/mcp\` alone: it signs the person in by OAuth 2.1.

## Docs

- [REST API](${publicUrl}/docs): every route with its parameters, examples and errors
- [OpenAPI document](${publicUrl}/openapi.json): the same for programs, OpenAPI 3.1

## MCP

- [MCP endpoint](${publicUrl}/mcp): \`POST\` alone; \`/mcp/{service}\` is one service
- [Protected resource metadata](${publicUrl}/.well-known/oauth-protected-resource/mcp): RFC 9728
- [Authorization server metadata](${publicUrl}/.well-known/oauth-authorization-server): RFC 8414

## Optional

- [Health](${publicUrl}/health): whether the server works
- [Pop-up script](${publicUrl}/connect.js): opens a connect link in a pop-up of a web page
`;
}
