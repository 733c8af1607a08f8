import { assertEquals, assertStringIncludes } from "@std/assert";
import { nameFaults, takenNames } from "../../../broker/config/names.ts";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";

const PROVIDERS = [
  { name: "github", services: ["github"] },
  { name: "google", services: ["gmail", "calendar"] },
];

function upstream(name: string, provider?: string): UpstreamSpec {
  const url = "https://notes.example.com/mcp";
  return { kind: "http", name, title: name, timeoutMs: 1000, url, headers: {}, provider };
}

const LOCAL: UpstreamSpec = {
  kind: "stdio",
  name: "files",
  title: "Files",
  timeoutMs: 1000,
  command: "files",
  args: [],
  env: {},
};

function faults(
  { upstreams = [], configured = ["github"], realms = [] }: {
    upstreams?: UpstreamSpec[];
    configured?: string[];
    realms?: string[];
  },
): string[] {
  const apiKeys = realms.map((realm) => ({ realm, sha256: new Uint8Array(32) }));
  return nameFaults({
    providers: PROVIDERS,
    configured: new Set(configured),
    upstreams,
    apiKeys,
  });
}

Deno.test("takenNames() holds providers, services, and what a path means already", () => {
  assertEquals([...takenNames(PROVIDERS)], ["sse", "github", "google", "gmail", "calendar"]);
});

Deno.test("nameFaults() finds none where every name means one thing", () => {
  const upstreams = [upstream("notes"), upstream("git"), LOCAL, upstream("mine", "github")];
  assertEquals(faults({ upstreams, realms: ["voice", "notes", "gmail"] }), []);
});

Deno.test("nameFaults() refuses an upstream by the name of a provider, a service or a path", () => {
  for (const name of ["github", "google", "gmail", "calendar", "sse"]) {
    const [fault = "", ...more] = faults({ upstreams: [upstream(name)] });
    assertStringIncludes(fault, `UPSTREAMS: the name "${name}" is taken`);
    assertEquals(more, []);
  }
});

Deno.test("nameFaults() keeps the names of providers that are not set up", () => {
  // Whoever sets one up later must not open the upstream with old grants.
  assertEquals(faults({ upstreams: [upstream("gmail")], configured: [] }).length, 1);
});

Deno.test("nameFaults() lets an upstream have the name of a provider without tools that is not set up", () => {
  const faultsWith = (configured: string[]) =>
    nameFaults({
      providers: [{ name: "notion", services: ["notion"], yields: true }],
      configured: new Set(configured),
      upstreams: [upstream("notion")],
      apiKeys: [],
    });
  assertEquals(faultsWith([]), []);
  assertEquals(faultsWith(["notion"]).length, 1);
});

Deno.test("nameFaults() tells of every upstream that has another one's name", () => {
  const upstreams = [upstream("notes"), upstream("notes"), LOCAL, LOCAL, upstream("notes")];
  const found = faults({ upstreams });
  assertEquals(found.map((fault) => /"(\w+)"/.exec(fault)?.[1]), ["notes", "files", "notes"]);
});

Deno.test("nameFaults() refuses two upstreams of which one's name is the other's prefix", () => {
  for (const names of [["sh", "sh_x"], ["sh_x", "sh"]]) {
    const [fault = "", ...more] = faults({ upstreams: names.map((name) => upstream(name)) });
    assertStringIncludes(fault, 'UPSTREAMS: the name "sh_x" begins with "sh_"');
    assertEquals(more, []);
  }
  const all = ["a", "a_b", "a_b_c"].map((name) => upstream(name));
  assertEquals(faults({ upstreams: all }).length, 3);
  const apart = ["sh", "shx", "s", "x_sh", "sh2_x"].map((name) => upstream(name));
  assertEquals(faults({ upstreams: apart }), []);
});

Deno.test("nameFaults() refuses prefixes of which one begins with another, and a second empty one", () => {
  const withPrefix = (name: string, prefix: string) => ({ ...upstream(name), prefix });
  const clashing: [UpstreamSpec[], string][] = [
    [[withPrefix("a", "n-"), withPrefix("b", "n-x")], 'prefix "n-x" begins with "n-"'],
    [[withPrefix("a", "b_"), upstream("b")], 'name "b" begins with "b_"'],
    [[upstream("b"), withPrefix("a", "b_c_")], 'prefix "b_c_" begins with "b_"'],
    [[withPrefix("a", ""), withPrefix("b", "")], 'only one may have the prefix ""'],
  ];
  for (const [upstreams, words] of clashing) {
    for (const order of [upstreams, upstreams.toReversed()]) {
      const found = faults({ upstreams: order });
      assertEquals(found.some((fault) => fault.includes(words)), true, `${words}: ${found}`);
    }
  }
  const apart = [withPrefix("a", ""), withPrefix("b", "B-"), upstream("c")];
  assertEquals(faults({ upstreams: apart }), []);
});

Deno.test("nameFaults() wants an upstream's provider known and set up", () => {
  const faultOf = (provider: string, configured: string[]) =>
    faults({ upstreams: [upstream("notes", provider)], configured });
  assertEquals(faultOf("github", ["github"]), []);
  assertEquals(faultOf("google", ["google"]), []);
  // A service stands for its provider.
  assertEquals(faultOf("gmail", ["google"]), []);
  assertStringIncludes(faultOf("gmail", ["github"])[0]!, '"google" of notes has no client id');
  assertStringIncludes(faultOf("github", [])[0]!, '"github" of notes has no client id');
  for (const provider of ["gitlab", "constructor", "GitHub", ""]) {
    assertStringIncludes(faultOf(provider, ["github"])[0]!, "the provider of notes is unknown");
  }
});

Deno.test("nameFaults() keeps realms for people who sign in, and for the person at the machine", () => {
  for (const realm of ["github", "google", "local"]) {
    assertEquals(faults({ realms: ["voice", realm] }).length, 1, realm);
    assertStringIncludes(faults({ realms: [realm] })[0]!, `API_KEYS: the name "${realm}" is taken`);
  }
});
