import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { allModules } from "../../start/all_providers.ts";
import { oauthFlowOf } from "../../broker/core/credential.ts";
import { catalogue, catalogueModules } from "../../providers/catalogue/catalogue.ts";
import type { CatalogueEntry } from "../../providers/bare_provider.ts";
import { Browser } from "../support/browser.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import {
  type CatalogueDouble,
  LIFETIME,
  SECRET,
  startCatalogueDouble,
} from "./catalogue/double.ts";
import { PROVIDERS } from "./catalogue/providers.ts";

/** Scopes that no provider has, to see how it hears of several. */
const SEVERAL = ["test.one", "test:two"];

function known(name: string): CatalogueEntry {
  return catalogue.find((entry) => entry.name === name)!;
}

async function connect(
  gateway: Gateway,
  double: CatalogueDouble,
  { name, userId, scope }: { name: string; userId: string; scope?: string | undefined },
): Promise<void> {
  const body = { user_id: userId, service: name, scope, params: PROVIDERS[name]!.params };
  const link = await gateway.api("/links", { body });
  assertEquals(link.status, 200, link.text);
  const browser = new Browser({ fetch: double.fetch });
  const done = await browser.submit(await browser.open(link.json.url));
  const { title } = known(name);
  assertEquals([done.status, double.refusals], [200, []], done.html);
  assertStringIncludes(done.html, `✓ ${title} connected`);
}

Deno.test("the catalogue is in order, and says where each entry comes from", () => {
  const names = catalogue.map(({ name }) => name);
  assertEquals(names, names.toSorted());
  assertEquals(new Set(names).size, names.length);
  assertEquals(Object.keys(PROVIDERS).toSorted(), names);
  for (const { name, title, console, docs, docsRead, scopeTitles = {} } of catalogue) {
    assert(/^[a-z][a-z0-9_]{0,31}$/.test(name) && title !== "", name);
    // Deno Deploy takes no variable of that name.
    assert(!/^(azure|aws|gcp|deno|otel|ld)(_|$)/.test(name), name);
    assert(docs.length > 0 && /^\d{4}-\d\d-\d\d$/.test(docsRead), name);
    for (const url of [console, ...docs]) assertEquals(new URL(url).protocol, "https:", name);
    for (const words of Object.values(scopeTitles)) assert(/^[A-Z][^.]*$/.test(words), words);
  }
});

Deno.test("no two providers or services have the same name", () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const all = allModules("[]").modules.flatMap((module) => {
    const { name, services } = module.create(settings);
    return [name, ...services.map((service) => service.name).filter((own) => own !== name)];
  });
  assertEquals(all.toSorted().filter((name, index, sorted) => sorted[index - 1] === name), []);
  for (const { services = [], scopeTitles = {}, impliedScopes = {}, name } of catalogue) {
    for (const service of services) {
      assert(/^[a-z][a-z0-9_]{0,31}$/.test(service.name) && service.title !== "", service.name);
      // What nobody could be asked for in words, and a grant that nothing is known by.
      assert(service.scopes.length > 0, service.name);
      for (const scope of service.scopes) assert(Object.hasOwn(scopeTitles, scope), scope);
    }
    assert(services.length > 0 || Object.keys(impliedScopes).length === 0, name);
  }
});

Deno.test("no account of the catalogue is known by its e-mail address", () => {
  for (const { name, userinfo } of catalogue) {
    assert(!/mail|login$|name$/.test(userinfo?.id ?? ""), `${name}: ${userinfo?.id}`);
  }
});

Deno.test("each provider of the catalogue works as its documentation says", async (test) => {
  await using double = startCatalogueDouble(PROVIDERS);
  const env = Object.fromEntries(
    catalogue.flatMap(({ name }) => [
      [`${name.toUpperCase()}_CLIENT_ID`, `${name}-id`],
      [`${name.toUpperCase()}_CLIENT_SECRET`, SECRET],
    ]),
  );
  await using gateway = await startGateway({ env, fetch: double.fetch });
  double.now = () => gateway.world.now();

  for (const [name, says] of Object.entries(PROVIDERS)) {
    const token = (userId: string) => gateway.api(`/token/${name}`, { body: { user_id: userId } });
    const disconnect = (userId: string) =>
      gateway.api(`/connections/${name}?user_id=${userId}`, { method: "DELETE" });
    const expire = () => {
      gateway.world.skew += LIFETIME * 1000;
      double.expire(double.last(name));
    };

    await test.step(`${name} connects, says whose account it is, and is refreshed`, async () => {
      await connect(gateway, double, { name, userId: "ada" });
      const first = await token("ada");
      const { account = "default", label } = says.whoami ?? {};
      assertEquals([first.status, first.json.account], [200, says.account ?? account], first.text);
      assertEquals(first.json.extra, says.extra);
      assertEquals(first.json.access_token, double.last(name).access);
      if (label !== undefined) assertEquals(first.json.label, label);
      if (says.api !== undefined) {
        const headers = { "X-User-Id": "ada" };
        const answer = await gateway.api(`/proxy/${name}/x`, { headers });
        assertEquals([answer.status, double.refusals], [200, []], answer.text);
      }
      if (says.neverEnds) {
        gateway.world.skew += LIFETIME * 1000;
        assertEquals((await token("ada")).json.access_token, first.json.access_token);
        return;
      }
      if (says.lengthens !== undefined) {
        gateway.world.skew += LIFETIME * 1000;
        assertEquals((await token("ada")).json.error, "reauthorization_required");
        return;
      }
      expire();
      const second = await token("ada");
      assertEquals([second.status, double.refusals], [200, []], second.text);
      assertEquals(second.json.access_token, double.last(name).access);
    });

    await test.step(`${name} is told of the end, by an expired access token too`, async () => {
      const isTold = says.end !== undefined;
      assertEquals((await disconnect("ada")).json.revoked, isTold);
      assertEquals([double.last(name).state, double.refusals], [isTold ? "ended" : "lives", []]);
      if (says.neverEnds || says.lengthens !== undefined) return;
      await connect(gateway, double, { name, userId: "bob" });
      expire();
      assertEquals((await disconnect("bob")).json.revoked, isTold);
      assertEquals(double.last(name).state, isTold ? "ended" : "lives");
      double.refusals.length = 0;
    });

    await test.step(`${name} hears of several scopes, and ends a grant in its own words`, async () => {
      const scope = says.takesNoScope ? undefined : SEVERAL.join(" ");
      await connect(gateway, double, { name, userId: "eve", scope });
      const grant = double.last(name);
      if (scope !== undefined) {
        assertEquals(SEVERAL.filter((x) => grant.scopes.includes(x)), SEVERAL);
      }
      grant.state = "dead";
      expire();
      // What could mean anything ends nothing: the person is asked when it has gone on for a day.
      assertEquals(
        (await token("eve")).status,
        says.neverEnds ? 200 : says.dead.isVague ? 503 : 409,
        name,
      );
    });
  }
});

