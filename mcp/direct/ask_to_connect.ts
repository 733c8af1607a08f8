/**
 * `UrlElicitationRequiredError` (MCP 2025-11-25): the page that a person has to
 * open, for clients that open pages.
 *
 * @module
 */

const URL_ELICITATION_REQUIRED = -32042;

/** The error, as JSON-RPC writes it. */
export function askToConnect(
  { url, message }: { url: string; message: string },
  id: string | number,
) {
  const elicitation = { mode: "url" as const, message, elicitationId: `connect-${id}`, url };
  return {
    code: URL_ELICITATION_REQUIRED,
    message: "URL elicitation required",
    data: { elicitations: [elicitation] },
  };
}
