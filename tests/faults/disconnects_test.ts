/**
 * Callers that hang up at random moments, in every kind of request: the program
 * goes on, and keeps nothing of them. `DISCONNECTS` sets how many there are,
 * `deno task disconnects` makes it 10,000.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { type Disconnect, hangUpAll, holdings, plan } from "../support/disconnects.ts";
import { signInForm, startEmulator } from "../support/emulators.ts";
import { Dice } from "../support/fuzz/dice.ts";
import { API_KEY, call, USER } from "../support/gateway.ts";
import { envelope, everyRequest, modern, slowCall, STREAM } from "../support/hang_up_requests.ts";
import { type Program, startProgram } from "../support/program.ts";
import { type SlowUpstream, startSlowUpstream } from "../support/slow_upstream.ts";

const COUNT = Number(Deno.env.get("DISCONNECTS") ?? 1500);
const AT_ONCE = 24;
const REPORTER = [
  "--v8-flags=--expose-gc",
  `--preload=${new URL("../support/heap_reporter.ts", import.meta.url)}`,
];
/**
 * What may be alive in the heap beyond what was before, in bytes. What a caller
 * left running is over after 30 seconds, and then 10,000 leave next to nothing.
 */
const SLACK = 16 * 1024 * 1024;
/** Connections to provider and upstream that are kept for the next request: as many as ran at once. */
const KEPT_OPEN = 3 * AT_ONCE;
/** How often the program is looked at, and the pause between. */
const LOOKS = { most: 90, pause: 1000 };

const SLOW = "slow_work";
const work = (meta?: Record<string, unknown>) => slowCall(SLOW, meta);
const REQUESTS = everyRequest({
  key: API_KEY,
  user: USER,
  provider: "github",
  reads: "github_list_repositories",
  api: "/repos/octocat/hello-world/issues",
  slow: SLOW,
});

function* plans(dice: Dice, count: number): Generator<Disconnect> {
  for (let index = 0; index < count; index++) yield plan(dice, REQUESTS);
}

/** Does each call in five steps, and tells of each. */
async function workOn(upstream: SlowUpstream, until: AbortSignal): Promise<void> {
  const over = new Promise<undefined>((resolve) =>
    until.addEventListener("abort", () => resolve(undefined))
  );
  for (;;) {
    const work = await Promise.race([upstream.called(), over]);
    if (work === undefined) return;
    let step = 0;
    const timer = setInterval(() => {
      if ((step += 1) < 5 && work.progress()) return;
      clearInterval(timer);
      work.finish();
    }, 3);
  }
}

async function connect(program: Program): Promise<void> {
  const body = JSON.stringify({ user_id: USER, service: "github" });
  const { headers } = program;
  const link = await fetch(`${program.url}/links`, { method: "POST", headers, body });
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open((await link.json()).url));
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assertMatch(done.html, /✓ GitHub/);
}

Deno.test("callers who hang up at random moments end nothing, and leave nothing behind", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const github = await startEmulator("github");
  await using upstream = startSlowUpstream();
  const stop = new AbortController();
  const working = workOn(upstream, stop.signal);
  {
    await using program = await startProgram({
      args: REPORTER,
      env: {
        UPSTREAMS: JSON.stringify([upstream.entry]),
        GITHUB_CLIENT_ID: "id",
        GITHUB_CLIENT_SECRET: "secret",
        GITHUB_BASE_URL: github.url,
      },
    });
    await connect(program);
    const { pid } = program.running.child;
    const dice = new Dice(20_261);
    // What is loaded once, and what the runtime keeps for later, is there after some of them.
    await hangUpAll(program.port, plans(dice, 300), AT_ONCE);
    const before = await held(program, pid);
    await hangUpAll(program.port, plans(dice, COUNT), AT_ONCE);
    const fits = ({ files, alive, resident }: Held) =>
      files <= before.files + KEPT_OPEN && alive <= before.alive + SLACK &&
      resident <= 2.5 * before.resident;
    let after = await held(program, pid);
    for (let look = 1; !fits(after) && look < LOOKS.most; look++) {
      // Nothing tells when the last call of a caller that is gone has come to its end.
      await new Promise((resolve) => setTimeout(resolve, LOOKS.pause));
      after = await held(program, pid);
    }
    assert(fits(after), `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
    const { status } = await program.health();
    assertEquals(status, "ok");
    const answers = await Promise.all([
      program.mcp(call("github_list_repositories", {}, "last")),
      program.mcp(work(), { headers: STREAM }),
      program.mcp(work(envelope), { headers: modern("tools/call", SLOW) }),
    ]);
    const [own, old, recent] = await Promise.all(answers.map((answer) => answer.text()));
    assertMatch(own!, /hello-world/);
    assertMatch(old!, /worked/);
    assertMatch(recent!, /worked/);
    const faults = program.running.output().split("\n").filter((line) =>
      /"level":"error"|unhandled|uncaught/i.test(line)
    );
    assertEquals(faults, []);
  }
  stop.abort();
  await working;
  await github.close();
});

type Held = Awaited<ReturnType<typeof held>>;

/** What the process holds, without its garbage. */
async function held({ running }: Program, pid: number) {
  const reports = running.output().match(/"report":/g)?.length ?? 0;
  running.child.kill("SIGUSR2");
  const [, alive] = await running.said(new RegExp(`"report":${reports + 1},"alive":(\\d+)`));
  return { ...await holdings(pid), alive: Number(alive) };
}
