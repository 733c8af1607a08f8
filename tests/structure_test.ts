import { assert, assertEquals } from "@std/assert";

/** Folder → what its files may import: folders, single files, packages. */
const RULES: Record<string, { local: string[]; packages: string[] }> = {
  broker: {
    local: ["broker/", "gateway/"],
    packages: ["zod", "jose", "@std/crypto/", "node:crypto"],
  },
  gateway: { local: ["broker/", "gateway/"], packages: ["zod", "jose", "@std/crypto/"] },
  net: { local: ["net/", "broker/core/", "gateway/clients.ts"], packages: [] },
  vault: { local: ["vault/", "broker/core/"], packages: ["@std/crypto/", "node:crypto"] },
  providers: {
    local: ["providers/", "broker/core/"],
    packages: ["zod", "arctic", "nodemailer/", "node:"],
  },
  mcp: {
    local: ["mcp/", "broker/", "providers/provider.ts"],
    packages: ["zod", "@modelcontextprotocol/"],
  },
  routes: {
    local: ["routes/", "broker/", "gateway/", "providers/provider.ts"],
    packages: ["hono", "zod", "@std/crypto/", "node:crypto"],
  },
};

const root = new URL("../", import.meta.url);

async function* sourceFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) yield* sourceFiles(`${folder}${name}/`);
    else if (/\.tsx?$/.test(name)) yield folder + name;
  }
}

/** The modules that a file names, local ones as paths from the root. */
async function importsOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(file, root));
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\s(?:[^"`;=]*\sfrom\s+)?"([^"]+)"/gm),
    ...text.matchAll(/\bimport\(\s*"([^"]+)"/g),
  ];
  return specifiers.map(([, specifier = ""]) =>
    specifier.startsWith(".")
      ? new URL(specifier, new URL(file, root)).href.slice(root.href.length)
      : specifier
  );
}

const matches = (name: string, allowed: string[]) =>
  allowed.some((entry) =>
    name === entry || (/[/:]$/.test(entry) && name.startsWith(entry)) ||
    name.startsWith(`${entry}/`)
  );

for (const [folder, { local, packages }] of Object.entries(RULES)) {
  Deno.test(`${folder} imports only what it may`, async () => {
    let seen = 0;
    for await (const file of sourceFiles(`${folder}/`)) {
      for (const name of await importsOf(file)) {
        seen += 1;
        const isLocal = /^(broker|gateway|net|vault|providers|mcp|routes|tests|std)\/|^main\.ts$/
          .test(name);
        assert(matches(name, isLocal ? local : packages), `${file} must not import ${name}`);
      }
    }
    assert(seen > 0);
  });
}

Deno.test("only the files about OAuth import arctic", async () => {
  const importers: string[] = [];
  for (const folder of Object.keys(RULES)) {
    for await (const file of sourceFiles(`${folder}/`)) {
      if ((await importsOf(file)).includes("arctic")) importers.push(file);
    }
  }
  assertEquals(importers.sort(), [
    "providers/arctic_provider.ts",
    "providers/exchange.ts",
    "providers/oauth.ts",
  ]);
});

Deno.test("the broker has no clock, no Deno, no fetch of its own", async () => {
  for await (const file of sourceFiles("broker/")) {
    const text = await Deno.readTextFile(new URL(file, root));
    const code = text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
    for (
      const world of [
        /\bDeno\./,
        /\bDate\.now\b/,
        /new Date\(\)/,
        /\bfetch\(/,
        /setTimeout/,
        /Math\.random/,
      ]
    ) {
      assert(!world.test(code), `${file} uses ${world.source}`);
    }
  }
});

Deno.test("KV keys are spelled in vault/keys.ts alone, and only vault/deno_kv.ts commits", async () => {
  for await (const file of sourceFiles("vault/")) {
    const text = await Deno.readTextFile(new URL(file, root));
    if (file !== "vault/keys.ts") {
      assert(!/\["(connections|leases|pending|links|handoffs|health)"/.test(text), file);
    }
    if (file !== "vault/deno_kv.ts") {
      assert(!/\.commit\(\)|kv\.set\(|kv\.delete\(/.test(text), file);
    }
  }
});
