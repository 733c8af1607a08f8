/**
 * An example as one pastes it into a shell.
 *
 * @module
 */

import type { Example } from "./example.ts";

/** The API key comes from the environment: none that works, or looks so, stands on a page. */
export function curlOf({ method, path, headers = {}, body }: Example, publicUrl: string): string {
  const isQuiet = method === "GET" || (method === "POST" && body !== undefined);
  const parts = [
    `curl -s ${isQuiet ? "" : `-X ${method} `}${quoted(publicUrl + path)}`,
    ...Object.entries(headers).map(([name, value]) =>
      // Only in double quotes does a shell put the variable in.
      value.includes("$") ? `-H "${name}: ${value}"` : `-H ${quoted(`${name}: ${value}`)}`
    ),
    ...(body === undefined ? [] : [`-d ${quoted(JSON.stringify(body))}`]),
  ];
  return parts.join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
