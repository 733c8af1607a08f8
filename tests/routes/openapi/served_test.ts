/** The descriptions as strangers get them, and what they do not learn by them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { examplesOf } from "../../../routes/openapi/examples.ts";
import { operations } from "../../../routes/openapi/operations/operations.ts";
import { startGateway } from "../../support/gateway.ts";
import { withoutOwn } from "../../support/own_page.ts";
import { examples, examplesFile } from "./scenario.ts";

const PATHS = ["/openapi.json", "/docs", "/llms.txt"];

Deno.test("descriptions are for everybody, may be kept, and are asked for again by their tag", async () => {
  await using gateway = await startGateway();
  for (const path of PATHS) {
    const first = await gateway.api(path, {
      key: null,
      headers: { Origin: "https://any.example" },
    });
    assertEquals(first.status, 200, path);
    assertEquals(first.headers.get("Access-Control-Allow-Origin"), "*");
    assertStringIncludes(first.headers.get("Cache-Control")!, "public, max-age=300");
    assertEquals(first.headers.get("Set-Cookie"), null);
    const tag = first.headers.get("ETag")!;
    const again = await gateway.api(path, { key: null, headers: { "If-None-Match": tag } });
    assertEquals([again.status, again.text], [304, ""]);
    assertEquals((await gateway.api(path, { method: "POST", body: {} })).status, 405);
    const host = await gateway.handle(new Request(`http://elsewhere.example${path}`));
    assertEquals(host.status, 403, "a name that is not served");
    await host.body?.cancel();
  }
});

Deno.test("descriptions say nothing of what is set up, and name no address but the public one", async () => {
  const secrets = {
    GITHUB_CLIENT_SECRET: "github-secret-of-one",
    SIGN_IN_ALLOW: "ada@inside.example",
  };
  const apps = JSON.stringify({ voice: { name: "Inside App" } });
  await using one = await startGateway({
    env: { ...secrets, APPS: apps, KEY_SERVICES: "stripe_key" },
  });
  await using other = await startGateway();
  for (const path of PATHS) {
    const [mine, theirs] = [await one.api(path), await other.api(path)];
    assertEquals(mine.text.replaceAll(one.url, ""), theirs.text.replaceAll(other.url, ""), path);
    const hosts = [...mine.text.replaceAll(one.url, "").matchAll(/https?:\/\/([^/"'\s<\\&`]+)/g)];
    const strange = hosts.map(([, host]) => host!).filter((host) =>
      !/(^|\.)(example|example\.com|googleapis\.com)$/.test(host) && host !== "api.github.com"
    );
    assertEquals(strange, [], path);
  }
});

Deno.test("the page has every route, and runs and loads nothing of others", async () => {
  await using gateway = await startGateway();
  const { text, headers } = await gateway.api("/docs", { headers: { "Accept-Language": "de" } });
  assertStringIncludes(text, '<html lang="de"');
  assertStringIncludes(text, '<div class="stack loose" lang="en"');
  assertStringIncludes(headers.get("Vary")!, "Accept-Language");
  for (const { title } of operations) {
    assertStringIncludes(text, `>${title.replaceAll("'", "&#39;")}</h3>`);
  }
  const rest = withoutOwn(text);
  assert(!/<(script|style|iframe|img|object)\b/.test(rest));
  const leads = [...rest.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, to]) => to!);
  assertEquals(leads.filter((to) => !/^[#/](?!\/)/.test(to)), []);
  const anchors = leads.filter((to) => to.startsWith("#")).map((to) => to.slice(1));
  assertEquals(anchors.filter((id) => !rest.includes(`id="${id}"`)), []);
});

Deno.test("llms.txt is a heading, a summary and links that lead somewhere", async () => {
  await using gateway = await startGateway();
  const { text, headers } = await gateway.api("/llms.txt", { key: null });
  assertEquals(headers.get("Content-Type"), "text/plain; charset=utf-8");
  assert(/^# Switchboard\n\n> [^\n]+\n/.test(text));
  const links = [...text.matchAll(/^- \[[^\]]+\]\(([^)]+)\)/gm)].map(([, to]) => to!);
  assert(links.length >= 6);
  for (const link of links.filter((to) => !to.endsWith("/mcp") || to.includes(".well-known"))) {
    const { status } = await gateway.api(link.slice(gateway.url.length), { key: null });
    assertEquals(status, 200, link);
  }
});

Deno.test("the examples are requests that were made, and what was answered", async () => {
  const made = await examples();
  // `deno task openapi` writes them.
  assertEquals(made, JSON.parse(await Deno.readTextFile(examplesFile)));
  const without = operations.filter(({ id }) => examplesOf(id, "https://x.example").length === 0);
  assertEquals(without.map(({ id }) => id), []);
});
