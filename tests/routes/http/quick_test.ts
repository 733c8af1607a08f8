/** However a request is answered, it ends once, and its log is told how. */

import { assertEquals, assertRejects } from "@std/assert";
import type { Context } from "hono";
import { Callers } from "../../../broker/core/callers.ts";
import { type Fetch, type Quick, quickly } from "../../../routes/http/quick.ts";

const broken = new Error("broken");

/** As far as one is needed here: it does what is left to do, and knows no address. */
const router: Fetch = (_request, { rest }) =>
  rest === undefined ? new Response(null, { status: 404 }) : rest({} as Context);

/** Asks a program that answers `POST /x` in this way; what was told of that. */
function asked(answer: Quick["answer"], method = "POST", path = "/x") {
  const told: unknown[] = [];
  const edge = quickly(router, {
    quick: [{ path: "/x", answer }],
    hosts: { publicUrl: "https://sb.example.com", allowedHosts: [] },
    secure: true,
    nameRequest: (method, route) => void told.push(`named ${method} ${route()}`),
    since: () => 0,
    requestEnded: ({ route }, method, status) => void told.push(`${method} ${route} ${status}`),
  });
  const request = new Request(`https://sb.example.com${path}`, {
    method,
    headers: { Host: "sb.example.com" },
  });
  const notes = new Callers(() => 0).request();
  const response = edge(request, { request: notes, ended: () => void told.push("ended") });
  return { response, told };
}

Deno.test("a request ends once, with the status that it was answered, whoever answers it", async () => {
  const all: [answer: Quick["answer"], status: number][] = [
    [() => Promise.resolve({ status: 202, text: null }), 202],
    [() => Promise.resolve(new Response(null, { status: 499 })), 499],
    // What is left to do the router does.
    [() => Promise.resolve(() => new Response(null, { status: 403 })), 403],
  ];
  for (const [answer, status] of all) {
    const { response, told } = asked(answer);
    assertEquals((await response).status, status);
    assertEquals(told, ["named POST /x", "ended", `POST /x ${status}`]);
  }
  const never = () => Promise.reject(new Error("asked"));
  for (const { response, told } of [asked(never, "GET"), asked(never, "POST", "/y")]) {
    assertEquals((await response).status, 404);
    assertEquals(told.length, 2);
  }
});

Deno.test("a request that fails ends once, too, as a fault of the program", async () => {
  const { response, told } = asked(() => Promise.reject(broken));
  assertEquals(await assertRejects(() => response), broken);
  assertEquals(told, ["named POST /x", "ended", "POST /x 500"]);
});
