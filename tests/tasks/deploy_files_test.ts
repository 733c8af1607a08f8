import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { DRAIN_DELAY_MS, DRAIN_MS } from "../../broker/config/config.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { createAuthority } from "../support/certificate.ts";
import { freePort } from "../support/free_port.ts";
import { runDeno } from "../support/process.ts";

const root = new URL("../../", import.meta.url);
const folder = new URL("tasks/deploy/files/", root);
const read = (name: string) => Deno.readTextFile(new URL(name, folder));
const unit = await read("switchboard@.service");
const valueOf = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Runs a program of the system's; `undefined`, said, where there is none. */
async function checked(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
    const text = new TextDecoder();
    const said = text.decode(stdout) + text.decode(stderr);
    assert(success, said);
    return said;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`${command} is not installed: its file is not checked by it.`);
    return undefined;
  }
}

Deno.test("the command of the unit starts, serves and ends with the permissions that it has", async () => {
  await using data = await tempDir();
  await using credentials = await tempDir();
  await Deno.writeTextFile(`${credentials.path}/encryption_keys`, newKeyLine("k1"), {
    mode: 0o600,
  });
  const [deno, ...args] = valueOf("ExecStart").replaceAll("/opt/switchboard", root.pathname)
    .replaceAll("/var/lib/switchboard", data.path).replaceAll("%d", credentials.path).split(" ");
  assertEquals(deno, "/usr/local/bin/deno");
  const port = freePort();
  await using program = runDeno(args, {
    PUBLIC_URL: `http://localhost:${port}`,
    ENCRYPTION_KEYS_FILE: `${credentials.path}/encryption_keys`,
    DATA_DIR: data.path,
    HOST: "127.0.0.1",
    PORT: String(port),
    API_KEYS: `voice:sha256:${digestHex("key")}`,
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "secret",
    UPSTREAMS: "notion_mcp",
  });
  await program.said(/"event":"listening"/);
  const headers = { "X-Api-Key": "key", "X-User-Id": "u", "Content-Type": "application/json" };
  const params = { name: "github_list_issues", arguments: { repo: "a/b" } };
  const call = await fetch(`http://localhost:${port}/mcp`, {
    method: "POST",
    headers: { ...headers, Accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  assertStringIncludes(await call.text(), "GitHub is not connected yet");
  const page = await fetch(`http://localhost:${port}/sign-in`, {
    headers: { Accept: "text/html" },
  });
  assertEquals([page.status, (await page.text()).startsWith("<!doctype html>")], [200, true]);
  program.child.kill(valueOf("KillSignal") as Deno.Signal);
  assertEquals((await program.ended).code, 0);
  assert(!program.output().includes("NotCapable"), program.output());
});

Deno.test("the unit waits longer than the program drains, and systemd takes it", async () => {
  assert(Number(valueOf("TimeoutStopSec")) * 1000 >= DRAIN_DELAY_MS + DRAIN_MS + 5_000);
  for (const line of ["NoNewPrivileges=yes", "ProtectSystem=strict", "DynamicUser=yes"]) {
    assertStringIncludes(unit, `\n${line}\n`);
  }
  await using temp = await tempDir();
  const path = `${temp.path}/switchboard@8000.service`;
  await Deno.writeTextFile(path, unit.replaceAll("/usr/local/bin/deno", Deno.execPath()));
  assertEquals(await checked("systemd-analyze", ["verify", path]) ?? "", "");
});

Deno.test("the engine is told the same by the unit as by the task", () => {
  const told = (command: string) => command.match(/--v8-flags=\S+/g);
  assertEquals(told(valueOf("ExecStart")), told(denoJson.tasks.start.command));
});

Deno.test("Caddy takes its file", async () => {
  const text = await read("Caddyfile");
  assertStringIncludes(text, "health_uri /health\n");
  await using temp = await tempDir();
  const path = `${temp.path}/Caddyfile`;
  await Deno.writeTextFile(path, text);
  await checked("caddy", ["validate", "--config", path, "--adapter", "caddyfile"]);
});

Deno.test("nginx takes its file, which passes Host on", async () => {
  const text = await read("nginx.conf");
  assertStringIncludes(text, "proxy_set_header Host $host;");
  assert(!/^[^#]*non_idempotent/m.test(text), "no call is made twice");
  await using temp = await tempDir();
  const { path } = temp;
  const { cert, key } = await (await createAuthority()).issue("switchboard.example.com");
  await Deno.writeTextFile(`${path}/cert.pem`, cert);
  await Deno.writeTextFile(`${path}/key.pem`, key, { mode: 0o600 });
  const own = text.replace(/ssl_certificate .*;/, `ssl_certificate ${path}/cert.pem;`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${path}/key.pem;`);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${path}/${name};`).join(" ");
  const conf =
    `pid ${path}/pid; error_log ${path}/log; events {} http { access_log off; ${paths}\n${own}\n}`;
  await Deno.writeTextFile(`${path}/nginx.conf`, conf);
  await checked("nginx", ["-t", "-q", "-c", `${path}/nginx.conf`]);
});

Deno.test("the container file copies the program, all of it and no secret, and starts it as the unit does", async () => {
  const text = await read("Containerfile");
  const copied = [...text.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, from = ""]) =>
    from.split(" ")
  );
  const skipped = ["tests", "node_modules"];
  const folders = [...Deno.readDirSync(root)].filter(({ name, isDirectory }) =>
    isDirectory && !name.startsWith(".") && !skipped.includes(name)
  ).map(({ name }) => name);
  const files = ["deno.json", "deno.lock", "main.ts", "compose.ts"];
  assertEquals(copied.toSorted(), [...folders, ...files].toSorted());
  const [, list = "[]"] = /^CMD (.*)$/m.exec(text) ?? [];
  const plain = (args: string[]) =>
    args.map((arg) => arg.replace(/^--allow-(read|write)=.*/, "--allow-$1"));
  assertEquals(plain(JSON.parse(list)), plain(valueOf("ExecStart").split(" ").slice(1)));
});
