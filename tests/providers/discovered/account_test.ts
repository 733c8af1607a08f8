import { assertEquals } from "@std/assert";
import { accountOf, type FoundAccount } from "../../../providers/discovered/account.ts";
import { internet, page, type Site } from "../../support/internet.ts";

const NOW = 1_800_000_000_000;
const AS = "https://as.example";
const USERINFO = `${AS}/userinfo`;

function idToken(claims: unknown, parts: "three" | "two" = "three"): string {
  const encoded = [{ alg: "RS256" }, claims].map((part) =>
    btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(part))))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
  );
  return [...encoded, ...(parts === "three" ? ["signature"] : [])].join(".");
}

const good = (more: Record<string, unknown> = {}) => ({
  iss: AS,
  aud: "client",
  exp: NOW / 1000 + 60,
  sub: "7",
  ...more,
});

/** Whose account it is, and what was asked for it. */
async function whose(
  token: string | undefined,
  user: unknown = page("no", 404),
  { userinfoEndpoint = USERINFO, tokenEndpoint = `${AS}/token` } = {},
): Promise<{ account: FoundAccount | undefined; asked: string[] }> {
  const site: Site = { "/userinfo": user };
  const net = internet({ [AS]: site, "https://users.example": site });
  const server = { issuer: AS, userinfoEndpoint, tokenEndpoint };
  const { signal } = new AbortController();
  const deps = { fetch: net.fetch, now: NOW, signal };
  const answer = { accessToken: "secret", idToken: token };
  return {
    account: await accountOf(server, { clientId: "client" }, answer, deps),
    asked: net.asked,
  };
}

Deno.test("the subject of an id_token is the account, and nobody is asked", async () => {
  const { account, asked } = await whose(idToken(good()));
  assertEquals([account, asked], [{ id: "7", label: "7" }, []]);
});

Deno.test("an id_token of another server, for another client, or over, is not believed", async () => {
  const bad: unknown[] = [
    good({ iss: "https://other.example" }),
    good({ iss: undefined }),
    good({ aud: "other" }),
    good({ aud: ["other"] }),
    good({ aud: undefined }),
    good({ exp: NOW / 1000 - 3600 }),
    good({ exp: undefined }),
    good({ exp: String(NOW) }),
    good({ sub: undefined }),
    good({ sub: "" }),
    good({ sub: { id: 7 } }),
    good({ sub: "x".repeat(201) }),
    [good()],
    null,
    "text",
  ];
  for (const claims of bad) {
    const { account, asked } = await whose(idToken(claims), { sub: "from userinfo" });
    assertEquals(account?.id, "from userinfo", JSON.stringify(claims));
    assertEquals(asked, [`GET ${USERINFO}`]);
  }
  const long = idToken(good({ more: "x".repeat(60_000) }));
  assertEquals((await whose(long, { sub: "from userinfo" })).account?.id, "from userinfo");
  const broken = ["", "a.b", "a.b.c", "..", "a.!!!.c", idToken(good(), "two"), "x".repeat(100_000)];
  for (const token of broken) assertEquals((await whose(token)).account, undefined, token);
});

Deno.test("an id_token in base64url is read to its last letter", async () => {
  // Some of its letters are written with - and _.
  const name = "ÿþýüûúùø÷öõôóòñð?>~ÿ";
  const token = idToken(good({ name }));
  assertEquals(/[-_]/.test(token.split(".")[1]!), true);
  assertEquals((await whose(token)).account, { id: "7", label: name });
});

Deno.test("a slash, several audiences and a clock that is a little off are no reason to doubt", async () => {
  const fine = [
    good({ iss: `${AS}/` }),
    good({ aud: ["other", "client"] }),
    good({ exp: NOW / 1000 - 60 }),
    good({ sub: 7 }),
  ];
  for (const claims of fine) assertEquals((await whose(idToken(claims))).account?.id, "7");
});

Deno.test("the label is an address that was verified, else a name, in one clean line", async () => {
  const email = "a@notes.example";
  const labels: [claims: Record<string, unknown>, label: string][] = [
    [{ email, email_verified: true, name: "A" }, email],
    [{ email, email_verified: "true" }, email],
    [{ email, email_verified: false, name: "A" }, "A"],
    [{ email, name: "A" }, "A"],
    [{ email }, "7"],
    [{ preferred_username: "ay", name: "A" }, "ay"],
    [{ preferred_username: "", name: "A" }, "A"],
    [{ preferred_username: null, name: ["A"], nickname: "a" }, "a"],
    [{ name: "A\u202e\u0000\n<b>" }, "A <b>"],
    [{ name: "\u200b" }, "7"],
  ];
  for (const [claims, label] of labels) {
    assertEquals((await whose(idToken(good(claims)))).account, { id: "7", label });
    assertEquals((await whose(undefined, { sub: "7", ...claims })).account, { id: "7", label });
  }
  const { account } = await whose(undefined, { sub: "7", name: "x".repeat(10_000) });
  assertEquals(account!.label.length, 100);
});

Deno.test("userinfo that fails, or is something else, says nothing", async () => {
  const answers = [
    page("no", 404),
    page("no", 401),
    page("oops", 500),
    page("Welcome"),
    Response.redirect("https://users.example/userinfo", 302),
    {},
    [],
    { sub: null },
    { sub: ["7"] },
    { sub: "7", padding: "x".repeat(70_000) },
  ];
  for (const answer of answers) assertEquals((await whose(undefined, answer)).account, undefined);
});

Deno.test("an access token is shown to no host but the one that issues it", async () => {
  const elsewhere = { userinfoEndpoint: "https://users.example/userinfo" };
  assertEquals(await whose(undefined, { sub: "7" }, elsewhere), { account: undefined, asked: [] });
  const issuing = { ...elsewhere, tokenEndpoint: "https://users.example/token" };
  assertEquals((await whose(undefined, { sub: "7" }, issuing)).account?.id, "7");
});
