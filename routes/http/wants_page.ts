/**
 * Who asks: a person's browser, which shows a page, or a program, which can do
 * nothing with one.
 *
 * @module
 */

/** Whether an error is told as a page: to who takes HTML, and sends no JSON. */
export function wantsPage({ headers }: Request): boolean {
  const accept = headers.get("Accept") ?? "";
  return /(^|[,\s])text\/html\b/i.test(accept) && !isJson(headers);
}

/** Whether it takes neither HTML nor whatever there is: an MCP client, not a person or a probe. */
export function isProgram(request: Request): boolean {
  const { headers } = request;
  const accept = headers.get("Accept") ?? "*/*";
  return isJson(headers) || (!wantsPage(request) && !accept.includes("*/*"));
}

function isJson(headers: Headers): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(headers.get("Content-Type") ?? "");
}
