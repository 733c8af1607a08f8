/**
 * An authorization server that answers as no two providers do: every answer
 * can be bent in its status, encoding, members, their order, and its time. Left
 * alone it rotates refresh tokens, and takes each of them once: whoever loses
 * an answer has lost the connection.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** Which answer is bent: to a code, to a refresh token, to a revocation. */
export type Answer = "exchange" | "refresh" | "revoke";

/** How an answer differs from a good one. */
export interface Bend {
  status?: number | undefined;
  /** The members instead of the usual ones. */
  body?: unknown;
  /** Members beside the usual ones; `undefined` takes one away. */
  members?: Record<string, unknown> | undefined;
  /** The body as it is, in whose place nothing else is written. */
  text?: string | undefined;
  /** @default "json" */
  encoding?: "json" | "form" | undefined;
  /** The `Content-Type`, whatever the encoding; `null` for none. */
  type?: string | null | undefined;
  reversed?: boolean | undefined;
  headers?: Record<string, string> | undefined;
  /** It is not answered before. */
  until?: Promise<void> | undefined;
}

/** The server, as it runs. */
export interface Zoo extends AsyncDisposable {
  url: string;
  /** Its entry of `PROVIDERS`. */
  spec: Record<string, unknown>;
  /** Who signs in next. */
  person: string;
  /** The forms that it was sent, or what was sent as JSON in their place. */
  asked: { answer: Answer; form: Record<string, string> }[];
  /** How often it was asked for this answer. */
  count(answer: Answer): number;
  /** From now on, until told otherwise: for one refresh token, where `of` is named. */
  bend(answer: Answer, bend: Bend | undefined, of?: string): void;
  /** A token set that somebody else was given. */
  issue(): Record<string, unknown>;
  /** The way out of a gateway whose providers all are this server, wherever they really are. */
  fetch: typeof fetch;
}

/** Starts one on loopback. */
export function startZoo(): Zoo {
  const bends = new Map<string, Bend>();
  const asked: Zoo["asked"] = [];
  const good = new Set<string>();
  let issued = 0;

  function issue(): Record<string, unknown> {
    issued += 1;
    good.add(`zoo-refresh-${issued}`);
    return {
      access_token: `zoo-access-${issued}`,
      refresh_token: `zoo-refresh-${issued}`,
      token_type: "Bearer",
      expires_in: 3600,
      scope: "read",
    };
  }

  async function answerTo(request: Request): Promise<Response> {
    const form = await membersOf(request);
    const answer = answerFor(form);
    asked.push({ answer, form });
    const token = form.refresh_token ?? "";
    const bend = bends.get(`${answer} ${token}`) ?? bends.get(answer) ?? {};
    await bend.until;
    if (answer === "revoke") return bent(bend, {});
    const isKnown = answer === "exchange" || good.delete(token);
    if (!isKnown) return bent({ status: 400, body: { error: "invalid_grant" } }, {});
    const fails = (bend.status ?? 200) >= 300;
    // What it refuses for reasons of its own it has not used up.
    if (fails && token !== "") good.add(token);
    return bent(bend, fails ? {} : issue());
  }

  const { port, close } = serve(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/authorize": {
        const back = new URL(searchParams.get("redirect_uri")!);
        back.searchParams.set("code", "zoo-code");
        back.searchParams.set("state", searchParams.get("state")!);
        return Response.redirect(back, 302);
      }
      case "/me":
        return Response.json({ id: zoo.person, email: `${zoo.person}@zoo.example` });
      default:
        return await answerTo(request);
    }
  });
  const url = `http://127.0.0.1:${port}`;
  const zoo: Zoo = {
    url,
    person: "animal",
    asked,
    spec: {
      name: "zoo",
      title: "Zoo",
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      revocation_endpoint: `${url}/revoke`,
      scopes: ["read"],
      userinfo_endpoint: `${url}/me`,
      account_id: "id",
    },
    count: (answer) => asked.filter((one) => one.answer === answer).length,
    bend(answer, bend, of) {
      const key = of === undefined ? answer : `${answer} ${of}`;
      if (bend === undefined) bends.delete(key);
      else bends.set(key, bend);
    },
    issue,
    fetch(input, init) {
      const request = new Request(input, init);
      const { hostname } = new URL(request.url);
      return fetch(
        hostname === "127.0.0.1" ? request : new Request(`${url}/elsewhere`, request),
      );
    },
    [Symbol.asyncDispose]: close,
  };
  return zoo;
}

async function membersOf(request: Request): Promise<Record<string, string>> {
  const isJson = request.headers.get("Content-Type")?.startsWith("application/json");
  return isJson
    ? await request.json()
    : Object.fromEntries(new URLSearchParams(await request.text()));
}

function answerFor({ grant_type }: Record<string, string>): Answer {
  if (grant_type === "refresh_token") return "refresh";
  return grant_type === "authorization_code" ? "exchange" : "revoke";
}

function bent(bend: Bend, usual: Record<string, unknown>): Response {
  const { status = 200, encoding = "json", headers = {}, reversed = false } = bend;
  const members = Object.entries({ ...usual, ...bend.members })
    .filter(([, value]) => value !== undefined);
  const body = bend.body ?? Object.fromEntries(reversed ? members.toReversed() : members);
  const text = bend.text ?? (encoding === "json" ? JSON.stringify(body) : formOf(body as object));
  const usualType = encoding === "json" ? "application/json" : "application/x-www-form-urlencoded";
  const { type = usualType } = bend;
  const empty = [204, 304].includes(status);
  const all = new Headers(headers);
  if (type !== null) all.set("Content-Type", type);
  // As bytes: a text would bring a type of its own.
  return new Response(empty ? null : new TextEncoder().encode(text), { status, headers: all });
}

function formOf(body: object): string {
  return new URLSearchParams(
    Object.entries(body).map(([name, value]) => [name, String(value)]),
  ).toString();
}
