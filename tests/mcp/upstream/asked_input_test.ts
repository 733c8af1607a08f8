import { assertEquals } from "@std/assert";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";
import { askedBy, MAX_ASKED, MAX_URL, pagesOf } from "../../../mcp/upstream/asked_input.ts";
import { URL_ELICITATION_REQUIRED } from "../../../mcp/upstream/rpc.ts";

const common = { name: "notes", title: "Notes", timeoutMs: 1000 };
const PUBLIC: UpstreamSpec = {
  ...common,
  kind: "http",
  url: "https://notes.example/mcp",
  headers: {},
};
const HERE: UpstreamSpec = { ...PUBLIC, url: "http://127.0.0.1:9/mcp" };
const LOCAL: UpstreamSpec = { ...common, kind: "stdio", command: "notes", args: [], env: {} };

const PAGE = { url: "https://notes.example/sign-in", message: "Sign in" };

/** The pages of an error, and those of a result that asks. */
function pages(elicitations: unknown, spec: UpstreamSpec, code = URL_ELICITATION_REQUIRED) {
  return pagesOf({ kind: "answered_error", code, text: "", data: { elicitations } }, spec);
}

function asked(inputRequests: unknown, spec = PUBLIC) {
  return askedBy({ resultType: "input_required", inputRequests, requestState: "s" }, spec);
}

Deno.test("a person is asked to open no page that somebody on the way could put another in the place of", () => {
  const wrong: unknown[] = [
    "http://notes.example/sign-in",
    "http://10.0.0.1/sign-in",
    "https://ana@notes.example/",
    "https://:pw@notes.example/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "notes.example",
    `https://notes.example/${"x".repeat(MAX_URL)}`,
    7,
    undefined,
  ];
  for (const spec of [PUBLIC, HERE, LOCAL]) {
    for (const url of wrong) {
      assertEquals(pages([{ ...PAGE, url }], spec), [], String(url));
      const request = { method: "elicitation/create", params: { mode: "url", ...PAGE, url } };
      assertEquals(asked({ a: request }, spec), { pages: [], requests: {}, state: "s" });
    }
    assertEquals(pages([PAGE], spec), [PAGE]);
  }
});

Deno.test("a page of this machine is only for a server that stands here", () => {
  const page = { ...PAGE, url: "http://127.0.0.1:8080/sign-in" };
  assertEquals(pages([page], PUBLIC), []);
  assertEquals(pages([page], { ...PUBLIC, url: "https://127.0.0.1/mcp" } as UpstreamSpec), []);
  assertEquals(pages([page], { ...PUBLIC, url: "http://10.0.0.1/mcp" } as UpstreamSpec), []);
  for (const spec of [HERE, LOCAL]) assertEquals(pages([page], spec), [page]);
});

Deno.test("an error asks for pages where it has the code for it, and a list of them", () => {
  assertEquals(pages([PAGE], PUBLIC, -32_000), []);
  for (const none of [undefined, null, PAGE, "x", [null, "x", [PAGE]]]) {
    assertEquals(pages(none, PUBLIC), []);
  }
  const why = { kind: "answered_error", code: URL_ELICITATION_REQUIRED, text: "" } as const;
  for (const data of [undefined, null, "x", [PAGE]]) {
    assertEquals(pagesOf({ ...why, data }, PUBLIC), []);
  }
  assertEquals(pages(Array(30).fill(PAGE), PUBLIC).length, 10);
  const long = { ...PAGE, message: `a\u202Eb${"x".repeat(2_000)}` };
  const [{ message = "" } = {}] = pages([long], PUBLIC);
  assertEquals([[...message].length, message.startsWith("a b")], [MAX_ASKED, true]);
  assertEquals(pages([{ url: PAGE.url, message: 7 }], PUBLIC), [{ ...PAGE, message: "" }]);
});

Deno.test("a result asks for what can be read, and not without end", () => {
  const request = { method: "sampling/createMessage", params: { a: 1 } };
  const url = { method: "elicitation/create", params: { mode: "url", ...PAGE } };
  assertEquals(
    asked({ a: request, b: null, c: "x", d: { params: {} }, e: { method: "x" }, f: url }),
    {
      pages: [PAGE],
      requests: { a: request, e: { method: "x", params: {} }, f: url },
      state: "s",
    },
  );
  for (const none of [undefined, null, "x", [request]]) {
    assertEquals(asked(none), { pages: [], requests: {}, state: "s" });
  }
  assertEquals(asked({ a: { method: "x", params: "y" } })?.requests, {
    a: { method: "x", params: {} },
  });
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`r${at}`, request]));
  assertEquals(Object.keys(asked(many)!.requests).length, 10);
  assertEquals(
    askedBy({ resultType: "complete", inputRequests: { a: request } }, PUBLIC),
    undefined,
  );
  assertEquals(
    askedBy({ resultType: "input_required", requestState: 7 }, PUBLIC)?.state,
    undefined,
  );
});
