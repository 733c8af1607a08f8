/**
 * One call of a tool against a vendor that answers as its description allows.
 *
 * @module
 */

import { createApiClient } from "../../mcp/api_client.ts";
import { ApiError, type ApiFault, type Provider, type Tool } from "../../providers/provider.ts";
import { callTool, type Json, NOW, tokenSetOf } from "../support/api.ts";
import { Dice } from "../support/fuzz/dice.ts";
import { testWorld } from "../support/world.ts";
import type { Case } from "./cases/case.ts";
import type { Answer, Description, Operation, Sent } from "./description.ts";
import { judgeRequest } from "./judge.ts";
import { Maker, type Style } from "./made.ts";
import type { Asked, Vendor } from "./vendor.ts";

/** Who is called, and how it is described. */
export interface Stage {
  vendor: Vendor;
  description: Description;
  provider: Provider;
  tool: Tool;
}

/** How the vendor answers. */
export interface Manner {
  style: Style;
  seed: number;
  /** The documented example to give, where there are as many; else one is made. */
  example?: number | undefined;
  /** Which request is refused, or answered with what cannot be read. */
  instead?: { at: number; answer: () => Response } | undefined;
}

/** What came of it. */
export interface Play {
  seed: number;
  asked: Asked[];
  /** What is wrong with the requests. */
  faults: string[];
  text?: string | undefined;
  error?: ApiFault | undefined;
  /** Anything else that was thrown. */
  thrown?: Error | undefined;
  /** Text and data, as they arrive. */
  said?: string | undefined;
  /** Of an error: whether something was asked for that may have been done all the same. */
  mayBeDone?: boolean | undefined;
  /** How many examples the description has of an answer that was asked for. */
  examples: number;
}

/** Nobody asks more often for one thing. */
const MAX_REQUESTS = 120;

/** Calls a tool. */
export async function play(stage: Stage, { args, answers }: Case, manner: Manner): Promise<Play> {
  const { vendor, description, provider, tool } = stage;
  const dice = new Dice(manner.seed);
  const result: Play = { seed: manner.seed, asked: [], faults: [], examples: 0 };

  function answer(sent: Sent): Response {
    const { operation, path, faults } = vendor.judge?.(description, sent) ??
      judgeRequest(description, sent);
    result.faults.push(...faults);
    if (operation === undefined || result.asked.length > MAX_REQUESTS) {
      return Response.json(vendor.refusal(404), { status: 404 });
    }
    const asked: Asked = { sent, operation, path };
    const at = result.asked.push(asked) - 1;
    if (manner.instead?.at === at) return manner.instead.answer();
    const headers = vendor.headers(manner.style, sent);
    if (/raw/.test(sent.headers.get("Accept") ?? "") || vendor.isMedia?.(sent)) {
      return new Response("line 7 of the file.\n".repeat(3), { headers });
    }
    const good = goodAnswer(operation);
    result.examples = Math.max(result.examples, good.examples.length);
    if (good.schema === undefined && good.examples.length === 0) {
      return new Response(null, { status: good.status, headers });
    }
    const example = manner.example === undefined ? undefined : good.examples[manner.example];
    const maker = new Maker(
      description,
      manner.style,
      dice,
      vendor.words,
      vendor.kept,
      vendor.most(sent),
    );
    const made = example === undefined
      ? maker.make(good.schema, "", vendor.depth)
      : structuredClone(example);
    const echoed = vendor.echoes === false ? made : withEcho(made, sent);
    const fitted = vendor.fit(echoed, asked, manner.style);
    const body = answers?.[operation.id]?.(fitted) ?? fitted;
    asked.answered = body;
    asked.headers = headers;
    return Response.json(body, { status: good.status, headers });
  }

  let ownFault: Error | undefined;
  const fetchDouble: typeof fetch = async (input, init) => {
    const request = new Request(input as URL, init);
    const body = request.body === null ? undefined : await request.text();
    const { method, url, headers } = request;
    try {
      return answer({ method, url: new URL(url), headers, body });
    } catch (error) {
      // The client would take it for an API that cannot be reached.
      ownFault ??= error as Error;
      throw error;
    }
  };
  const api = createApiClient({
    world: testWorld(),
    provider,
    tokens: () => Promise.resolve(tokenSetOf("provider-token")),
    fetch: fetchDouble,
    limit: new AbortController(),
  });
  try {
    const { text, data } = await callTool([tool], tool.name, args, api, NOW);
    result.text = text;
    result.said = `${text} ${JSON.stringify(data)}`;
  } catch (error) {
    if (error instanceof ApiError) {
      result.error = error.fault;
      result.mayBeDone = error.fault.mayBeDone ?? api.mayHaveChanged();
    } else result.thrown = error as Error;
  }
  if (ownFault !== undefined) throw ownFault;
  return result;
}

/** What was written is what the thing is now, as far as the answer has such members. */
function withEcho(made: Json, { body, headers }: Sent): Json {
  if (body === undefined || !/json/.test(headers.get("Content-Type") ?? "")) return made;
  return echo(made, JSON.parse(body));
}

function echo(made: Json, sent: Json): Json {
  if (!isObject(made) || !isObject(sent)) return made;
  const merged = { ...made };
  for (const [name, value] of Object.entries(sent)) {
    const old = merged[name];
    if (isObject(old)) merged[name] = echo(old, value);
    else if (Array.isArray(old) ? Array.isArray(value) : typeof old === typeof value) {
      merged[name] = value;
    }
  }
  return merged;
}

function isObject(value: Json): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The first one that is no refusal, with a body before those without. */
function goodAnswer({ answers, id }: Operation): Answer {
  const good = answers.filter(({ status }) => status >= 200 && status < 300);
  const [answer] = [...good.filter(({ schema }) => schema !== undefined), ...good];
  if (answer === undefined) throw new Error(`${id} describes no answer`);
  return answer;
}
