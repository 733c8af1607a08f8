import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseProviderSpecs } from "../../providers/configured.ts";
import { Browser } from "../support/browser.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

/**
 * Mix-up (RFC 9207 §1): one sign-in server has the answer of another one sent
 * to it, and gets a code of that other one. What must hold: no code is sent to
 * a token endpoint but its own server's.
 */

const entry = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  authorization_endpoint: `https://${name}.example/authorize`,
  token_endpoint: `https://${name}.example/token`,
  ...more,
});

interface Mixed extends AsyncDisposable {
  gateway: Gateway;
  /** Hosts that were sent a code. */
  asked: string[];
}

/** `honest` says its issuer; `evil` is whatever the test makes of it. */
async function start(...entries: Record<string, unknown>[]): Promise<Mixed> {
  const asked: string[] = [];
  const names = entries.map(({ name }) => String(name).toUpperCase());
  const gateway = await startGateway({
    env: {
      PROVIDERS: JSON.stringify(entries),
      ...Object.fromEntries(names.flatMap((name) => [
        [`${name}_CLIENT_ID`, "id"],
        [`${name}_CLIENT_SECRET`, "secret"],
      ])),
    },
    fetch: (input, init) => {
      const { host } = new URL(input instanceof Request ? input.url : input);
      if (!host.endsWith(".example")) return fetch(input, init);
      asked.push(host);
      return Promise.resolve(Response.json({ access_token: "t" }));
    },
  });
  return { gateway, asked, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

/** A person sets out for a provider; the state that goes along, and their browser. */
async function setOut({ gateway }: Mixed, service: string) {
  const { json } = await gateway.api("/links", { body: { user_id: USER, service } });
  const browser = new Browser();
  const until = (url: string) => url.includes(".example/authorize");
  const page = await browser.submit(await browser.open(json.url), { until });
  const state = new URL(page.url).searchParams.get("state")!;
  /** Comes back to a provider's address. */
  const back = (provider: string, query: Record<string, string>) =>
    browser.open(`${gateway.url}/callback/${provider}?${new URLSearchParams({ state, ...query })}`);
  return { state, back };
}

const HONEST = entry("honest", { issuer: "https://honest.example" });

Deno.test("an answer with the iss of another provider is refused by one whose own is unknown", async () => {
  await using mixed = await start(HONEST, entry("evil"), entry("silent"));
  const { back } = await setOut(mixed, "evil");
  const others = [
    "https://honest.example",
    "https://honest.example/",
    "https://honest.example/tenant",
    // Nobody named this one's issuer: it is known by where it sends people.
    "https://silent.example",
    mixed.gateway.emulators.google,
  ];
  for (const iss of others) {
    const page = await back("evil", { code: "c", iss });
    assertEquals(page.status, 400, iss);
    assertStringIncludes(page.html, "another sign-in server");
  }
  assertEquals(mixed.asked, []);
});

Deno.test("an error that another provider answers does not end the way to this one", async () => {
  await using mixed = await start(HONEST, entry("evil"));
  const { back } = await setOut(mixed, "evil");
  const page = await back("evil", { error: "access_denied", iss: "https://honest.example" });
  assertStringIncludes(page.html, "another sign-in server");
  assertStringIncludes((await back("evil", { code: "c" })).html, "✓ evil connected");
});

Deno.test("a provider whose issuer is unknown may send its own", async () => {
  for (const iss of ["https://acme.example", "https://acme.example/eu", "https://login.example"]) {
    await using mixed = await start(HONEST, entry("acme"));
    const { back } = await setOut(mixed, "acme");
    assertStringIncludes((await back("acme", { code: "c", iss })).html, "✓ acme connected");
    assertEquals(mixed.asked, ["acme.example"]);
  }
});

Deno.test("of two providers at one address the issuer tells which answered", async () => {
  const at = (name: string, more: Record<string, unknown> = {}) => ({
    ...entry(name, more),
    authorization_endpoint: `https://login.example/${name}/authorize`,
  });
  await using mixed = await start(at("one", { issuer: "https://login.example/one" }), at("two"));
  const { json } = await mixed.gateway.api("/links", { body: { user_id: USER, service: "two" } });
  const browser = new Browser();
  const until = (url: string) => url.startsWith("https://login.example");
  const page = await browser.submit(await browser.open(json.url), { until });
  const state = new URL(page.url).searchParams.get("state")!;
  const open = (iss: string) =>
    browser.open(
      `${mixed.gateway.url}/callback/two?${new URLSearchParams({ state, code: "c", iss })}`,
    );
  assertEquals((await open("https://login.example/one")).status, 400);
  assertStringIncludes((await open("https://login.example/two")).html, "✓ two connected");
});

Deno.test("a provider that always sends iss must send it, and the right one", async () => {
  const strict = {
    issuer: "https://acme.example",
    authorization_response_iss_parameter_supported: true,
  };
  await using mixed = await start(HONEST, entry("acme", strict));
  const { back } = await setOut(mixed, "acme");
  const wrong = [
    "",
    "https://honest.example",
    "https://acme.example/",
    "HTTPS://acme.example",
    "acme",
  ];
  const answers: Record<string, string>[] = [{}, ...wrong.map((iss) => ({ iss }))];
  for (const answer of answers) {
    const page = await back("acme", { code: "c", ...answer });
    assertEquals(page.status, 400, JSON.stringify(answer));
    assertStringIncludes(page.html, "another sign-in server");
  }
  assertEquals(mixed.asked, [], "no code went anywhere");
  const page = await back("acme", { code: "c", iss: "https://acme.example" });
  assertStringIncludes(page.html, "✓ acme connected");
});

Deno.test("a code that comes to another provider's address is sent to neither", async () => {
  await using mixed = await start(HONEST, entry("evil"));
  const { back } = await setOut(mixed, "evil");
  // The honest server sends people to its own address here, with what the evil one made of the state.
  const page = await back("honest", { code: "code-of-honest" });
  assertEquals(page.status, 400);
  assertStringIncludes(page.html, "another service");
  assertEquals(mixed.asked, []);
});

Deno.test("each provider has a redirect URI of its own", async () => {
  await using mixed = await start(HONEST, entry("evil"));
  const seen = new Set<string>();
  for (const service of ["honest", "evil"]) {
    const { json } = await mixed.gateway.api("/links", { body: { user_id: USER, service } });
    const browser = new Browser();
    const until = (url: string) => url.includes(".example/authorize");
    const { url } = await browser.submit(await browser.open(json.url), { until });
    const uri = new URL(url).searchParams.get("redirect_uri")!;
    assertEquals(new URL(uri).pathname, `/callback/${service}`);
    seen.add(uri);
  }
  assertEquals(seen.size, 2);
});

Deno.test("an entry that wants iss checked must say the issuer, and a secure one", () => {
  const fault = (more: Record<string, unknown>) =>
    assertThrows(() => parseProviderSpecs(JSON.stringify([entry("acme", more)]), []), TypeError);
  const { message } = fault({ authorization_response_iss_parameter_supported: true });
  assertStringIncludes(message, "0.issuer: is needed");
  assert(
    fault({ issuer: "http://acme.example" }).message.startsWith("entry 0.issuer: must be https"),
  );
});
