/** Which of an account's tenants a request goes to. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Tenant, TokenSet } from "../../../broker/core/connection.ts";
import { NOWHERE, type ProviderApi } from "../../../broker/core/provider_api.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { aimOf } from "../../../routes/api/proxy_aim.ts";

const PROVIDER: ProviderApi = {
  name: "acme",
  title: "Acme",
  apiUrl: (path, extra) => new URL(`https://${extra?.host ?? "api.acme.example"}${path}`),
  apiHosts: ["api.acme.example", "east.acme.example", "west.acme.example", NOWHERE],
  apiHeaders: {},
  authorize() {},
};
const BY_HEADER = { ...PROVIDER, tenants: { header: "Acme-Tenant" } } as unknown as ProviderApi;

const tenant = (id: string, extra: Tenant["extra"] = {}): Tenant => ({
  id,
  label: `Site ${id}`,
  extra,
});

function aim(
  provider: ProviderApi,
  tenants: Tenant[] | undefined,
  { method = "GET", ...headers }: Record<string, string> = {},
) {
  const request = new Request("http://localhost:8000/proxy/acme/notes", { method, headers });
  const tokens = { accessToken: "a", tokenType: "Bearer", issuedAt: 0, scopes: [], tenants };
  const { url, headers: sent } = aimOf(
    request,
    { provider, service: undefined },
    tokens as TokenSet,
  );
  return [url.host, sent];
}

function refused(...args: Parameters<typeof aim>): string {
  const { reason } = assertThrows(() => aim(...args), Refusal);
  return reason.code === "invalid_request" ? reason.detail : reason.code;
}

Deno.test("a request that names no tenant goes to the usual one, and says none where there is none", () => {
  assertEquals(aim(BY_HEADER, undefined), ["api.acme.example", {}]);
  assertEquals(aim(BY_HEADER, [tenant("1"), tenant("2")]), [
    "api.acme.example",
    { "Acme-Tenant": "1" },
  ]);
  assertEquals(aim(PROVIDER, [tenant("1")]), ["api.acme.example", {}]);
});

Deno.test("the tenant that a request names is one of the account's, by either header", () => {
  const two = [tenant("1"), tenant("2")];
  for (const header of ["X-Tenant", "Acme-Tenant"]) {
    assertEquals(aim(BY_HEADER, two, { [header]: "2" })[1], { "Acme-Tenant": "2" });
    assertStringIncludes(refused(BY_HEADER, two, { [header]: "3" }), "It has Site 1 (1), Site 2");
  }
  assertStringIncludes(refused(BY_HEADER, undefined, { "X-Tenant": "1" }), "None is known of it");
  // A header of another API's is passed on or not, and names no tenant.
  assertEquals(aim(PROVIDER, two, { "Acme-Tenant": "3" })[1], {});
});

Deno.test("what changes something goes nowhere where several could be meant, and the answer names a few of them", () => {
  const two = [tenant("1"), tenant("2")];
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    assertStringIncludes(refused(BY_HEADER, two, { method }), "has several tenants");
    assertEquals(aim(BY_HEADER, two, { method, "X-Tenant": "2" })[1], { "Acme-Tenant": "2" });
    assertEquals(aim(BY_HEADER, [tenant("1")], { method })[1], { "Acme-Tenant": "1" });
    // They are all at one address, with the same headers.
    assertEquals(aim(PROVIDER, two, { method })[0], "api.acme.example");
    const apart = ["east", "west"].map((at) => tenant(at, { host: `${at}.acme.example` }));
    assertStringIncludes(refused(PROVIDER, apart, { method }), "has several tenants");
    assertEquals(aim(PROVIDER, apart, { method, "X-Tenant": "west" })[0], "west.acme.example");
  }
  for (const method of ["GET", "HEAD"]) {
    assertEquals(aim(BY_HEADER, two, { method })[1], { "Acme-Tenant": "1" });
  }
  const many = Array.from({ length: 500 }, (_, at) => tenant(String(at)));
  const said = refused(BY_HEADER, many, { method: "POST" });
  assertEquals([said.split("Site").length - 1, said.includes("and 490 more")], [10, true]);
});

Deno.test("an account whose API is nobody knows where gets no request", () => {
  const provider = { ...PROVIDER, apiUrl: () => new URL(`https://${NOWHERE}/`) };
  assertStringIncludes(refused(provider, undefined), "It is not known where the API");
});
