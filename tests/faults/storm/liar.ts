/**
 * Stands between callers and gateways, and does what no gateway may: so that a
 * storm's judgement is seen to fall.
 *
 * @module
 */

import { randomSecret } from "../../../broker/core/secrets.ts";

/** What a gateway could do wrong. */
export const lies = [
  "another's token",
  "a dead token",
  "another's secret in a list",
  "a write that is not done",
  "a write that is done twice",
  "a 500",
  "a connection that breaks",
  "a tool that is not listed",
] as const;
export type Lie = typeof lies[number];

type Send = typeof fetch;

/** Tells one lie, as soon as there is an occasion, and then the truth. */
export class Liar {
  /** What is to be done next; `undefined`: nothing. */
  lie: Lie | undefined;
  /** The tokens that were given, by the user. */
  readonly #given = new Map<string, { text: string; token: string }>();

  readonly send: Send = async (input, init) => {
    const [url, body] = [String(input), typeof init?.body === "string" ? init.body : ""];
    const { lie } = this;
    const go = () => fetch(input, init);
    if (url.includes("/token/google")) return await this.#token(body, await go());
    const isWrite = body.includes('"calendar_create_event"');
    const told = () => this.lie = undefined;
    if (lie === "a 500") {
      told();
      return Response.json({ error: "server_error" }, { status: 500 });
    }
    if (lie === "a connection that breaks") {
      told();
      throw new TypeError("connection reset");
    }
    if (lie === "a write that is not done" && isWrite) {
      told();
      const { id, params } = JSON.parse(body);
      const result = { content: [{ type: "text", text: `Added ${params.arguments.title}` }] };
      return Response.json({ jsonrpc: "2.0", id, result });
    }
    if (lie === "a write that is done twice" && isWrite) {
      told();
      const headers = { ...init?.headers as Record<string, string>, "Idempotency-Key": "another" };
      await (await fetch(input, { ...init, headers, body: body.replace(/"id":"/, '"id":"z') }))
        .text();
      return await go();
    }
    if (lie === "another's secret in a list" && url.includes("/connections?")) {
      const others = [...this.#given].find(([user]) => !url.endsWith(`=${user}`));
      if (others === undefined) return await go();
      told();
      const { connections } = await (await go()).json();
      return Response.json({ connections, debug: `Bearer ${others[1].token}` });
    }
    if (lie === "a tool that is not listed" && body.includes('"tools/list"')) {
      told();
      const text = await (await go()).text();
      return new Response(text.replaceAll("calendar_list_events", "calendar_nothing"), {
        headers: { "Content-Type": "application/json" },
      });
    }
    return await go();
  };

  async #token(body: string, answer: Response): Promise<Response> {
    const { user_id: user } = JSON.parse(body);
    const text = await answer.text();
    const { access_token: token } = JSON.parse(text);
    const others = [...this.#given].find(([other]) => other !== user);
    this.#given.set(user, { text, token });
    let said = text;
    if (this.lie === "another's token" && others !== undefined) said = others[1].text;
    if (this.lie === "a dead token") said = text.replace(token, randomSecret());
    if (said !== text) this.lie = undefined;
    return new Response(said, { status: answer.status, headers: answer.headers });
  }
}
