/**
 * A provider's API of which each answer is written down: for what no emulator
 * answers.
 *
 * @module
 */

import type { ApiClient, ProviderModule } from "../../providers/provider.ts";
import { answeredBy, type Json } from "./api.ts";

/** JSON, or a response as a whole; or a function of the request that gives one of them. */
export type Route = Json | Response | ((request: Request) => Json | Response | Promise<Json>);

/** What was asked, with its query, and what was sent in it. */
export interface Asked {
  line: string;
  body: Json;
  headers: Headers;
}

/** A client whose requests are answered by `"GET /user/repos"`, and what it was asked. */
export function routed(
  module: ProviderModule,
  routes: Record<string, Route>,
): { api: ApiClient; asked: Asked[]; lines(): string[] } {
  const asked: Asked[] = [];
  const api = answeredBy(module, async (request) => {
    const { pathname, search } = new URL(request.url);
    const line = `${request.method} ${pathname}`;
    const text = await request.clone().text();
    const body = text === "" ? undefined : JSON.parse(text);
    asked.push({ line: line + search, body, headers: request.headers });
    const route = routes[line];
    if (route === undefined) return Response.json({ message: "Not Found" }, { status: 404 });
    const answer = typeof route === "function" ? await route(request) : route;
    return answer instanceof Response ? answer.clone() : Response.json(answer);
  });
  return { api, asked, lines: () => asked.map(({ line }) => line) };
}

/** A refusal in GitHub's manner. */
export function refuse(
  status: number,
  body: Json = {},
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, { status, headers });
}
