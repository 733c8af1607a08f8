/** A connection to GitHub for public repositories, and what stays shut to it. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { call, startGateway } from "../support/gateway.ts";
import { Browser } from "../support/browser.ts";

/** As GitHub answers: with the scopes of the token, and what is private is not found. */
function withScopes(granted: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    if (!/^\/(repos|user\/repos|search)\b/.test(pathname)) return await fetch(request);
    const headers = { "X-OAuth-Scopes": granted, "X-Accepted-OAuth-Scopes": "repo" };
    if (pathname.startsWith("/repos/acme/secret")) {
      return Response.json({ message: "Not Found" }, { status: 404, headers });
    }
    const answer = await fetch(request);
    return new Response(answer.body, {
      ...answer,
      status: answer.status,
      headers: {
        ...Object.fromEntries(answer.headers),
        ...headers,
      },
    });
  };
}

Deno.test("public_repo opens what is public, and says of the rest that it may be private", async () => {
  await using gateway = await startGateway({ fetch: withScopes("public_repo") });
  await gateway.connect("github", { scope: "public_repo" });
  const issue = { repo: "octocat/hello-world", title: "Hello" };
  const made = await gateway.mcp(call("github_create_issue", issue));
  assertEquals(made.json.result.isError, undefined, made.text);
  const list = await gateway.mcp(call("github_list_repositories"));
  assertStringIncludes(list.json.result.content[0].text, "Private repositories are left out");

  const hidden = await gateway.mcp(call("github_read_file", { repo: "acme/secret" }));
  const { isError, content, structuredContent } = hidden.json.result;
  assertEquals([isError, structuredContent.error], [true, "insufficient_scope"]);
  assertStringIncludes(content[0].text, "It may be private, and this connection is for public");
  const page = await new Browser().open(structuredContent.connect_url);
  assertStringIncludes(page.html, "private ones too");
});

Deno.test("a connection for everything is not asked for more where something is not there", async () => {
  await using gateway = await startGateway({ fetch: withScopes("repo") });
  await gateway.connect("github");
  const missing = await gateway.mcp(call("github_read_file", { repo: "acme/secret" }));
  const { structuredContent } = missing.json.result;
  assertEquals([structuredContent.error, structuredContent.connect_url], ["not_found", undefined]);
  const list = await gateway.mcp(call("github_list_repositories"));
  assert(!list.text.includes("left out"), list.text);
});

Deno.test("who has connected nothing is asked for what the service is for", async () => {
  await using gateway = await startGateway();
  const { json } = await gateway.mcp(call("github_find_issues", { repo: "octocat/hello-world" }));
  const { connect_url } = json.result.structuredContent;
  const page = await new Browser().open(connect_url);
  assertStringIncludes(page.html, "private ones too");
});

Deno.test("an organization's single sign-on is answered with GitHub's own page for it", async () => {
  const url = "https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX1H3sCQIV";
  await using gateway = await startGateway({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (!new URL(request.url).pathname.startsWith("/repos/acme/")) return await fetch(request);
      const body = { message: "Resource protected by organization SAML enforcement." };
      const headers = { "X-GitHub-SSO": `required; url=${url}` };
      return Response.json(body, { status: 403, headers });
    },
  });
  await gateway.connect("github");
  const { json } = await gateway.mcp(call("github_find_issues", { repo: "acme/app" }));
  const { structuredContent, content } = json.result;
  assertStringIncludes(content[0].text, "The organization asks for its single sign-on");
  // The emulated GitHub is at another address: GitHub's page is none of its own.
  assertEquals(structuredContent.connect_url, undefined);
  assertEquals(structuredContent.error, "forbidden");
});
