/**
 * A deployment on Deno Deploy that cannot start yet. It answers every request
 * with 503 and says what is missing: the platform starts a program before any
 * variable can be set, and takes one that exits for broken, so that its first
 * deployment would fail. Once the settings are right the platform starts it anew.
 *
 * **Anybody reads this.** It names what every deployment needs and this one
 * lacks, and the next command. What else is wrong, which providers are meant,
 * and what is set, is the log's to say.
 *
 * @module
 */

import { ConfigError, type Env } from "../broker/config/config.ts";
import { EXAMPLES, givenOf } from "../broker/config/env.ts";
import { saysPublicUrl, timelineWords, withPublicUrl } from "../broker/config/timeline.ts";
import { DEFAULT_PORT } from "../broker/config/values.ts";
import { NotOpenedError, StoreError } from "../broker/core/store_errors.ts";
import { jsonHeaders } from "../routes/http/json_headers.ts";

/** Whoever asks again before that hears the same. */
export const UNREADY_RETRY_S = 30;
/** As {@linkcode UNREADY_RETRY_S}, where nothing is wrong but that the database did not answer. */
export const SILENT_RETRY_S = 3;

/** What a deployment lacks, as far as anybody may know it. */
export interface Lacking {
  /** Variables that every deployment needs. */
  missing: { name: string; example: string }[];
  /** Whether something else is wrong, which the log names. */
  hasOthers: boolean;
  /** No fault of the settings: no database can be opened, or the one that is there did not answer. */
  database: "absent" | "silent" | undefined;
  /** What is special about this timeline. */
  timeline: string | undefined;
}

/** What is lacking where a start has failed by `error`. */
export function lackingOf(env: Env, error: unknown): Lacking {
  const given = withPublicUrl(givenOf(env));
  const missing = (["ENCRYPTION_KEYS", "PUBLIC_URL"] as const)
    .filter((name) => given[name] === undefined)
    .filter((name) => name !== "ENCRYPTION_KEYS" || given.ENCRYPTION_KEYS_FILE === undefined)
    .map((name) => ({ name, example: EXAMPLES[name] }));
  const timeline = timelineWords(given);
  if (error instanceof NotOpenedError) {
    return { missing, timeline, hasOthers: true, database: "absent" };
  }
  if (error instanceof StoreError) {
    return { missing, timeline, hasOthers: false, database: "silent" };
  }
  if (!(error instanceof ConfigError)) {
    return { missing, timeline, hasOthers: true, database: undefined };
  }
  const told = missing.map(({ name }) => `${name}: `).concat("DENO_TIMELINE: ");
  const hasOthers = error.faults.some((fault) => !told.some((name) => fault.startsWith(name)));
  return { missing, timeline, hasOthers, database: undefined };
}

/** The next commands, to be pasted where the project is. */
export function nextCommands({ missing, database }: Lacking): string[] {
  const keys = missing.some(({ name }) => name === "ENCRYPTION_KEYS");
  return [
    ...(database === "absent"
      ? [
        "deno deploy database provision switchboard-kv --kind denokv",
        "deno deploy database assign switchboard-kv",
      ]
      : []),
    ...(keys ? ["deno task key --env >> .env.production"] : []),
    ...(missing.length > 0 ? ["deno deploy env load .env.production"] : []),
    "deno deploy logs",
  ];
}

/** Answers requests with what is lacking. */
export function unready(
  lacking: Lacking,
  version: string,
): (request: Request) => Promise<Response> {
  const status = isSilent(lacking) ? "database_unavailable" : "not_configured";
  const headers = {
    ...jsonHeaders(true),
    "Retry-After": String(retryAfter(lacking)),
    "Vary": "Accept, Accept-Language",
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/health") {
      return Response.json({ status, version }, { status: 503, headers });
    }
    if (!/\btext\/html\b/.test(request.headers.get("Accept") ?? "")) {
      return Response.json(wireOf(lacking), { status: 503, headers });
    }
    const { unreadyPage } = await import("../routes/http/page/unready_page.tsx");
    const page = unreadyPage(
      { ...lacking, commands: nextCommands(lacking) },
      request.headers.get("Accept-Language"),
    );
    return new Response(page, {
      status: 503,
      headers: { ...headers, "Content-Type": "text/html; charset=UTF-8" },
    });
  };
}

/** Whether all is set up, as far as anybody can know before the database says more. */
function isSilent({ database }: Lacking): boolean {
  return database === "silent";
}

function retryAfter(lacking: Lacking): number {
  return isSilent(lacking) ? SILENT_RETRY_S : UNREADY_RETRY_S;
}

/** For programs. */
function wireOf(lacking: Lacking) {
  if (isSilent(lacking)) {
    return {
      error: "store_unavailable",
      error_description: "The database did not answer when this deployment started. Try again.",
      retry_after: SILENT_RETRY_S,
    };
  }
  const { missing, hasOthers, database, timeline } = lacking;
  const said = [
    "This deployment is not configured yet.",
    ...(missing.length > 0 ? [`Not set: ${missing.map(({ name }) => name).join(", ")}.`] : []),
    ...(timeline === undefined ? [] : [`${timeline}.`]),
    ...(database === "absent" ? ["Is a KV database assigned to it?"] : []),
    ...(hasOthers ? ["Its log says what is wrong."] : []),
  ];
  return {
    error: "not_configured",
    error_description: said.join(" "),
    missing,
    next: nextCommands(lacking),
    retry_after: UNREADY_RETRY_S,
  };
}

/**
 * Listens, with nothing but that to say. Where a database was lacking, or did not answer, and no
 * setting is missing, it may be there by the next request: then the program ends behind an answer,
 * and the platform starts it.
 */
export function serveUnready(env: Env, error: unknown, version: string): void {
  const lacking = lackingOf(env, error);
  const answer = unready(lacking, version);
  const endsAt = performance.now() + retryAfter(lacking) * 1000;
  const port = Number(/^\d{1,5}$/.test(env.PORT ?? "") ? env.PORT : DEFAULT_PORT);
  const end = () => Deno.exit(0);
  Deno.addSignalListener("SIGINT", end);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", end);
  const onListen = () => {
    const event = isSilent(lacking) ? "database_unavailable" : "not_configured";
    const line = { time: new Date(), level: "warn", event, port };
    console.warn(JSON.stringify(line));
  };
  Deno.serve({ port, onListen }, (request, info) => {
    const isOver = lacking.database !== undefined && performance.now() > endsAt;
    if (isOver) info.completed.then(() => Deno.exit(1), () => Deno.exit(1));
    return answer(request);
  });
}

/** For the log: that the platform has said `PUBLIC_URL`, and what this timeline is. */
export function timelineOf(env: Env): { event: string; detail: string } | undefined {
  const words = timelineWords(env);
  if (words !== undefined) return { event: "timeline", detail: `${words}.` };
  if (env.PUBLIC_URL || !saysPublicUrl(env)) return undefined;
  const detail = "PUBLIC_URL is the platform's. To set another one later changes the issuer: " +
    "people and MCP clients sign in again, and redirect URIs have to be registered anew.";
  return { event: "public_url_by_platform", detail };
}
