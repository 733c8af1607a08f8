/**
 * The web page of an app, on another site than the gateway: who opens links in
 * pop-ups, and to whom people and MCP clients come back.
 *
 * @module
 */

import { serve } from "../support/serve.ts";

/** It is served until it is disposed of. */
export interface AppPage extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`; the gateway is at `localhost`, which browsers take for another site. */
  origin: string;
  /** Every address of it that was asked for, the last one last. */
  visited: URL[];
  /** What it shows, at every address. */
  html: string;
  status: number;
  headers: Record<string, string>;
}

/** Starts one. Its pages may do everything; what the gateway lets them do is what tests are about. */
export function appPage(html = "<h1>The app</h1>"): AppPage {
  const visited: URL[] = [];
  const server = serve((request) => {
    visited.push(new URL(request.url));
    const lang = '<!doctype html><html lang="en"><title>The app</title>';
    const { html, status, headers } = page;
    return new Response(`${lang}<main>${html}</main>`, { status, headers });
  });
  const page: AppPage = {
    origin: `http://127.0.0.1:${server.port}`,
    visited,
    html,
    status: 200,
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
    [Symbol.asyncDispose]: server.close,
  };
  return page;
}
