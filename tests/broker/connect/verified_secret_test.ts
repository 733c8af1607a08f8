import { assertEquals, assertRejects } from "@std/assert";
import { verified } from "../../../broker/connect/verified_secret.ts";
import type { ClientCredentials, TokenAnswer } from "../../../broker/core/authorization_server.ts";
import type { Account } from "../../../broker/core/connection.ts";
import { LONGEST_KEY } from "../../../broker/core/link_bounds.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf } from "../fixtures.ts";

const ISSUED: TokenAnswer = {
  kind: "issued",
  tokens: { accessToken: "a", tokenType: "Bearer", expiresIn: 3600 },
};

/** What becomes of a client, and what its provider was asked. */
async function shown(
  { id = "i", secret = "s", answer = ISSUED, account = { id: "1", label: "one" } }: {
    id?: string;
    secret?: string;
    answer?: TokenAnswer;
    account?: Account;
  },
) {
  const asked: string[] = [];
  const credential: ClientCredentials = {
    kind: "client_credentials",
    made: { url: "https://acme.example/clients", how: "Make one." },
    issue: () => {
      asked.push("issue");
      return Promise.resolve(answer);
    },
    revoke: () => {
      asked.push("revoke");
      return Promise.resolve({ kind: "revoked" });
    },
  };
  const server = serverOf({ credential, identify: () => Promise.resolve(account) });
  const client = { id, secret };
  const run = verified(testWorld(), server, {
    secret: { kind: "client_credentials", client },
    scopes: [],
    params: undefined,
  });
  const said = await run.then(
    ({ account }) => account.id,
    ({ reason }) => reason.code === "key_refused" ? reason.why : reason.code,
  );
  return [said, ...asked];
}

Deno.test("a client that cannot be one is shown to no provider", async () => {
  const longest = "x".repeat(LONGEST_KEY);
  assertEquals(await shown({ id: longest, secret: longest }), ["1", "issue"]);
  for (const wrong of ["", `${longest}x`, "a\nb", "é"]) {
    assertEquals(await shown({ id: wrong }), ["malformed"]);
    assertEquals(await shown({ secret: wrong }), ["malformed"]);
  }
});

Deno.test("a client whose account cannot be kept is ended where it was issued something", async () => {
  assertEquals(await shown({ answer: { kind: "rejected", code: "invalid_client" } }), [
    "refused",
    "issue",
  ]);
  for (const id of ["", "x".repeat(10_000)]) {
    assertEquals(await shown({ account: { id, label: "one" } }), ["unclear", "issue", "revoke"]);
  }
  await assertRejects(
    () =>
      verified(testWorld(), serverOf(), {
        secret: { kind: "client_credentials", client: { id: "i", secret: "s" } },
        scopes: [],
        params: undefined,
      }),
    Refusal,
  );
});
