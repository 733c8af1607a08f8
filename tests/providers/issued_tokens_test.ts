import { assertEquals } from "@std/assert";
import { issuedTokens } from "../../providers/issued_tokens.ts";

const AT = Date.parse("2030-01-02T03:04:05Z");

Deno.test("issuedTokens() reads an end in every form that servers give it", () => {
  const cases: [Record<string, unknown>, { expiresIn?: number; expiresAt?: number }][] = [
    [{ expires_in: 3600 }, { expiresIn: 3600 }],
    [{ expires_in: "3600" }, { expiresIn: 3600 }],
    [{ expires_in: " 3599.5 " }, { expiresIn: 3599.5 }],
    [{ expires_in: 0 }, { expiresIn: 0 }],
    [{ expires_in: -5 }, { expiresIn: 0 }],
    [{ expires_in: "-5" }, { expiresIn: 0 }],
    [{ expires: -5 }, { expiresIn: 0 }],
    [{ expires_in: 60, expires_at: AT }, { expiresIn: 60 }],
    [{ expires_in: null, expires_at: AT }, { expiresAt: AT }],
    [{ expires_in: "never", expires_at: AT / 1000 }, { expiresAt: AT }],
    [{ expires_at: String(AT / 1000) }, { expiresAt: AT }],
    [{ expires_at: "2030-01-02T03:04:05Z" }, { expiresAt: AT }],
    [{ expires_at: "2030-01-02T03:04:05.000" }, { expiresAt: AT }],
    [{ expires_at: "2030-01-02 03:04:05" }, { expiresAt: AT }],
    [{ expires_at: "2030-01-02T04:04:05+0100" }, { expiresAt: AT }],
    [{ access_token_expires_at: `${AT / 1000}.542` }, { expiresAt: AT + 542 }],
    [{ access_token_expires_at: "soon", expires: AT }, { expiresAt: AT }],
    [{ expires: 5_183_999 }, { expiresIn: 5_183_999 }],
    [{ expires: "2030-01-02T03:04:05Z" }, { expiresAt: AT }],
    [{ expires: AT }, { expiresAt: AT }],
  ];
  for (const [said, end] of cases) {
    const { expiresIn, expiresAt } = issuedTokens({ access_token: "a", ...said })!;
    assertEquals([expiresIn, expiresAt], [end.expiresIn, end.expiresAt], JSON.stringify(said));
  }
});

Deno.test("issuedTokens() takes no word for an end that is none", () => {
  for (
    const said of [true, false, "never", "", [], [3600], {}, null, NaN, Infinity, "0x10", "1e9"]
  ) {
    for (const member of ["expires_in", "expires_at", "expires"]) {
      const { expiresIn, expiresAt } = issuedTokens({ access_token: "a", [member]: said })!;
      assertEquals([expiresIn, expiresAt], [undefined, undefined], `${member} ${said}`);
    }
  }
  for (const expires_at of [3600, "2030-13-45T99:00:00Z", "tomorrow", "2030"]) {
    assertEquals(issuedTokens({ access_token: "a", expires_at })!.expiresAt, undefined);
  }
});

Deno.test("issuedTokens() takes for a token what can be sent as one, and nothing that looks like it", () => {
  const none = [
    7,
    true,
    ["abc"],
    { toString: "abc" },
    null,
    undefined,
    "",
    "a b",
    "a\r\nX: y",
    "é",
  ];
  for (const access_token of none) {
    assertEquals(issuedTokens({ access_token }), undefined, JSON.stringify(access_token));
  }
});

Deno.test("issuedTokens() reads scopes as a text or a list, and keeps what is no scope out", () => {
  const cases: [unknown, string[] | undefined][] = [
    ["a b", ["a", "b"]],
    ["a,b, c", ["a", "b", "c"]],
    [["a", "b"], ["a", "b"]],
    [["a b", "c"], ["a", "b", "c"]],
    ["", []],
    [[], []],
    [null, undefined],
    [undefined, undefined],
    [7, undefined],
    [{ a: 1 }, undefined],
    [["a", 1, null, ["b"]], ["a"]],
    ['a "b" c\\d é\u0000', ["a"]],
  ];
  for (const [scope, scopes] of cases) {
    assertEquals(issuedTokens({ access_token: "a", scope })!.scopes, scopes, String(scope));
  }
});
