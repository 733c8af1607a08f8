import { assertEquals, assertRejects } from "@std/assert";
import type { TokenRequest } from "../../broker/core/token_request.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { createLocalBroker } from "../../broker/local.ts";
import { serverOf, serversOf } from "./fixtures.ts";

Deno.test("a token of env is given for its provider, once, and without a vault nothing else is", async () => {
  const envTokens = new Map([["acme", "from env"]]);
  const broker = createLocalBroker({ servers: serversOf(serverOf()), envTokens, vault: undefined });
  const request = { subject: "local:me", service: "mail", scopes: [] } as unknown as TokenRequest;
  assertEquals((await broker.token(request)).tokens.accessToken, "from env");
  const again = () => broker.token({ ...request, rejected: "from env" });
  const { reason } = await assertRejects(again, Refusal);
  // Its variable is named: nobody opens a link over stdio.
  const named = { service: "mail", title: "Acme Mail" };
  assertEquals(reason, { code: "reauthorization_required", ...named, variable: "ACME_TOKEN" });
  const without = createLocalBroker({
    servers: serversOf(serverOf()),
    envTokens: new Map(),
    vault: undefined,
  });
  const none = await assertRejects(() => without.token(request), Refusal);
  assertEquals(none.reason, { code: "not_connected", ...named });
});
