import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { call, startGateway, USER } from "../support/gateway.ts";
import { serve } from "../support/serve.ts";

/** GitHub with one GitHub App, whose installation may see one repository, and not who writes mail. */
function startGitHubApp() {
  const asked: { path: string; token: string; scope: string | null }[] = [];
  let issued = 0;
  const { port, close } = serve((request) => {
    const { pathname, searchParams } = new URL(request.url);
    const token = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    asked.push({ path: pathname, token, scope: searchParams.get("scope") });
    switch (pathname) {
      case "/login/oauth/authorize": {
        const back = new URL(searchParams.get("redirect_uri")!);
        back.search = String(
          new URLSearchParams({ code: "c", state: searchParams.get("state")! }),
        );
        return Response.redirect(back);
      }
      case "/login/oauth/access_token":
        issued += 1;
        return Response.json({
          access_token: `ghu_${issued}`,
          refresh_token: `ghr_${issued}`,
          expires_in: 28_800,
          scope: "",
          token_type: "bearer",
        });
      case "/user":
        return Response.json({ id: 583231, login: "octocat" });
      case "/user/repos":
        return Response.json([]);
      default:
        return Response.json({ message: "The GitHub App has no permission for this." }, {
          status: 403,
        });
    }
  });
  return { asked, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

Deno.test("a GitHub App's token is used without scopes, and GitHub itself says what it may not", async () => {
  await using app = startGitHubApp();
  await using gateway = await startGateway({
    env: {
      GITHUB_CLIENT_ID: "Iv1.app",
      GITHUB_CLIENT_SECRET: "secret",
      GITHUB_BASE_URL: app.url,
      GITHUB_API_URL: app.url,
    },
  });
  const connect = async (scope?: string) => {
    const body = { user_id: USER, service: "github", scope };
    const { json } = await gateway.api("/links", { body });
    const browser = new Browser();
    return (await browser.submit(await browser.open(json.url))).html;
  };
  const first = await connect();
  assertStringIncludes(first, "✓ GitHub connected");
  assert(!first.includes("not allowed"), first);

  const list = await gateway.mcp(call("github_list_repositories", {}));
  assertEquals(list.json.result.isError, undefined, list.text);
  const issue = await gateway.mcp(call("github_list_issues", { repo: "octocat/hello-world" }));
  assertStringIncludes(
    issue.json.result.content[0].text,
    "The GitHub App has no permission for this.",
  );
  assert(!issue.text.includes("connect_url"), issue.text);

  // Whatever scope an app's backend means: GitHub has the last word.
  const token = (scope?: string) =>
    gateway.api("/token/github", { body: { user_id: USER, scope } });
  for (const scope of [undefined, "repo", "public_repo"]) {
    const { status, json } = await token(scope);
    assertEquals([status, json.access_token, json.scope], [200, "ghu_1", "github_app"]);
  }
  gateway.world.skew += 28_800_000;
  const refreshed = await token("repo");
  assertEquals([refreshed.json.access_token, refreshed.json.scope], ["ghu_2", "github_app"]);

  // GitHub has no such scope, and is not asked for it.
  await connect("user");
  const scopes = app.asked.filter(({ path }) => path.endsWith("/authorize"))
    .map(({ scope }) => scope);
  assertEquals(scopes, ["repo", "user"]);
});
