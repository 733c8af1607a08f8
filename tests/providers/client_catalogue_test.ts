import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { clientCredentialsOf } from "../../broker/core/credential.ts";
import {
  clientCatalogue,
  clientModules,
} from "../../providers/client_catalogue/client_catalogue.ts";
import { parseProviderSpecs } from "../../providers/configured.ts";

const CLIENT = { id: "an id", secret: "a+secret" };
const BASIC = `Basic ${btoa("an id:a+secret")}`;
const POSTED = { client_id: CLIENT.id, client_secret: CLIENT.secret };

/** What the documentation says: written from there, and not from the data. */
const DOCUMENTED = [
  {
    name: "auth0_client",
    params: { domain: "acme.eu.auth0.com" },
    wrong: ["acme.example", "auth0.com", "acme.auth0.com.evil.example", "a.b.c.auth0.com"],
    asked: "https://acme.eu.auth0.com/oauth/token",
    form: {
      grant_type: "client_credentials",
      audience: "https://acme.eu.auth0.com/api/v2/",
      ...POSTED,
    },
    authorization: null,
    answer: { access_token: "t", token_type: "Bearer", expires_in: 86400, scope: "read:users" },
    account: "acme.eu.auth0.com/an id",
    api: "https://acme.eu.auth0.com/api/v2/users",
    path: "/api/v2/users",
  },
  {
    name: "microsoft_client",
    params: { tenant: "acme.onmicrosoft.com" },
    wrong: ["a/b", "..", "common?x", "-x"],
    asked: "https://login.microsoftonline.com/acme.onmicrosoft.com/oauth2/v2.0/token",
    form: {
      grant_type: "client_credentials",
      scope: "https://graph.microsoft.com/.default",
      ...POSTED,
    },
    authorization: null,
    answer: { access_token: "t", token_type: "Bearer", expires_in: 3599 },
    account: "acme.onmicrosoft.com/an id",
    api: "https://graph.microsoft.com/v1.0/users",
    path: "/v1.0/users",
  },
  {
    name: "paypal_client",
    params: undefined,
    wrong: [],
    asked: "https://api-m.paypal.com/v1/oauth2/token",
    form: { grant_type: "client_credentials" },
    authorization: BASIC,
    answer: {
      scope: "https://uri.paypal.com/services/invoicing",
      access_token: "t",
      token_type: "Bearer",
      app_id: "APP-80W284485P519543T",
      expires_in: 31668,
      nonce: "2020-04-03T15:35:36Z",
    },
    account: "an id",
    api: "https://api-m.paypal.com/v1/invoicing/invoices",
    path: "/v1/invoicing/invoices",
  },
  {
    name: "zoom_client",
    params: { account_id: "gYz8S9w5Q5yrDoIvmdClYw" },
    wrong: ["a b", "a&b", ""],
    asked: "https://zoom.us/oauth/token",
    form: { grant_type: "account_credentials", account_id: "gYz8S9w5Q5yrDoIvmdClYw" },
    authorization: BASIC,
    answer: { access_token: "t", token_type: "bearer", expires_in: 3600, scope: "meeting:read" },
    account: "gYz8S9w5Q5yrDoIvmdClYw/an id",
    api: "https://api.zoom.us/v2/users",
    path: "/v2/users",
  },
];

