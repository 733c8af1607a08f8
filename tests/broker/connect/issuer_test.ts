import { assertEquals } from "@std/assert";
import { requireIssuer } from "../../../broker/connect/issuer.ts";
import type { OAuthFlow } from "../../../broker/core/authorization_server.ts";
import { serverOf } from "../fixtures.ts";

const { credential } = serverOf();

function flow(words: Partial<OAuthFlow>): OAuthFlow {
  return { ...credential as OAuthFlow, ...words };
}

function isTaken(own: OAuthFlow, iss: string | undefined, others: OAuthFlow[], code = "c") {
  try {
    requireIssuer(own, { iss, code }, others);
    return true;
  } catch {
    return false;
  }
}

const HERE = "https://here.example";
const THERE = "https://there.example";

Deno.test("requireIssuer() compares where the issuer is known, and wants it where it always comes", () => {
  const own = flow({ issuer: HERE, sendsIssuer: true });
  assertEquals(isTaken(own, HERE, []), true);
  assertEquals(isTaken(own, `${HERE}/`, []), false);
  assertEquals(isTaken(own, THERE, []), false);
  assertEquals(isTaken(own, undefined, []), false);
  assertEquals(isTaken(own, undefined, [], ""), true, "an error");
  assertEquals(isTaken(flow({ issuer: HERE }), undefined, []), true);
});

Deno.test("requireIssuer() takes no issuer of another provider's for one that nobody named", () => {
  const own = flow({ origin: HERE });
  for (
    const other of [
      flow({ issuer: `${THERE}/tenant` }),
      flow({ origin: THERE }),
      flow({ issuer: `${THERE}/other`, origin: HERE }),
    ]
  ) {
    assertEquals(isTaken(own, `${THERE}/tenant`, [other]), false);
    assertEquals(isTaken(own, "https://third.example", [other]), true);
    assertEquals(isTaken(own, "no address", [other]), true);
    // An issuer that is no address at all is at no place where another one is.
    assertEquals(isTaken(own, "no address", [flow({})]), true);
    assertEquals(isTaken(own, `${HERE}/ours`, [other]), true);
  }
});
