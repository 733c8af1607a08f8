import { assert, assertEquals } from "@std/assert";
import denoJson from "../deno.json" with { type: "json" };
import { prefixes } from "../vault/keys.ts";

/** What the files of a wing may import beside their own wing: folders, single files, packages. */
interface Rule {
  local: string[];
  packages: string[];
}

const CORE = "broker/core/";
const FACADES = [CORE, "broker/broker.ts", "gateway/gateway.ts"];
const EDGE = { local: [...FACADES, "routes/http/"], packages: ["hono", "zod"] };
/** They put the rest together, or are run by an operator. */
const EVERYTHING = { local: [""], packages: ["@opentelemetry/api", "dotenv", "node:", "zod"] };

/** Wing → rule. The longest name that a path begins with is its wing. */
const WINGS: Record<string, Rule> = {
  "broker/core/": { local: [], packages: ["@noble/hashes/", "node:async_hooks", "node:crypto"] },
  "broker/config/": { local: [CORE], packages: ["zod"] },
  "broker/tokens/": { local: [CORE], packages: [] },
  "broker/connect/": { local: [CORE, "broker/tokens/"], packages: [] },
  "broker/moving/": { local: [CORE, "broker/tokens/", "broker/connect/"], packages: [] },
  "broker/": { local: [CORE, "broker/tokens/", "broker/connect/", "broker/moving/"], packages: [] },
  "gateway/": { local: [CORE], packages: ["zod", "jose", "@std/crypto/"] },
  "audit/": { local: [CORE], packages: ["zod"] },
  "events/": { local: [CORE], packages: ["standardwebhooks"] },
  "net/": { local: [CORE], packages: [] },
  "providers/": {
    local: [CORE],
    packages: [
      "zod",
      "arctic",
      "jose",
      "nodemailer/",
      "pdfjs-dist/",
      "htmlparser2",
      "@zip.js/",
      "node:",
    ],
  },
  "vault/": { local: [CORE], packages: ["@std/crypto/"] },
  "mcp/": {
    local: [CORE, "providers/provider.ts", "providers/former_names.ts"],
    packages: ["zod", "@modelcontextprotocol/", "minisearch/"],
  },
  "routes/http/": { local: FACADES, packages: ["hono", "zod"] },
  "routes/api/": EDGE,
  "routes/oauth/": { ...EDGE, packages: [...EDGE.packages, "@std/crypto/"] },
  "routes/people/": EDGE,
  "routes/mcp/": EDGE,
  "routes/openapi/": {
    local: [...FACADES, "routes/http/", "routes/api/"],
    packages: [...EDGE.packages, "zod-openapi"],
  },
  "routes/": { ...EDGE, local: [...FACADES, "routes/"] },
  "telemetry/": { local: [CORE], packages: ["@opentelemetry/api"] },
  "tasks/": { ...EVERYTHING, packages: [...EVERYTHING.packages, "jose"] },
  "start/machine.ts": { local: [CORE], packages: [] },
  "start/listening.ts": { local: [CORE], packages: [] },
  "start/front.ts": { local: [CORE, "routes/"], packages: [] },
  "start/": EVERYTHING,
  "compose.ts": EVERYTHING,
  "main.ts": EVERYTHING,
};

/** Folders that hold no part of the program. */
const OUTSIDE = /^(\.|tests\/|std\/|node_modules\/|vendor\/)/;

const root = new URL("../", import.meta.url);

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder || ".", root))) {
    const path = folder + name;
    if (OUTSIDE.test(`${path}/`)) continue;
    if (isDirectory) yield* filesBelow(`${path}/`);
    // The README's example is written down for a moment by its own test.
    else if (/\.tsx?$/.test(name) && !path.includes("readme_example")) yield path;
  }
}

interface Source {
  path: string;
  wing: string;
  /** Without comments. */
  code: string;
  /** What it imports, local modules as paths from the root. */
  imports: string[];
}

