import { assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { github } from "../../providers/github/github.ts";
import type { ApiClient } from "../../providers/provider.ts";
import { answeredBy, faultOf } from "../support/api.ts";

const Anything = z.unknown();

/** A client of GitHub's API that notes its requests. */
function noting(answer: (request: Request) => Response): { api: ApiClient; seen: Request[] } {
  const seen: Request[] = [];
  const api = answeredBy(github, (request) => {
    seen.push(request.clone());
    return answer(request);
  });
  return { api, seen };
}

function moved(location: string, status = 301) {
  return noting(({ url }) =>
    url.includes("/old")
      ? new Response(null, { status, headers: { Location: location } })
      : Response.json({ url })
  );
}

Deno.test("json() follows a GET that has moved within the API, once", async () => {
  for (const status of [301, 302, 307, 308]) {
    const { api, seen } = moved("/repositories/7", status);
    const query = { per_page: 2 };
    const answer = await api.json("/repos/octocat/old", Anything, { query });
    assertEquals(answer, { url: "http://localhost/repositories/7?per_page=2" });
    assertEquals(seen[1]!.headers.get("Authorization"), "Bearer provider-token");
  }
  const { api } = moved("http://localhost/repositories/7?page=1");
  const answer = await api.json("/old", Anything, { query: { per_page: 2 } });
  assertEquals(answer, { url: "http://localhost/repositories/7?page=1" });
});

Deno.test("json() follows no redirect that leads elsewhere, on and on, or nowhere", async () => {
  for (
    const location of [
      "https://evil.example/repositories/7",
      "//evil.example/",
      "http://localhost:81/",
      "https://localhost/",
      "http://localhost.evil.example/",
      // What stands before the host would be sent beside the token.
      "http://somebody:secret@localhost/repositories/7",
      "javascript:alert(1)",
      "",
      "http://[",
    ]
  ) {
    const { api, seen } = moved(location);
    const fault = await faultOf(api.json("/old", Anything));
    assertEquals([fault.kind, seen.length], ["not_found", 1], location);
    assertStringIncludes(fault.message, "GitHub says that this has moved");
  }
  const { api, seen } = moved("/old/again");
  assertEquals((await faultOf(api.json("/old", Anything))).kind, "not_found");
  assertEquals(seen.length, 2);
});

Deno.test("json() sends no change to another address", async () => {
  for (const method of ["POST", "PATCH", "PUT", "DELETE"] as const) {
    const { api, seen } = moved("/repositories/7", 307);
    const fault = await faultOf(api.json("/old", Anything, { method, body: {} }));
    assertEquals([fault.kind, seen.length], ["not_found", 1], method);
  }
});

Deno.test("json() sends lists as several parameters and leaves out what is undefined", async () => {
  const { api, seen } = noting(() => Response.json({}));
  const query = { name: ["From", "Reply To"], none: [], page: 1, no: undefined, yes: false };
  await api.json("/x?fixed=1", Anything, { query });
  assertEquals(
    new URL(seen[0]!.url).search,
    "?fixed=1&name=From&name=Reply+To&page=1&yes=false",
  );
});

Deno.test("json() sends a body as JSON, a raw one as it is, and none with a GET", async () => {
  const { api, seen } = noting(() => Response.json({}));
  await api.json("/x", Anything, { method: "POST", body: { a: "ä" } });
  const rawBody = { contentType: "multipart/related; boundary=b", body: "--b\r\nä" };
  await api.json("/x", Anything, { method: "POST", rawBody });
  await api.json("/x", Anything);
  const sent = await Promise.all(
    seen.map(async (request) => [request.headers.get("Content-Type"), await request.text()]),
  );
  assertEquals(sent, [
    ["application/json", '{"a":"ä"}'],
    ["multipart/related; boundary=b", "--b\r\nä"],
    [null, ""],
  ]);
});

Deno.test("text() reads no more than it may, and cuts no character in half", async () => {
  const { api } = noting(() => new Response("\uFEFFzażółć 🦆"));
  assertEquals(await api.text("/x", 100), { text: "zażółć 🦆", truncated: false });
  // The mark of the order of bytes takes three.
  assertEquals(await api.text("/x", 3 + 10), { text: "zażółć", truncated: true });
  for (const more of [1, 2, 3, 4]) {
    assertEquals((await api.text("/x", 3 + 10 + more)).text, "zażółć ", String(more));
  }
  assertEquals(await api.text("/x", 3 + 10 + 5), { text: "zażółć 🦆", truncated: false });
});

Deno.test("text() stops fetching an answer that is too long", async () => {
  let sent = 0;
  let cancelled = false;
  const { api } = noting(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new TextEncoder().encode("x".repeat(1_000)));
          sent += 1_000;
        },
        cancel() {
          cancelled = true;
        },
      }),
    )
  );
  const { text, truncated } = await api.text("/x", 5_500);
  assertEquals([text.length, truncated, cancelled], [5_500, true, true]);
  assertEquals(sent < 10_000, true);
});

