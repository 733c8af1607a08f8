/** Every provider, with its own dialect, before a server that answers as no two do. */

import { assert, assertEquals } from "@std/assert";
import type { OAuthFlow } from "../../broker/core/authorization_server.ts";
import { catalogueModules } from "../../providers/catalogue/catalogue.ts";
import { providerModules } from "../../providers/registry.ts";
import { type Bend, startZoo, type Zoo } from "../support/zoo.ts";
import { PROVIDERS } from "./catalogue/providers.ts";

const SETTINGS = {
  clientId: "id",
  clientSecret: "secret",
  redirectUri: "https://switchboard.example/callback",
};

/** Tokens of installations are had from the API; Slack's answers have a shape of their own. */
const APART = ["github_app", "slack"];

/** Every provider's credential, as if its server were the zoo. */
function flows({ fetch }: Zoo): [name: string, flow: OAuthFlow][] {
  return [...providerModules, ...catalogueModules].filter(({ name }) => !APART.includes(name)).map(
    (module) => {
      const { credential } = module.create({ ...SETTINGS, fetch });
      assert(credential.kind === "oauth");
      return [module.name, credential];
    },
  );
}

const GOOD: Bend[] = [
  { status: 201 },
  { encoding: "form", type: "text/plain" },
  { type: "text/html", members: { error: "", scope: ["read"], token_type: "Bearer\r\nX-Evil: 1" } },
];

/** Where they are, for those with a host per customer. */
const EXTRA = Object.assign({}, ...Object.values(PROVIDERS).map(({ params }) => params));

Deno.test("every provider's good answers are kept, however they are written", async () => {
  await using zoo = startZoo();
  for (const [name, flow] of flows(zoo).filter(([name]) => !PROVIDERS[name]?.neverEnds)) {
    zoo.bend("refresh", undefined);
    const first = await flow.exchange("code", "verifier", EXTRA);
    assert(first.kind === "issued", name);
    let { refreshToken } = first.tokens;
    for (const bend of GOOD) {
      zoo.bend("refresh", bend);
      const next = await flow.refresh(refreshToken!, EXTRA);
      assert(next.kind === "issued", `${name} ${JSON.stringify(next)}`);
      assertEquals([next.tokens.tokenType, next.tokens.scopes], ["Bearer", ["read"]], name);
      assert(next.tokens.refreshToken !== refreshToken, name);
      refreshToken = next.tokens.refreshToken;
    }
  }
});

Deno.test("every provider's dead grant is known, and nothing else is taken for one", async () => {
  await using zoo = startZoo();
  const cases: [Bend, string][] = [
    [{ status: 400, body: { error: "invalid_grant" } }, "rejected invalid_grant"],
    [
      { status: 403, encoding: "form", type: "text/html", body: { error: "invalid_grant" } },
      "rejected invalid_grant",
    ],
    [{ status: 401, body: { error: "invalid_client" } }, "rejected invalid_client"],
    [{ status: 429, body: { error: "invalid_grant" } }, "failed"],
    [{ status: 503, body: { error: "invalid_grant" } }, "failed"],
    [{ status: 403, type: "text/html", text: "<p>invalid_grant" }, "failed"],
  ];
  for (const [name, flow] of flows(zoo).filter(([name]) => !PROVIDERS[name]?.neverEnds)) {
    const first = await flow.exchange("code", "verifier", EXTRA);
    assert(first.kind === "issued", name);
    for (const [bend, expected] of cases) {
      zoo.bend("refresh", bend);
      const answer = await flow.refresh(first.tokens.refreshToken!, EXTRA);
      const said = answer.kind === "rejected" ? `rejected ${answer.code}` : answer.kind;
      assertEquals(said, expected, `${name} ${JSON.stringify(bend)}`);
    }
    zoo.bend("refresh", undefined);
  }
});