async function sourceOf(path: string): Promise<Source> {
  const text = await Deno.readTextFile(new URL(path, root));
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\s(?:[^"`;=]*\sfrom\s+)?"([^"]+)"/gm),
    ...text.matchAll(/\bimport\(\s*(?:\/\/[^\n]*\n\s*)?"([^"]+)"/g),
  ];
  const [wing = ""] = Object.keys(WINGS).filter((name) => path.startsWith(name))
    .sort((a, b) => b.length - a.length);
  return {
    path,
    wing,
    code: text.replaceAll(/\/\*.*?\*\/|(?<=^|\s)\/\/[^\n]*/gs, ""),
    imports: specifiers.map(([, specifier = ""]) =>
      specifier.startsWith(".")
        ? new URL(specifier, new URL(path, root)).href.slice(root.href.length)
        : specifier
    ),
  };
}

const sources: Source[] = [];
for await (const path of filesBelow("")) sources.push(await sourceOf(path));
const locals = new Map(sources.map((source) => [source.path, source]));

const allows = (entries: string[], name: string) =>
  entries.some((entry) =>
    name === entry || (/(^|[/:])$/.test(entry) && name.startsWith(entry)) ||
    name.startsWith(`${entry}/`)
  );

Deno.test("every file of the program stands in a wing", () => {
  assertEquals(sources.filter(({ wing }) => wing === "").map(({ path }) => path), []);
});

for (const [wing, { local, packages }] of Object.entries(WINGS)) {
  Deno.test(`${wing} imports only what it may`, () => {
    for (const { path, imports } of sources.filter((source) => source.wing === wing)) {
      for (const name of imports) {
        const target = locals.get(name);
        const isData = name.startsWith(wing) && name.endsWith(".json");
        const isOwn = target?.wing === wing || isData;
        const allowed = isOwn || allows(target === undefined ? packages : local, name) ||
          name === "deno.json";
        assert(allowed, `${path} must not import ${name}`);
      }
    }
  });
}

Deno.test("what is loaded later is named where readers find it, and left unread at a start", () => {
  // A name that is made up at run time is seen by no check, no cache and no build.
  for (const { path, code } of sources) {
    const rest = code.replaceAll(
      /(?<![.\w])import\(\s*"[^"]+",?\s*(?:\{ with: \{ type: "json" \} \},?\s*)?\)/g,
      "",
    );
    // The broker has a method of that name.
    assert(!/(?<![.\w])import\((?!request)/.test(rest), `${path} loads in another way`);
  }
  assert(denoJson.unstable.includes("lazy-dynamic-imports"));
});

Deno.test("no two files need each other", () => {
  const done = new Set<string>();
  const visit = (path: string, way: string[]) => {
    const seen = way.indexOf(path);
    assert(seen < 0, `a circle: ${[...way.slice(seen), path].join(" → ")}`);
    if (done.has(path)) return;
    for (const name of locals.get(path)?.imports ?? []) visit(name, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  assertEquals(done.size >= sources.length, true);
});

Deno.test("only providers/oauth.ts imports arctic", () => {
  const importers = sources.filter(({ imports }) => imports.includes("arctic"));
  assertEquals(importers.map(({ path }) => path), ["providers/oauth.ts"]);
});

/** It looks whether anybody provides telemetry, and touches nothing. */
const LOOKS = "telemetry/telemetry.ts";

Deno.test("nothing touches what is global", () => {
  for (const { path, code } of sources.filter(({ path }) => path !== LOOKS)) {
    const values = code.replaceAll(/\btypeof globalThis\.\w+/g, "");
    assert(!/\bglobalThis\b/.test(values), `${path} uses globalThis`);
  }
});

Deno.test("the files of the catalogue are data, and all of them are listed", () => {
  const folder = "providers/catalogue/";
  const list = `${folder}catalogue.ts`;
  const files = sources.filter(({ path }) => path.startsWith(folder) && path !== list);
  for (const { path, imports, code } of files) {
    assertEquals(imports, ["providers/bare_provider.ts"], path);
    const bare = code.replaceAll(/"[^"\n]*"/g, '""');
    assert(!/=>|\bfunction\b|\bnew\b|[`?]/.test(bare), `${path} holds code`);
  }
  const listed = locals.get(list)!.imports.filter((name) => name.startsWith(folder));
  assertEquals(listed.sort(), files.map(({ path }) => path).sort());
});

/** What decisions are handed, and never take for themselves. */
const WORLD = [
  /\bDeno\./,
  /\bDate\.now\b/,
  /\bDate\(\s*\)/,
  /\bnew Date\b(?!\()/,
  /\bTemporal\.Now\b/,
  /\bperformance\b/,
  /\bAbortSignal\.timeout\b/,
  /\bset(Timeout|Interval)\b/,
  /\bqueueMicrotask\b/,
  /\bMath\.random\b/,
  /\b(randomUUID|getRandomValues)\b/,
  /\bconsole\./,
];
/** The way out of a decision is a port; elsewhere `fetch` is an argument of the same name. */
const WAYS_OUT = [/(?<![.\w])fetch\(/, /\bglobalThis\b/];
/** The one place that makes secrets; whoever needs one is handed `world.secret`. */
const CHANCE = "broker/core/random_secret.ts";

for (const wing of ["broker/", "gateway/", "audit/", "mcp/"]) {
  Deno.test(`${wing} has no clock, timer, chance or way out of its own`, () => {
    for (const { path, code } of sources.filter(({ path }) => path.startsWith(wing))) {
      if (path === CHANCE) continue;
      const banned = wing === "mcp/" ? WORLD : [...WORLD, ...WAYS_OUT];
      for (const world of banned) assert(!world.test(code), `${path} uses ${world.source}`);
    }
  });
}

const READER = "broker/core/bodies.ts";
const READING = [
  /\.(json|text|arrayBuffer|blob|bytes|formData)\(\s*\)/,
  /\bof [\w.!?]*\bbody\b/,
  /\bbody\b[!?]?\.(getReader|pipeTo|tee|values)\b/,
];

Deno.test("bodies are read in the one place where they are bounded", () => {
  for (const { path, code } of sources) {
    if (path === READER) continue;
    for (const reading of READING) assert(!reading.test(code), `${path}: ${reading.source}`);
  }
});

Deno.test("KV keys are spelled in vault/keys.ts alone, and only vault/deno_kv.ts commits", async () => {
  const spelled = new RegExp(`\\[\\s*"(${prefixes.join("|")})"`);
  for (const { path, code } of sources) {
    // Elsewhere such a word in a list is something else: a link, a scope.
    const reachesRecords = /\b(records?|kv)\b/i.test(code) || path.startsWith("vault/");
    if (path !== "vault/keys.ts" && reachesRecords) {
      assert(!spelled.test(code), `${path} spells a KV key`);
    }
    if (path !== "vault/deno_kv.ts") {
      assert(!/\.commit\(\)|\bkv\.(set|delete|atomic|enqueue)\(/.test(code), `${path} commits`);
    }
  }
  const schema = await Deno.readTextFile(new URL("vault/SCHEMA.md", root));
  for (const prefix of prefixes) {
    assert(schema.includes(`\`["${prefix}"`), `vault/SCHEMA.md says nothing of ${prefix}`);
  }
});

/** They know whose words they repeat: their own parsers', or a database's that they recognise. */
const MESSAGES = [
  "broker/core/own_words.ts",
  "vault/deno_kv.ts",
  "vault/not_opened.ts",
  "broker/config/config.ts",
];

Deno.test("no message of an error is repeated but by saidOf(), since others quote what they read", () => {
  for (const { path, wing, code } of sources) {
    if (
      MESSAGES.includes(path) ||
      ["tasks/", "main.ts", "start/"].includes(wing)
    ) continue;
    const repeated = /(?<![.\w])(error|cause|reason)\b(?: as Error\))?\??\.message\b/.exec(code)
      ?.[0];
    assert(repeated === undefined, `${path} repeats ${repeated}`);
  }
});

Deno.test("a table is asked for its own entries alone", () => {
  for (const { path, code } of sources) {
    // Whoever chooses the word could choose "constructor": lookUp() knows no such entry.
    for (const [, table] of code.matchAll(/\bconst ([A-Z][A-Z_]*): Record<string,/g)) {
      assert(!new RegExp(`\\b${table}\\[`).test(code), `${path} asks ${table} without lookUp()`);
    }
  }
});

Deno.test("no pattern looks for the end of a text from every place in it", () => {
  // Such as /\/+$/: quadratic in what a stranger wrote, unless it is tied to the beginning.
  const slow =
    /\.(?:replace|replaceAll|match|test|exec|search|split)\(\/(?!\^)(?:[^/\n\\]|\\.)*[+*]\$\//;
  const tied = /(?<=[=(,:?]\s*)\/(?!\^)(?:[^/\n\\]|\\.)*[+*]\$\/[a-z]*\.(?:test|exec)\(/;
  assert(slow.test('path.replace(/\\/+$/, "")') && tied.test("(/a*$/.test(x)"));
  for (const { path, code } of sources) {
    assert(!slow.test(code) && !tied.test(code), `${path} has a pattern that may never end`);
  }
});

Deno.test("no native code is fetched with the program", async () => {
  const lock = JSON.parse(await Deno.readTextFile(new URL("../deno.lock", import.meta.url)));
  // Optional there, and 66 MB. Whoever renews the lock takes it out again: Deno keeps to the lock.
  const native = Object.keys(lock.npm).filter((name) => name.startsWith("@napi-rs/"));
  assertEquals(native, []);
  assertEquals(lock.npm["pdfjs-dist@6.5.438"].optionalDependencies, undefined);
});
