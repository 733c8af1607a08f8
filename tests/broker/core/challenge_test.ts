import { assertEquals } from "@std/assert";
import { parseChallenge, scopesIn } from "../../../broker/core/challenge.ts";

const URL = "https://mcp.example/.well-known/oauth-protected-resource?a=b";

Deno.test("a challenge is read in every way in which servers write it", () => {
  const headers = [
    `Bearer resource_metadata="${URL}"`,
    `bearer resource_metadata="${URL}"`,
    `BEARER realm="x", resource_metadata="${URL}"`,
    `Bearer realm="a, b", error="invalid_token",resource_metadata="${URL}"`,
    `Bearer resource_metadata=${URL}`,
    `Bearer resource_metadata='${URL}'`,
    `Bearer resource_metadata = "${URL}"`,
    `Bearer Resource_Metadata="${URL}"`,
    `Bearer resource_metadata="${URL}`,
    `Bearer realm="say \\"hi\\", resource_metadata=\\"no\\"", resource_metadata="${URL}"`,
    `Basic realm="x", Bearer resource_metadata="${URL}"`,
    `Basic realm="Bearer resource_metadata=no", Bearer resource_metadata="${URL}"`,
    `Negotiate YIIabc==, Bearer resource_metadata="${URL}"`,
    `Bearer, Bearer resource_metadata="${URL}"`,
    `Bearer realm="x", DPoP algs="ES256", resource_metadata="${URL}"`,
    `Bearer resource_metadata="${URL}", Basic realm="x"`,
    `, ,Bearer   resource_metadata="${URL}" ,`,
    `Bearer resource_metadata="${URL}", resource_metadata="https://evil.example/"`,
    `resource_metadata="${URL}"`,
  ];
  for (const header of headers) {
    const { isOAuth, resourceMetadata } = parseChallenge(header)!;
    assertEquals([isOAuth, resourceMetadata], [true, URL], header);
  }
});

Deno.test("scope and error stand beside it", () => {
  const header = `Bearer error="insufficient_scope", scope="files:read files:write"`;
  assertEquals(parseChallenge(header), {
    isOAuth: true,
    resourceMetadata: undefined,
    scope: "files:read files:write",
    error: "insufficient_scope",
  });
});

Deno.test("what is not OAuth is not taken for it", () => {
  for (const header of [`Basic realm="x"`, `Digest a="b"`, `Negotiate`, "", `="x"`, `"""`]) {
    assertEquals(parseChallenge(header)?.isOAuth, false, header);
  }
  assertEquals(parseChallenge(null), undefined);
});

Deno.test("a header of nothing but signs is read in no time", () => {
  for (const sign of ["=", '"', "'", ",", " ", "\\", 'a="', "a=", "a ", '"\\']) {
    parseChallenge(sign.repeat(100_000));
  }
});

Deno.test("scopesIn() takes words that can be scopes, each once, and not without end", () => {
  assertEquals(scopesIn(["a b", "b  c"]), ["a", "b", "c"]);
  assertEquals(scopesIn(undefined), []);
  const [last, beyond] = ["x".repeat(200), "x".repeat(201)];
  assertEquals(scopesIn([`${last} ${beyond} a"b`]), [last]);
  assertEquals(scopesIn(Array.from({ length: 101 }, (_, at) => `s${at}`)).length, 100);
});

Deno.test("a challenge that is not there is none, and one that never ends is cut off", () => {
  assertEquals([parseChallenge(undefined), parseChallenge(null)], [undefined, undefined]);
  const pad = (length: number) => `Bearer realm="${"x".repeat(length)}", scope="late"`;
  assertEquals(parseChallenge(pad(8_000))?.scope, "late");
  assertEquals(parseChallenge(pad(9_000)), {
    isOAuth: true,
    resourceMetadata: undefined,
    scope: undefined,
    error: undefined,
  });
});