Deno.test("text() reads a refusal as json() does", async () => {
  const { api } = noting(() => Response.json({ message: "Sorry" }, { status: 403 }));
  const fault = await faultOf(api.text("/x", 100));
  assertEquals([fault.kind, fault.message], ["forbidden", "GitHub does not allow this. Sorry"]);
});

/** GitHub's storage of logs is such a place. */
const STORAGE = "https://results1.blob.core.windows.net/log?sig=x";

Deno.test("text() fetches from elsewhere what the provider keeps there, without the token", async () => {
  const { api, seen } = noting(({ url }) =>
    url.startsWith(STORAGE)
      ? new Response("the log")
      : new Response(null, { status: 302, headers: { Location: STORAGE } })
  );
  const headers = { "X-Of-The-Caller": "1" };
  assertEquals(await api.text("/x", 100, { elsewhere: true, headers }), {
    text: "the log",
    truncated: false,
  });
  const [asked, fetched] = seen;
  assertEquals(asked!.headers.get("Authorization"), "Bearer provider-token");
  assertEquals(fetched!.headers.get("Authorization"), null);
  assertEquals(fetched!.headers.get("X-Of-The-Caller"), null);
  assertEquals(fetched!.headers.get("X-GitHub-Api-Version"), null);
  // Whoever does not ask for it is sent nowhere.
  assertEquals((await faultOf(api.text("/x", 100))).kind, "not_found");
  assertEquals(seen.length, 3);
});

Deno.test("text() goes no further than to where the provider keeps its files", async () => {
  const rows: [place: string, then: Response, kind: string, requests: number][] = [
    ["https://evil.example/", new Response("x"), "not_found", 1],
    ["http://169.254.169.254/latest/meta-data", new Response("x"), "not_found", 1],
    [STORAGE, new Response(null, { status: 302, headers: { Location: "/y" } }), "unavailable", 2],
    [STORAGE, new Response("gone", { status: 404 }), "not_found", 2],
    [STORAGE, new Response("late", { status: 403 }), "not_found", 2],
    [STORAGE, new Response("broken", { status: 500 }), "unavailable", 2],
  ];
  for (const [place, then, kind, requests] of rows) {
    const { api, seen } = noting(({ url }) =>
      url.startsWith("http://localhost/")
        ? new Response(null, { status: 302, headers: { Location: place } })
        : then
    );
    const fault = await faultOf(api.text("/x", 100, { elsewhere: true }));
    assertEquals([fault.kind, seen.length], [kind, requests], place);
  }
  // A change is never sent on.
  const { api, seen } = noting(() =>
    new Response(null, { status: 307, headers: { Location: STORAGE } })
  );
  const change = { method: "POST", elsewhere: true, body: {} } as const;
  assertEquals((await faultOf(api.text("/x", 100, change))).kind, "not_found");
  assertEquals(seen.length, 1);
});
