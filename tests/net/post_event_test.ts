/** The way to receivers of events: what a bad one can do, and that it gets nothing for it. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createPostEvent, EVENT_ANSWER_BYTES, type Posted } from "../../net/post_event.ts";
import type { PinnedOptions } from "../../net/pinned_http.ts";
import { createAuthority } from "../support/certificate.ts";
import { startHostile } from "../support/hostile_server.ts";
import { type Behave, HOST, say, TlsServer, write } from "../support/tls_server.ts";

const authority = await createAuthority();
/** The internet is this machine. */
const LOCAL: PinnedOptions = {
  resolve: () => Promise.resolve(["127.0.0.1"]),
  isAllowed: () => true,
  caCerts: [authority.cert],
};
const REQUEST = { headers: { "webhook-signature": "v1,secret" }, body: '{"type":"x"}' };

/** To an address of the internet; a `fetch` of the usual kind is never asked. */
function send(url: string, options: PinnedOptions = LOCAL, signal = new AbortController().signal) {
  const never = () => Promise.reject(new Error("fetch was asked"));
  return createPostEvent(never, options)({ url, isPrivate: false }, REQUEST, signal);
}

async function sendTo(behave: Behave, host = HOST): Promise<[Posted, string[]]> {
  await using server = await TlsServer.start({ behave, host, authority });
  return [await send(server.url), server.requests];
}

Deno.test("a redirect is an answer like any other: nobody is asked at its place", async () => {
  await using elsewhere = await TlsServer.start({
    behave: say("HTTP/1.1 204 No Content\r\n\r\n"),
    host: HOST,
    authority,
  });
  for (const location of ["http://169.254.169.254/latest/meta-data", elsewhere.url]) {
    for (const status of [301, 302, 303, 307, 308]) {
      const head = `HTTP/1.1 ${status} x\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
      const [posted, requests] = await sendTo(say(head));
      assertEquals([posted, requests.length], [
        { kind: "answered", status, retryAfterMs: undefined },
        1,
      ]);
    }
  }
  assertEquals(elsewhere.accepted, 0);
});

Deno.test("of an answer that is too long, or has no end, no more is read than there may be", async () => {
  const tooLong = { kind: "failed", fault: "an answer of more than 64 KB" } as const;
  const head = "HTTP/1.1 200 OK\r\n";
  const long = `${head}Content-Length: ${1e12}\r\n\r\n`;
  assertEquals((await sendTo(say(long)))[0], tooLong);
  let written = 0;
  const endless = (begin: string, piece: string): Behave => async (connection) => {
    await write(connection, begin);
    for (written = 0;; written += piece.length) await write(connection, piece);
  };
  const chunk = `8000\r\n${"x".repeat(0x8000)}\r\n`;
  for (
    const behave of [
      endless(`${head}\r\n`, "x".repeat(0x8000)),
      endless(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk),
    ]
  ) {
    assertEquals((await sendTo(behave))[0], tooLong);
    // What the system holds between the two is not read by anybody.
    assert(written < 100 * EVENT_ANSWER_BYTES, `${written} bytes`);
  }
  // A head without an end is none.
  const [posted] = await sendTo(endless(head, `X-${"x".repeat(0x8000)}: y\r\n`));
  assertEquals(posted.kind, "failed");
});

Deno.test("who closes in the middle, or speaks no HTTP, has taken nothing", async () => {
  const fault = async (text: string) => {
    const [posted] = await sendTo(say(text));
    return posted.kind === "failed" ? posted.fault : posted.status;
  };
  assertEquals(
    await fault("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
    "its answer broke off",
  );
  assertEquals(await fault("HTTP/1.1 200 O"), "no HTTP");
  assertEquals(await fault(""), "no HTTP");
  assertEquals(await fault("220 mail.example ESMTP\r\n\r\n"), "no HTTP");
});

Deno.test("nothing is sent where the certificate is another's, the name is unknown, or the address is of this network", async () => {
  await using other = await TlsServer.start({
    behave: say("HTTP/1.1 204 x\r\n\r\n"),
    host: "other.example",
    authority,
  });
  await assertRejects(() => send(other.url));
  await assertRejects(() => send(other.url, { ...LOCAL, caCerts: [] }));
  assertEquals(other.requests, []);
  const at = "https://hooks.example/events";
  const unknown = () => Promise.reject(new Deno.errors.NotFound("no such name"));
  const posted = await send(at, { resolve: unknown }).catch(() => ({ kind: "failed" }));
  assertEquals(posted.kind, "failed");
  // A public name that leads into a private network, today or since a minute ago.
  for (
    const address of [
      "10.0.0.1",
      "127.0.0.1",
      "169.254.169.254",
      "::1",
      "fd00::1",
      "::ffff:10.0.0.1",
    ]
  ) {
    assertEquals(
      await send(at, { resolve: () => Promise.resolve([address]) }),
      { kind: "failed", fault: "not a public address" },
      address,
    );
  }
});

Deno.test("who never answers is let go with the time for it", async () => {
  const [asked, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const behave = () => {
    asked.resolve();
    return over.promise;
  };
  await using server = await TlsServer.start({ behave, host: HOST, authority });
  const late = new AbortController();
  const sending = send(server.url, LOCAL, late.signal);
  await asked.promise;
  late.abort(new DOMException("late", "TimeoutError"));
  await assertRejects(() => sending, DOMException, "late");
  over.resolve();
});

Deno.test("on this machine too an answer without an end is hung up on, and a redirect not followed", async () => {
  const post = createPostEvent(fetch);
  const { signal } = new AbortController();
  await using endless = startHostile(async (send) => {
    await send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (await send(`8000\r\n${"x".repeat(0x8000)}\r\n`));
  });
  assertEquals(
    (await post({ url: endless.url, isPrivate: false }, REQUEST, signal)).kind,
    "answered",
  );
  await endless.hungUp;
  await using there = startHostile(async (send) => void await send("HTTP/1.1 204 x\r\n\r\n"));
  await using redirecting = startHostile(async (send) => {
    await send(`HTTP/1.1 307 x\r\nLocation: ${there.url}\r\nContent-Length: 0\r\n\r\n`);
  });
  const posted = await post({ url: redirecting.url, isPrivate: true }, REQUEST, signal);
  assertEquals([posted, there.seen.length], [
    { kind: "answered", status: 307, retryAfterMs: undefined },
    0,
  ]);
});
