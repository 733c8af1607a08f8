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

Deno.test("what a token of env may not do is told with the scopes, and no other token is tried", async () => {
  const vault = { token: () => Promise.reject(new TypeError("The vault was asked")) };
  const broker = createLocalBroker({
    servers: serversOf(serverOf()),
    envTokens: new Map([["acme", "from env"]]),
    vault: vault as unknown as Parameters<typeof createLocalBroker>[0]["vault"],
  });
  const request = { subject: "local:me", service: "mail", scopes: [["mail"]] };
  const token = (more: object) => broker.token({ ...request, ...more } as unknown as TokenRequest);
  const lack = async (scopes: string[]) => {
    const refused = { kind: "scopes", scopes, why: "Because." };
    const run = () => token({ rejected: "from env", refused });
    const { reason } = await assertRejects(run, Refusal);
    return reason.code === "insufficient_scope" && [reason.scope, reason.why];
  };
  assertEquals([await lack(["calendar"]), await lack([])], [
    ["calendar", "Because."],
    ["mail", "Because."],
  ]);
  // Another token was refused, or for another reason: the vault may have a better one.
  const others = [{ rejected: "another", refused: { kind: "scopes", scopes: [] } }, {
    rejected: "from env",
  }, { rejected: "from env", refused: { kind: "sign_in" } }];
  for (const more of others) {
    const error = await assertRejects(() => token(more), TypeError);
    assertEquals(error.message, "The vault was asked");
  }
});
