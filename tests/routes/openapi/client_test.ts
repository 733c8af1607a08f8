/**
 * A client of which the compiler knows every route by the types that were made
 * of the document, against a gateway: where the document lies, this does not
 * compile, or does not hold.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import createClient from "openapi-fetch";
import { API_KEY, startGateway, USER } from "../../support/gateway.ts";
import type { components, paths } from "./client_types.ts";

function clientOf(url: string, key = API_KEY) {
  return createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });
}

Deno.test("a client that was made of the document connects a user, and does all that one does", async () => {
  await using gateway = await startGateway();
  const client = clientOf(gateway.url);
  const user = { user_id: USER };
  const path = { service: "github" };
  const before = await client.POST("/token/{service}", { params: { path }, body: user });
  // Of the codes that this route has with any status, and of no other.
  const code: "not_connected" | "rate_limited" | undefined =
    before.error?.error === "not_connected" || before.error?.error === "rate_limited"
      ? before.error.error
      : undefined;
  assertEquals([before.response.status, code], [404, "not_connected"]);
  assertMatch(before.error!.connect_url!, /^http:\/\/localhost/);

  const link = await client.POST("/links", { body: { ...user, service: "github" } });
  assertMatch(link.data!.url, /\/auth\/github\?/);
  await gateway.connect("github");
  const token = await client.POST("/token/{service}", { params: { path }, body: user });
  const { access_token, scope }: components["schemas"]["Token"] = token.data!;
  assert(access_token!.length > 10);
  assertEquals(scope, "repo");

  const query = { user_id: USER };
  const { data: list } = await client.GET("/connections", { params: { query } });
  assertEquals(list!.connections.map(({ status, kind }) => [status, kind]), [["active", "oauth"]]);
  const { data: services } = await client.GET("/services", { params: { query } });
  assertEquals(services!.services[0]!.connections![0]!.label, "octocat");
  const whole = await client.GET("/proxy/{service}/{path}", {
    params: { path: { ...path, path: "user" }, header: { "X-User-Id": USER } },
  });
  assertEquals((whole.data as { login: string }).login, "octocat");
  const session = await client.POST("/sessions", { body: { ...user, services: ["*"] } });
  assertEquals(session.data!.token_type, "Bearer");
  const ended = await client.DELETE("/sessions", { params: { query } });
  assertEquals(ended.data!.ended, 1);
  const file = await client.GET("/users/{id}", { params: { path: { id: USER } } });
  assertEquals(file.data!.user.user_id, USER);
  const gone = await client.DELETE("/users/{id}", { params: { path: { id: USER } } });
  assertEquals(gone.data!.connections.length, 1);
  assertEquals((await client.GET("/health")).data!.status, "ok");
});

Deno.test("lines are imported by that client, and read as described", async () => {
  await using gateway = await startGateway();
  const item: components["schemas"]["ImportItem"] = {
    user_id: USER,
    service: "google",
    account: { id: "7" },
    refresh_token: "held",
  };
  const { data, response } = await clientOf(gateway.url).POST("/connections/import", {
    params: { query: { verify: "none" } },
    body: JSON.stringify(item),
    bodySerializer: (text) => text,
    headers: { "Content-Type": "application/x-ndjson" },
    parseAs: "text",
  });
  assertEquals(response.headers.get("Content-Type"), "application/x-ndjson");
  const [line, end] = String(data).split("\n").filter(Boolean).map((each) => JSON.parse(each));
  const result: components["schemas"]["ImportResult"] = line;
  const last: components["schemas"]["ImportEnd"] = end;
  assertEquals([result.status, last.done, last.imported], ["imported", true, 1]);
});

Deno.test("what is not in the document does not compile, and is refused", async () => {
  await using gateway = await startGateway();
  const client = clientOf(gateway.url);
  // @ts-expect-error: it is called user_id.
  const wrong = await client.POST("/links", { body: { user: USER, service: "github" } });
  assertEquals(wrong.response.status, 400);
  // @ts-expect-error: there is no such route.
  const missing = await client.GET("/nowhere");
  assertEquals(missing.response.status, 404);
  // @ts-expect-error: a query without a user.
  const nobody = await client.GET("/connections", { params: { query: {} } });
  assertEquals(nobody.response.status, 400);
  const stranger = await clientOf(gateway.url, "none").GET("/services");
  assertEquals(stranger.error!.error, "invalid_client");
});
