/** The operator's own OpenID Connect provider, a real one, set right and wrong. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { OidcSettings } from "../../../broker/core/oidc.ts";
import { oidcFindings, oidcRedirect } from "../../../tasks/doctor/oidc.ts";
import type { Seen } from "../../../tasks/doctor/ways.ts";
import { freePort } from "../../support/free_port.ts";
import { startOidcServer } from "../../support/oidc_server.ts";
import { serve } from "../../support/serve.ts";
import { WAYS } from "./deployment.ts";

const PUBLIC_URL = "https://switchboard.example.com";
const CLIENT = {
  client_id: "switchboard",
  client_secret: "the secret of the client there",
  redirect_uris: [`${PUBLIC_URL}/callback/oidc`],
};

async function findingOf(settings: Partial<OidcSettings> & { issuer: string }) {
  const seen: Seen[] = [];
  const whole = {
    clientId: CLIENT.client_id,
    clientSecret: CLIENT.client_secret,
    title: "Ours",
    scopes: ["openid", "email"],
    trustsEmail: false,
    ...settings,
  };
  const [finding, ...others] = await oidcFindings(whole, PUBLIC_URL, { ways: WAYS, seen });
  assertEquals(others, []);
  return finding!;
}

Deno.test("a client that the issuer takes is told from one that it does not", async () => {
  await using server = await startOidcServer(["client_secret_basic"], { clients: [CLIENT] });
  const { issuer } = server;
  assertEquals((await findingOf({ issuer })).state, "ok");
  const faults = [{ clientSecret: "another" }, { clientId: "another" }];
  for (const fault of faults) {
    const { state, found, cure } = await findingOf({ issuer, ...fault });
    assertEquals(state, "fault", found);
    assertStringIncludes(found, "OIDC_CLIENT_SECRET are not taken (invalid_client)");
    assertStringIncludes(cure!, issuer);
  }
});

Deno.test("an issuer that is none, another's, or not there, is named with its cure", async () => {
  await using server = await startOidcServer(["client_secret_basic"], { clients: [CLIENT] });
  const other = serve(() => new Response("<h1>Hello", { status: 200 }));
  const rows: [issuer: string, found: string, cure: string][] = [
    [`${server.issuer}/`, "is not the issuer that its discovery document names", "to the letter"],
    [`http://127.0.0.1:${other.port}`, "has no discovery document", "/realms/main"],
    [`http://127.0.0.1:${freePort()}`, "takes no connection", ""],
  ];
  for (const [issuer, found, cure] of rows) {
    const finding = await findingOf({ issuer });
    assertEquals(finding.state, "fault");
    assertStringIncludes(finding.found, found);
    assertStringIncludes(finding.cure ?? "", cure);
  }
  await other.close();
});

Deno.test("the redirect URI is spelled out", () => {
  const issuer = "https://id.example.com";
  const { found } = oidcRedirect({ issuer } as OidcSettings, PUBLIC_URL);
  assertEquals(found, "oidc: https://switchboard.example.com/callback/oidc");
});
