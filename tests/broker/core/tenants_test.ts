import { assertEquals } from "@std/assert";
import { extraOf, renewedTenants, tenantNamed, withSaid } from "../../../broker/core/tenants.ts";

function tenant(id: string, label = id.toUpperCase()) {
  return { id, label, extra: { site: id } };
}

const TENANTS = [tenant("a"), tenant("b"), tenant("c", "b"), tenant("d", "A")];

Deno.test("extraOf() says what stands beside the tokens, and the tenant that is meant", () => {
  const extra = { site: "x", realm: "r" };
  assertEquals(extraOf({}), undefined);
  assertEquals(extraOf({ extra, tenants: [] }), extra);
  assertEquals(extraOf({ extra, tenants: TENANTS }), { site: "a", realm: "r" });
  assertEquals(extraOf({ tenants: TENANTS }, TENANTS[1]), { site: "b" });
});

Deno.test("tenantNamed() goes by ids before names, and by no name that two of them have", () => {
  const named = (name: string) => tenantNamed(TENANTS, name)?.id;
  assertEquals(["a", "b", "c", "d"].map(named), ["a", "b", "c", "d"]);
  assertEquals(
    [named("A"), named("B"), named("C"), named("")],
    [undefined, undefined, undefined]
      .concat(undefined),
  );
  assertEquals(tenantNamed([tenant("a", "Site")], "sITE")?.id, "a");
  assertEquals(tenantNamed([tenant("a", "Site")], "other"), undefined);
  assertEquals(tenantNamed([], "a"), undefined);
});

Deno.test("renewedTenants() leaves the usual one in its place, and takes nothing back for no answer", () => {
  const ids = (now: string[] | undefined, before: string[] | undefined) =>
    renewedTenants(now?.map((id) => tenant(id)), before?.map((id) => tenant(id)))
      ?.map(({ id }) => id);
  assertEquals(ids(undefined, undefined), undefined);
  assertEquals(ids(undefined, ["a"]), ["a"]);
  assertEquals(ids([], ["a"]), []);
  assertEquals(ids(["c", "b", "a"], undefined), ["c", "b", "a"]);
  assertEquals(ids(["c", "b", "a"], []), ["c", "b", "a"]);
  assertEquals(ids(["c", "b", "a"], ["a", "b"]), ["a", "c", "b"]);
  assertEquals(ids(["c", "b"], ["a", "b"]), ["c", "b"]);
});

Deno.test("withSaid() adds what was said of the account, and drops nothing for what was not", () => {
  const tokens = {
    accessToken: "t",
    tokenType: "Bearer",
    issuedAt: 0,
    scopes: [],
    extra: { realm: "r", team: "1" },
    tenants: TENANTS,
  };
  const account = { id: "1", label: "Ada" };
  assertEquals(withSaid(tokens, account), tokens);
  assertEquals(withSaid(tokens, { ...account, extra: { team: "2" } }), {
    ...tokens,
    extra: { realm: "r", team: "2" },
  });
  assertEquals(withSaid(tokens, { ...account, tenants: [] }), { ...tokens, tenants: [] });
});
