import { assertEquals, assertRejects } from "@std/assert";
import { type AuthorizationDeps } from "../../../broker/connect/new_connection.ts";
import { beginSignIn } from "../../../broker/connect/begin.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { serverOf, serversOf } from "../fixtures.ts";

Deno.test("nobody signs in with a provider that shows no address, or is not set up", async () => {
  const deps = { servers: serversOf(serverOf()) } as AuthorizationDeps;
  const codeOf = async (provider: string) => {
    const begin = () => beginSignIn(deps, { provider, returnTo: "/", browser: "b" });
    return (await assertRejects(begin, Refusal)).reason.code;
  };
  assertEquals(await codeOf("acme"), "invalid_request");
  assertEquals(await codeOf("another"), "unknown_service");
});
