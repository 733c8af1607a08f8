import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  codeQuery,
  faultIn,
  searchFor,
  type Wanted,
} from "../../../providers/github/search_query.ts";

const REPO = "octocat/hello-world";

function queries(query: string, wanted: Partial<Wanted> = {}): string[] {
  return searchFor(query, { type: "issue", state: "open", ...wanted }).queries;
}

Deno.test("searchFor() adds what the query does not say itself", () => {
  assertEquals(queries("login fails"), ["login fails is:issue is:open"]);
  assertEquals(queries("login", { type: "pull_request", repo: REPO }), [
    `login is:pr is:open repo:${REPO}`,
  ]);
  // GitHub takes one kind at a time.
  assertEquals(queries("x", { type: "all", state: "all" }), ["x is:issue", "x is:pr"]);
  assertEquals(queries("x", { labels: ["good first issue", 'a"b'], base: "main" }), [
    'x is:pr is:open label:"good first issue" label:"ab" base:main',
  ]);
});

Deno.test("searchFor() lets the query's own qualifiers win", () => {
  const rows: [string, string[], Partial<Wanted>?][] = [
    ["is:pr x", ["is:pr x is:open"]],
    ["TYPE:PR x", ["TYPE:PR x is:open"]],
    ["type:pull-request", ["type:pull-request is:open"], { type: "all" }],
    // Bug is a type of issue, and no kind of its own.
    ["type:Bug", ["type:Bug is:issue is:open"], { type: "all" }],
    ["-is:pr x", ["-is:pr x is:issue is:open"], { type: "pull_request" }],
    ["is:closed x", ["is:closed x is:issue"]],
    ["state:closed x", ["state:closed x is:issue"]],
    ["is:merged", ["is:merged is:pr"]],
    // Nothing that is open has been closed, or merged.
    ["closed:>2026-11-01", ["closed:>2026-11-01 is:issue"]],
    ["merged:>2026-11-01", ["merged:>2026-11-01 is:pr"]],
    ["reason:completed", ["reason:completed is:issue"]],
    ["review-requested:@me", ["review-requested:@me is:pr is:open"], { type: "all" }],
    ["base:dev", ["base:dev is:pr is:open"], { base: "main" }],
    ["draft:true", ["draft:true is:pr is:open"]],
    // Words in quotes are words.
    ['"is:pr is:closed" x', ['"is:pr is:closed" x is:issue is:open']],
    ["this:that", ["this:that is:issue is:open"]],
  ];
  for (const [query, expected, wanted] of rows) {
    assertEquals(queries(query, wanted), expected, query);
  }
  assertEquals(searchFor("x sort:updated-desc", { type: "issue", state: "open" }).sorted, true);
});

Deno.test("searchFor() looks in one place alone, and says which where two were named", () => {
  const search = (query: string) => searchFor(query, { type: "issue", state: "open", repo: REPO });
  assertEquals(search(`repo:${REPO} x`).queries, [`repo:${REPO} x is:issue is:open`]);
  assertEquals(search(`repo:${REPO.toUpperCase()} x`).notes, []);
  for (const place of ["repo:a/b", "org:acme", "user:ana"]) {
    const { queries, notes } = search(`${place} x`);
    // Two of them are a union, or nothing at all.
    assertEquals(queries, [`${place} x is:issue is:open`]);
    assertEquals(notes, [`This is from ${place}, as the query says, and not from ${REPO}.`]);
  }
  assertStringIncludes(search("-repo:a/b x").queries[0]!, `repo:${REPO}`);
  assertEquals(search("-org:a x").notes, []);
});

Deno.test("searchFor() keeps an OR to itself", () => {
  const search = (query: string) => searchFor(query, { type: "issue", state: "open", repo: REPO });
  const rest = `is:issue is:open repo:${REPO}`;
  assertEquals(search("crash OR hang").queries, [`(crash OR hang) ${rest}`]);
  assertEquals(search("(crash OR hang)").queries, [`(crash OR hang) ${rest}`]);
  assertEquals(search("(a) OR (b)").queries, [`((a) OR (b)) ${rest}`]);
  assertEquals(search("label:a OR label:b").advanced, true);
  assertEquals(search("or (b) and").queries, [`or (b) and ${rest}`]);
  assertEquals(search('"this OR that"').queries, [`"this OR that" ${rest}`]);
  assertEquals(search("(is:pr OR is:issue) x OR y").queries.length, 1);
});

Deno.test("searchFor() takes a query in quotes for what was meant by it", () => {
  assertEquals(queries('"is:pr author:ana"'), ["is:pr author:ana is:open"]);
  assertEquals(queries("“login fails”"), ['"login fails" is:issue is:open']);
  assertEquals(queries('"login fails"'), ['"login fails" is:issue is:open']);
  assertEquals(queries('login "fails'), ["login  fails is:issue is:open"]);
});

Deno.test("faultIn() counts as GitHub counts", () => {
  assertEquals(faultIn("x".repeat(256)), undefined);
  assertStringIncludes(faultIn("x".repeat(257)) ?? "", "256 characters");
  assertEquals(faultIn(`${"x".repeat(250)} repo:${REPO} label:"good first issue"`), undefined);
  assertEquals(faultIn("a OR b OR c AND d NOT e NOT f"), undefined);
  assertStringIncludes(faultIn("a OR b OR c OR d OR e OR f OR g") ?? "", "AND, OR and NOT");
  assertEquals(faultIn('"a OR b OR c OR d OR e OR f OR g"'), undefined);
});

Deno.test("codeQuery() searches in the place that is meant", () => {
  assertEquals(codeQuery("x", {}), { query: "x", notes: [] });
  assertEquals(codeQuery("x language:go", { repo: REPO }).query, `x language:go repo:${REPO}`);
  assertEquals(codeQuery("x", { owner: "acme" }).query, "x user:acme");
  assertEquals(codeQuery("x", { owner: "acme", repo: REPO }).query, `x repo:${REPO}`);
  const other = codeQuery("x org:acme", { repo: REPO });
  assertEquals(other.query, "x org:acme");
  assertEquals(other.notes, [`This is from org:acme, as the query says, and not from ${REPO}.`]);
});
