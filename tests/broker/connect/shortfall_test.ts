import { assertEquals } from "@std/assert";
import type { TokenSet } from "../../../broker/core/connection.ts";
import { shortfall } from "../../../broker/connect/shortfall.ts";
import { serverOf } from "../fixtures.ts";

const tokensFor = (...scopes: string[]): TokenSet => ({
  accessToken: "a",
  tokenType: "Bearer",
  issuedAt: 0,
  scopes,
});
const ASKED = { services: ["calendar", "mail"], scopes: ["calendar", "mail", "openid"] };
const ACCOUNT = { id: "1", label: "one" };

Deno.test("shortfall() names what a person withheld, and no scope that opens nothing", () => {
  const of = (...scopes: string[]) => shortfall(serverOf(), ASKED, ACCOUNT, tokensFor(...scopes));
  assertEquals(of("calendar", "mail", "openid"), { withheld: [], missing: [], meant: undefined });
  assertEquals(of("calendar", "mail"), { withheld: [], missing: [], meant: undefined });
  assertEquals(of("mail"), { withheld: ["calendar"], missing: ["calendar"], meant: undefined });
  // A part of it opens it; what was asked for is missing all the same.
  assertEquals(of("mail", "calendar.ro"), {
    withheld: [],
    missing: ["calendar"],
    meant: undefined,
  });
});

Deno.test("shortfall() says whom it was meant for where it is somebody else, and there alone", () => {
  const meant = { account: "2", label: "two" };
  const of = (id: string) =>
    shortfall(serverOf(), { ...ASKED, meant }, { ...ACCOUNT, id }, tokensFor("calendar", "mail"));
  assertEquals([of("1").meant, of("2").meant], [meant, undefined]);
});
