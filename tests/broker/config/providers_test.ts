import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  addressesOf,
  keyProviders,
  providerConfig,
  providersOf,
} from "../../../broker/config/providers.ts";
import { variable } from "../../../broker/core/variable.ts";

const APP = { GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };

function read(env: Record<string, string>, name = "github") {
  const faults: string[] = [];
  return { config: providerConfig({ name }, env, faults), faults };
}

Deno.test("variable() is spelled as a shell can set it", () => {
  assertEquals(variable("github", "BASE_URL"), "GITHUB_BASE_URL");
  assertEquals(variable("my-idp", "CLIENT_ID"), "MY_IDP_CLIENT_ID");
});

Deno.test("providerConfig() is nothing without credentials, and a fault with half of them", () => {
  assertEquals(read({}), { config: undefined, faults: [] });
  assertEquals(read({ GOOGLE_CLIENT_ID: "id", GOOGLE_CLIENT_SECRET: "secret" }).config, undefined);
  const halves = [
    [{ GITHUB_CLIENT_ID: "id" }, "GITHUB_CLIENT_SECRET: is not set, but GITHUB_CLIENT_ID is."],
    [{ GITHUB_CLIENT_SECRET: "s" }, "GITHUB_CLIENT_ID: is not set, but GITHUB_CLIENT_SECRET is."],
  ] as const;
  for (const [env, said] of halves) {
    const { config, faults } = read(env);
    assertEquals(config, undefined);
    assertEquals(faults.map((fault) => fault.slice(0, said.length)), [said]);
  }
});

Deno.test("providerConfig() says what was pasted in the place of an id or a secret, and repeats none of it", () => {
  const [id, secret] = ["4711.apps.googleusercontent.com", "GOCSPX-abcdefghijklmnop"];
  const faultsOf = (GOOGLE_CLIENT_ID: string, GOOGLE_CLIENT_SECRET: string, more = {}) =>
    read({ GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, ...more }, "google").faults;
  assertEquals(faultsOf(id, secret), []);
  const cases: [string, string, string][] = [
    [secret, id, "GOOGLE_CLIENT_ID: holds the secret, and GOOGLE_CLIENT_SECRET the id: they are"],
    [secret, secret, "GOOGLE_CLIENT_ID: holds what is a client secret there"],
    [id, id, "GOOGLE_CLIENT_SECRET: holds what is a client id there"],
    [`"${id}"`, secret, "GOOGLE_CLIENT_ID: has quotes around its value"],
    [id, `'${secret}'`, "GOOGLE_CLIENT_SECRET: has quotes around its value"],
    [`\u200b${id}`, secret, "GOOGLE_CLIENT_ID: holds a character that cannot be seen"],
    [id, "GOCSPX\u2013abc", "GOOGLE_CLIENT_SECRET: holds a character that cannot be seen"],
  ];
  for (const [one, other, said] of cases) {
    const faults = faultsOf(one, other);
    assertEquals(faults.map((fault) => fault.slice(0, said.length)), [said]);
    assertEquals(faults.some((fault) => /4711|abc/.test(fault)), false);
  }
  // An emulator's may look like anything.
  assertEquals(faultsOf(secret, id, { GOOGLE_BASE_URL: "http://localhost:9" }), []);
  const github = { GITHUB_CLIENT_ID: "0".repeat(40), GITHUB_CLIENT_SECRET: "Ov23liabcdef" };
  assertEquals(read(github).faults.length, 1);
});

Deno.test("providerConfig() leaves off what a file ends in, and names what was meant", () => {
  const { config } = read({ GITHUB_CLIENT_ID: "id\n", GITHUB_CLIENT_SECRET: " secret\r\n" });
  assertEquals([config?.clientId, config?.clientSecret], ["id", "secret"]);
  const { faults } = read({ GITHUB_CLIENTID: "x", GITHUB_CLIENT_SECRET: "y" });
  assertStringIncludes(faults[0]!, "GITHUB_CLIENTID is set: was it meant?");
});

Deno.test("providerConfig() takes addresses without the slashes at their end", () => {
  assertEquals(read(APP).config, {
    clientId: "id",
    clientSecret: "secret",
    baseUrl: undefined,
    apiUrl: undefined,
  });
  for (const slashes of ["", "/", "///"]) {
    const { config, faults } = read({
      ...APP,
      GITHUB_BASE_URL: `https://git.example.com${slashes}`,
      GITHUB_API_URL: `http://localhost:4000/api/v3${slashes}`,
    });
    assertEquals(faults, []);
    assertEquals(config?.baseUrl, "https://git.example.com");
    assertEquals(config?.apiUrl, "http://localhost:4000/api/v3");
  }
});

Deno.test("addressesOf() takes no address that a secret must not be sent to", () => {
  const bad = [
    "git.example.com",
    "/api",
    "ftp://git.example.com",
    "http://git.example.com",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://localhost@git.example.com",
    "https://me@git.example.com",
    "https://me:pw@git.example.com",
    "https://:pw@git.example.com",
    "https://git.example.com?x=1",
    "https://git.example.com#x",
    "javascript:alert(1)",
  ];
  for (const text of bad) {
    for (const name of ["GITHUB_BASE_URL", "GITHUB_API_URL"]) {
      const faults: string[] = [];
      const addresses = addressesOf("github", { [name]: text }, faults);
      assertEquals(addresses, { baseUrl: undefined, apiUrl: undefined }, text);
      assertEquals(faults.map((fault) => fault.split(":")[0]), [name], text);
      assertEquals(faults[0]!.includes("pw"), false, "it may be a secret");
    }
  }
});

Deno.test("KEY_SERVICES names what is connected by what people hand over, and nothing else", () => {
  const known = [
    { name: "github", services: [] },
    { name: "mailgun", services: [], needs: "name" as const },
    { name: "own", services: [], needs: "nothing" as const },
  ];
  const of = (named: string[]) => {
    const faults: string[] = [];
    return { names: keyProviders(known, named, {}, faults).map(([name]) => name), faults };
  };
  assertEquals(of([]), { names: ["own"], faults: [] });
  assertEquals(of(["mailgun"]), { names: ["mailgun", "own"], faults: [] });
  for (const named of ["github", "own", "nobody"]) {
    const { names, faults } = of([named]);
    assertEquals([names, faults.length], [["own"], 1]);
    assertStringIncludes(faults[0]!, `KEY_SERVICES: "${named}" is no service`);
  }
  // Whoever mixes up two variables has put a secret there.
  assertEquals(of(["Hunter-2"]).faults[0]!.includes("Hunter"), false);
  const registered = { clientId: "id", clientSecret: "secret" };
  assertEquals([...providersOf(known, () => registered).keys()], ["github"]);
});
