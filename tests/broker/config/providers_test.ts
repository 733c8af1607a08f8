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
