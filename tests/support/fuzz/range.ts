/**
 * A gateway that is shot at: what bad input must leave alone, and what no answer
 * may tell.
 *
 * @module
 */

import { snapshot } from "../snapshot.ts";
import { assert, assertEquals } from "@std/assert";
import { newKeyLine } from "../../../tasks/key.ts";
import { API_KEY, type Gateway, OTHER_API_KEY, startGateway } from "../gateway.ts";
import { withoutOwn } from "../own_page.ts";
import { type Reply, send, type Shot } from "./shots.ts";
import { faultOf, type Verdict } from "./verdicts.ts";

/** A gateway that is being shot at. */
export interface Range extends AsyncDisposable {
  gateway: Gateway;
  port: number;
  /** Must appear in no answer and no log. */
  secrets: string[];
  /** Shoots, judges every reply, and asserts that nothing was written, asked, logged or told. */
  holds(shots: Shot[], verdict: Verdict): Promise<void>;
  /** The same for requests that {@linkcode Shot} cannot say. */
  holdsAgainst<T>(
    attacks: T[],
    attack: (item: T) => Promise<Reply>,
    verdict: Verdict,
  ): Promise<void>;
}

const CONCURRENCY = 16;

/** Starts one; `connected` are the services that the usual user has. */
export async function startRange(
  { env = {}, connected = [] }: { env?: Record<string, string>; connected?: string[] } = {},
): Promise<Range> {
  const keyLine = newKeyLine("k1");
  let asked = 0;
  const gateway = await startGateway({
    // What was tried is noted for its person; what it is tried on is left as it is.
    isUnnoted: true,
    env: {
      ENCRYPTION_KEYS: keyLine,
      GITHUB_CLIENT_SECRET: "github-client-secret",
      GOOGLE_CLIENT_SECRET: "google-client-secret",
      ...env,
    },
    fetch: (...request) => {
      asked++;
      return fetch(...request);
    },
  });
  const port = Number(new URL(gateway.url).port);
  const secrets = [
    API_KEY,
    OTHER_API_KEY,
    keyLine.slice("k1:".length),
    "github-client-secret",
    "google-client-secret",
    gateway.kvPath,
  ];
  for (const service of connected) await gateway.connect(service);
  for (const service of connected) secrets.push(await providerToken(gateway, service));

  async function holdsAgainst<T>(
    attacks: T[],
    attack: (item: T) => Promise<Reply>,
    verdict: Verdict,
  ): Promise<void> {
    await gateway.broker.idle();
    const [before, askedBefore] = [await snapshot(gateway.kv), asked];
    const faults: string[] = [];
    await forEach(attacks, async (item) => {
      const reply = await attack(item);
      const fault = verdict(reply, item as Shot) ?? leak(secrets, reply);
      if (fault !== undefined) faults.push(`${fault}: ${shown(item)} → ${shown(reply)}`);
    });
    const first = faults.slice(0, 10).join("\n");
    assert(faults.length === 0, `${faults.length} of ${attacks.length}:\n${first}`);
    await gateway.broker.idle();
    assertEquals(await snapshot(gateway.kv), before, "something was written");
    assertEquals(asked, askedBefore, "a provider was asked");
    const said = JSON.stringify(gateway.world.events);
    assertEquals(secrets.filter((secret) => said.includes(secret)), [], "the log holds a secret");
    assertEquals(gateway.world.events.filter(({ level }) => level === "error"), []);
  }

  return {
    gateway,
    port,
    secrets,
    holdsAgainst,
    holds: (shots, verdict) => holdsAgainst(shots, (shot) => send(port, shot), verdict),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

async function providerToken(gateway: Gateway, service: string): Promise<string> {
  const { json } = await gateway.api(`/token/${service}`, { body: { user_id: "user_123" } });
  return json.access_token;
}

async function forEach<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const work = async () => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/** A secret, a stack trace, a path of this machine, or input that came back as markup. */
function leak(secrets: string[], { headers, text }: Reply): string | undefined {
  const all = `${[...headers].join("\n")}\n${text}`;
  const isPage = headers.get("Content-Type")?.startsWith("text/html") === true;
  return faultOf(
    [!secrets.some((secret) => all.includes(secret)), "tells a secret"],
    [!/\.[cm]?[jt]sx?:\d+|file:\/\/|node_modules/.test(all), "tells where the code is"],
    [!all.includes(Deno.cwd()), "tells a path"],
    [!isPage || !/<script/i.test(withoutOwn(text)), "holds a script"],
  );
}

function shown(item: unknown): string {
  const text = JSON.stringify(
    item,
    (name, value) => name === "headers" && value instanceof Headers ? undefined : clipped(value),
  );
  return text.slice(0, 600);
}

function clipped(value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "string" && value.length > 160 ? `${value.slice(0, 160)}…` : value;
}
