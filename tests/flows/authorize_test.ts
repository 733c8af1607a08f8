import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ClientCredentials } from "../../broker/core/authorization_server.ts";
import type { ProviderModule } from "../../providers/provider.ts";
import { Browser } from "../support/browser.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";

/** GitHub, if its API wanted the token as a key in a header of its own. */
function wantsApiKey(module: ProviderModule): ProviderModule {
  if (module.name !== "github") return module;
  return {
    ...module,
    create: (settings) => ({
      ...module.create(settings),
      authorize: (headers, { accessToken }) => headers.set("X-Api-Key", accessToken),
    }),
  };
}

/** A gateway with this GitHub connected, and the requests that bore a key. */
async function startWithKeys(): Promise<{ gateway: Gateway; seen: Request[] }> {
  const seen: Request[] = [];
  const gateway = await startGateway({
    modules: (modules) => modules.map(wantsApiKey),
    fetch: (input, init) => {
      const request = new Request(input, init);
      const key = request.headers.get("X-Api-Key");
      if (key === null) return fetch(request);
      seen.push(request.clone());
      // For the emulator, which knows only this way.
      request.headers.set("Authorization", `Bearer ${key}`);
      return fetch(request);
    },
  });
  await gateway.connect("github");
  return { gateway, seen };
}

async function tokenOf(gateway: Gateway): Promise<string> {
  return (await gateway.api("/token/github", { body: { user_id: USER } })).json.access_token;
}

Deno.test("a tool carries the credential as its provider's API wants it", async () => {
  const { gateway, seen } = await startWithKeys();
  await using _ = gateway;
  const { json } = await gateway.mcp(call("github_list_repositories"));
  assertEquals(json.result.isError ?? false, false, json.result.content[0].text);
  const [{ headers }] = seen as [Request];
  assertEquals(headers.get("X-Api-Key"), await tokenOf(gateway));
  assertEquals(headers.get("Authorization"), null);
});

Deno.test("so does the proxy, and the caller's own key goes nowhere", async () => {
  const { gateway, seen } = await startWithKeys();
  await using _ = gateway;
  const headers = { "X-Api-Key": API_KEY, "X-User-Id": USER };
  const { status, json } = await gateway.api("/proxy/github/user", { key: null, headers });
  assertEquals([status, json.login], [200, "octocat"]);
  const [request] = seen as [Request];
  assertEquals(request.headers.get("X-Api-Key"), await tokenOf(gateway));
  assertEquals(request.headers.get("Authorization"), null);
});

/** Providers whose connections are clients. */
function withoutPeople(module: ProviderModule): ProviderModule {
  const credential: ClientCredentials = {
    kind: "client_credentials",
    made: { url: "https://clients.example/", how: "Make one." },
    issue: () => Promise.resolve({ kind: "failed", reason: "none" }),
    revoke: () => Promise.resolve({ kind: "unsupported" }),
  };
  return { ...module, create: (settings) => ({ ...module.create(settings), credential }) };
}

Deno.test("nobody is sent to a sign-in where a provider has none, and the link stays good", async () => {
  await using gateway = await startGateway({ modules: (modules) => modules.map(withoutPeople) });
  const { json } = await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  const browser = new Browser();
  const asking = await browser.open(json.url);
  assertStringIncludes(asking.html, "Client secret");
  // As the form of a page that sends people off has it.
  const { client_id: _id, client_secret: _secret, ...fields } = asking.forms[0]!.fields;
  const refused = await fetch(`${gateway.url}/auth/github`, {
    method: "POST",
    headers: { Cookie: `sb_browser=${browser.cookies.at(-1)!}` },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  assertEquals(refused.status, 400);
  assertStringIncludes(await refused.text(), "GitHub is not connected by a sign-in.");
  assertEquals((await browser.open(json.url)).status, 200);
});

Deno.test("a token that an API quotes does not reach the caller of a tool", async () => {
  let quoted = "";
  await using gateway = await startGateway({
    fetch: (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes("/user/repos")) return fetch(request);
      quoted = request.headers.get("Authorization")!.replace("Bearer ", "");
      return Promise.resolve(Response.json({ message: `No: ${quoted}` }, { status: 403 }));
    },
  });
  await gateway.connect("github");
  const { text, json } = await gateway.mcp(call("github_list_repositories"));
  assertEquals(quoted, await tokenOf(gateway));
  assertEquals(json.result.content[0].text, "GitHub does not allow this. No: [removed]");
  assertEquals(text.includes(quoted), false);
});
