/** Signatures, held against the specification by hand: nothing of the library that makes them is used. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { signedHeaders } from "../../events/sign.ts";
import { newEventSecret } from "../support/event_receiver.ts";

const BODY = '{"type":"connection.created","data":{"account_label":"Åsa 🐟"}}';
const AT = Date.UTC(2026, 10, 27, 9, 0, 0, 999);

/** `v1,` + base64(HMAC-SHA256(secret bytes, id "." timestamp "." body)). */
async function byHand(secret: string, id: string, seconds: string, body: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.slice("whsec_".length)), (c) => c.charCodeAt(0));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const text = new TextEncoder().encode(`${id}.${seconds}.${body}`);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, text));
  return `v1,${btoa(String.fromCharCode(...mac))}`;
}

Deno.test("the signature is the one of the specification, whatever is in the body", async () => {
  const secret = newEventSecret();
  const headers = signedHeaders({ id: "evt_1", at: AT, body: BODY }, [secret]);
  const seconds = headers["webhook-timestamp"]!;
  assertEquals(seconds, String(Math.floor(AT / 1000)));
  assertEquals(headers["webhook-id"], "evt_1");
  assertEquals(headers["webhook-signature"], await byHand(secret, "evt_1", seconds, BODY));
  // Each part counts.
  for (
    const other of [
      byHand(secret, "evt_2", seconds, BODY),
      byHand(secret, "evt_1", String(Number(seconds) + 1), BODY),
      byHand(secret, "evt_1", seconds, `${BODY} `),
      byHand(newEventSecret(), "evt_1", seconds, BODY),
    ]
  ) assertNotEquals(headers["webhook-signature"], await other);
});

Deno.test("the specification's own example is signed as it says", () => {
  const headers = signedHeaders(
    { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1614265330_000, body: '{"test": 2432232314}' },
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  );
  assertEquals(
    headers["webhook-signature"],
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

Deno.test("while a secret is replaced both sign, and either alone is enough", async () => {
  const [next, before] = [newEventSecret(), newEventSecret()];
  const headers = signedHeaders({ id: "evt_1", at: AT, body: BODY }, [next, before]);
  const signatures = headers["webhook-signature"]!.split(" ");
  const seconds = headers["webhook-timestamp"]!;
  assertEquals(signatures, [
    await byHand(next, "evt_1", seconds, BODY),
    await byHand(before, "evt_1", seconds, BODY),
  ]);
  assert(!JSON.stringify(headers).includes(next.slice(6)));
});