Deno.test("each service of the catalogue asks for its own, and its API is where the documentation says", async (test) => {
  await using double = startCatalogueDouble(PROVIDERS);
  const several = Object.entries(PROVIDERS).filter(([, { services }]) => services !== undefined);
  assertEquals(
    several.map(([name, { services }]) => [name, ...Object.keys(services!)]),
    catalogue.filter(({ services }) => services !== undefined)
      .map(({ name, services }) => [name, ...services!.map((service) => service.name)]),
  );
  const env = Object.fromEntries(several.flatMap(([name]) => [
    [`${name.toUpperCase()}_CLIENT_ID`, `${name}-id`],
    [`${name.toUpperCase()}_CLIENT_SECRET`, SECRET],
  ]));
  await using gateway = await startGateway({ env, fetch: double.fetch });
  for (const [provider, { services = {} }] of several) {
    for (const [name, { scopes }] of Object.entries(services)) {
      await test.step(name, async () => {
        const body = { user_id: name, service: name };
        const { json } = await gateway.api("/links", { body });
        const browser = new Browser({ fetch: double.fetch });
        const connected = await browser.submit(await browser.open(json.url));
        assertEquals([connected.status, double.refusals], [200, []], connected.html);
        const asked = double.last(provider).scopes;
        assertEquals(asked, [...known(provider).identityScopes ?? [], ...scopes]);
        const headers = { "X-User-Id": name };
        const answer = await gateway.api(`/proxy/${name}/x`, { headers });
        assertEquals([answer.status, double.refusals], [200, []], answer.text);
      });
    }
  }
});

Deno.test("an account that takes several members is not known by some of them", async () => {
  const { create } = catalogueModules.find(({ name }) => name === "miro")!;
  const whose = (answer: unknown) =>
    create({
      clientId: "id",
      clientSecret: SECRET,
      redirectUri: "https://switchboard.example/callback/miro",
      fetch: () => Promise.resolve(Response.json(answer)),
    }).identify({ accessToken: "a", tokenType: "Bearer", scopes: [], issuedAt: 0 });
  const user = { id: "7", name: "Ada" };
  const { id, label } = await whose({ user, team: { id: 1 } });
  assertEquals([id, label], ["1/7", "Ada"]);
  assertEquals((await whose({ user: { id: "7" }, team: { id: "1" } })).label, "1/7");
  for (const answer of [{ user }, { user, team: { id: "" } }, { team: { id: "1" } }, {}]) {
    await assertRejects(() => whose(answer), Error, "no usable team.id user.id");
  }
});

Deno.test("a base URL takes the place of all hosts of a provider, and its paths stay", async () => {
  const baseUrl = "http://127.0.0.1:9";
  for (const module of catalogueModules) {
    const asked: URL[] = [];
    const provider = module.create({
      clientId: "id",
      clientSecret: SECRET,
      redirectUri: "https://switchboard.example/callback/x",
      baseUrl,
      fetch: (input) => {
        asked.push(new URL(input instanceof Request ? input.url : input));
        return Promise.resolve(Response.json({}, { status: 500 }));
      },
    });
    const flow = oauthFlowOf(provider);
    assert(flow.issuer?.startsWith(baseUrl) ?? true, module.name);
    const says = PROVIDERS[module.name]!;
    const tokens = {
      accessToken: "a",
      refreshToken: "r",
      tokenType: "Bearer",
      scopes: [],
      issuedAt: 0,
    };
    await flow.exchange("c", "v".repeat(43));
    await flow.refresh("r");
    await flow.revoke(tokens);
    if (says.whoami !== undefined) await provider.identify(tokens).catch(() => {});
    for (const { apiUrl, name } of known(module.name).services ?? []) {
      if (apiUrl === undefined) continue;
      asked.push(provider.apiUrl("/x", says.extra, name));
    }
    const moved = Object.values(says.services ?? {}).map(({ api }) => api);
    const urls = [
      says.token,
      says.refresh ?? says.token,
      says.end?.byAccount ? says.whoami?.url : says.end?.url,
      says.whoami?.url,
      ...moved.filter((url) => url !== "https://graph.microsoft.com/x"),
    ];
    assertEquals(
      [await flow.authorizationUrl({ state: "s", verifier: "v", scopes: [] }), ...asked]
        .map(({ origin, pathname }) => origin + pathname),
      [says.authorize, ...urls.filter((url) => url !== undefined)]
        .map((url) => baseUrl + new URL(url).pathname),
    );
  }
});
