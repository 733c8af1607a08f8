import { assertEquals } from "@std/assert";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import { readKnown } from "../../start/known_providers.ts";
import { knownModules } from "../../providers/known.ts";

Deno.test("what is written down of providers is what their code says", () => {
  const written = knownModules.map(({ name, services, yields, needs, hasPrivateKey }) => ({
    name,
    services,
    yields,
    needs,
    hasPrivateKey: hasPrivateKey === true,
  }));
  const loaded = knownProviders(allModules("[]").modules).map(
    ({ name, services, yields, needs, privateKeyFault }) => ({
      name,
      services,
      yields,
      needs,
      hasPrivateKey: privateKeyFault !== undefined,
    }),
  );
  assertEquals(written, loaded);
});

Deno.test("every name leads to the code of its own", async () => {
  for (const { name, load } of knownModules) assertEquals((await load()).name, name);
});

const OWN = JSON.stringify([{
  name: "acme",
  authorization_endpoint: "https://acme.example.com/authorize",
  token_endpoint: "https://acme.example.com/token",
}]);

Deno.test("a start knows the operator's own providers after all others", async () => {
  for (const specs of ["[]", OWN, '[{"name":"github"}]', "{", " [ ] "]) {
    const { known, faults, load } = await readKnown(specs, {});
    const { modules, faults: sameFaults } = allModules(specs);
    const plain = (all: typeof known) => all.map(({ name, services }) => ({ name, services }));
    assertEquals(plain(known), plain(knownProviders(modules)), specs);
    assertEquals(faults, sameFaults, specs);
    const loaded = await load(new Set(["linear", "discord", "github", "acme", "nobody"]));
    const wanted = modules.filter(({ name }) =>
      ["linear", "discord", "github", "acme"].includes(name)
    );
    assertEquals(loaded.map(({ name }) => name), wanted.map(({ name }) => name), specs);
  }
});

Deno.test("a private key is judged by the provider that needs it", async () => {
  const faultIn = async (env: Record<string, string>) => {
    const { known } = await readKnown("[]", env);
    return known.find(({ name }) => name === "github_app")!.privateKeyFault;
  };
  assertEquals(await (await faultIn({}))?.("no key"), undefined);
  const judged = (await faultIn({ GITHUB_APP_PRIVATE_KEY: "no key" }))!;
  const own = allModules("[]").modules.find(({ name }) => name === "github_app")!;
  assertEquals(judged("no key"), own.privateKeyFault!("no key"));
  assertEquals(typeof judged("no key"), "string");
});