for (const entry of DOCUMENTED) {
  Deno.test(`${entry.name} issues tokens as its documentation says, and ends no client`, async () => {
    const seen: Request[] = [];
    const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
      seen.push(new Request(input, init));
      return Promise.resolve(Response.json(entry.answer));
    };
    const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
    const provider = clientModules.find(({ name }) => name === entry.name)!.create(settings);
    const credential = clientCredentialsOf(provider);
    for (const param of Object.values(provider.params ?? {})) {
      for (const wrong of entry.wrong) assert(!param.pattern.test(wrong), wrong);
      assert(Object.values(entry.params ?? {}).some((good) => param.pattern.test(good)));
    }
    const scopes = provider.services.flatMap((service) => service.scopes);
    const answer = await credential.issue(CLIENT, scopes, entry.params);
    assert(answer.kind === "issued");
    assertEquals(answer.tokens.expiresIn, entry.answer.expires_in);
    const [request, ...others] = seen;
    assertEquals([request!.method, request!.url, others], ["POST", entry.asked, []]);
    assertEquals(request!.headers.get("Authorization"), entry.authorization);
    assertEquals(Object.fromEntries(new URLSearchParams(await request!.text())), entry.form);
    const tokens = {
      accessToken: "t",
      tokenType: "Bearer",
      issuedAt: 0,
      scopes,
      renewal: CLIENT,
      extra: entry.params,
    };
    assertEquals((await provider.identify(tokens)).id, entry.account);
    assertEquals(provider.apiUrl(entry.path, entry.params).href, entry.api);
    assertEquals((await credential.revoke(tokens)).kind, "unsupported");
  });
}

Deno.test("every entry is documented, tested here, and named in the README", async () => {
  const names = clientCatalogue.map(({ name }) => name);
  assertEquals(names, DOCUMENTED.map(({ name }) => name));
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, list = ""] = /`KEY_SERVICES` names these, too: (.*?)\./s.exec(readme) ?? [];
  assertEquals([...list.matchAll(/`(\w+)`/g)].map(([, name]) => name), names);
  for (const { name, docs, docsRead, clientPage, verified } of clientCatalogue) {
    assertMatch(name, /_client$/);
    assert(docs.length > 0);
    assertMatch(docsRead, /^\d{4}-\d\d-\d\d$/);
    assertMatch(clientPage, /^https:/);
    assertEquals(verified, "documentation");
  }
  const entries = [...readme.matchAll(/```json\n(\[\{"name": "acme".*?)```/gs)].map(([, text]) =>
    text!
  );
  const clients = entries.find((text) => text.includes("client_credentials"))!;
  assertEquals(parseProviderSpecs(clients, []).length, 1);
});

Deno.test("what is wrong with an entry of the operator's is said by its member", () => {
  const good = {
    name: "acme",
    credential: "client_credentials",
    client_page: "https://acme.example/",
    token_endpoint: "https://acme.example/token",
  };
  const wrong: [Record<string, unknown>, member: string][] = [
    [{ client_page: undefined }, "client_page"],
    [{ client_page: "http://acme.example/" }, "client_page"],
    [{ token_endpoint: "http://acme.example/token" }, "token_endpoint"],
    [{ token_endpoint: "https://{tenant}/token" }, "token_endpoint"],
    [{ token_endpoint: "https://acme.example/{tenant}" }, "token_endpoint"],
    [{ token_parameters: { client_secret: "x" } }, "token_parameters"],
    [{ token_parameters: { grant_type: "password" } }, "token_parameters"],
    [{ token_parameters: { audience: "{tenant}" } }, "token_parameters"],
    [{ client_authentication: "none" }, "client_authentication"],
    [{ credential: "clients" }, "credential"],
    [{ key_page: "https://acme.example/" }, "a member that is unknown"],
  ];
  for (const [change, member] of wrong) {
    const text = JSON.stringify([{ ...good, ...change }]);
    const error = assertThrows(() => parseProviderSpecs(text, []), TypeError);
    assertStringIncludes(error.message, member, JSON.stringify(change));
  }
  const params = { tenant: { title: "Tenant", pattern: "[a-z]+" } };
  const open = { token_endpoint: "https://{tenant}.acme.example/token", params };
  assertThrows(
    () => parseProviderSpecs(JSON.stringify([{ ...good, ...open }]), []),
    TypeError,
    "hosts",
  );
  assertEquals(parseProviderSpecs(JSON.stringify([good]), []).length, 1);
});
