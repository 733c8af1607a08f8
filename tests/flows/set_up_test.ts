import { assert, assertEquals } from "@std/assert";
import type { Snippet } from "../../routes/people/set_up/set_up.ts";
import { setUps } from "../../routes/people/set_up/set_ups.ts";
import { openGateway, personalToken, signedIn } from "../support/attacks.ts";
import { API_KEY } from "../support/gateway.ts";

/** What a person's own shell makes of it, with the real curl. */
async function answerOf(script: string, env: Record<string, string> = {}) {
  const shell = new Deno.Command("bash", { args: ["-euc", script], env });
  const { success, stdout, stderr } = await shell.output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function textOf(snippets: Snippet[], title: string): string {
  return snippets.find((each) => each.title === title)!.text;
}

Deno.test("what is pasted into a shell lists the tools of the token that was made just now", async () => {
  await using gateway = await openGateway();
  const token = await personalToken(await signedIn(gateway));
  const { snippets } = setUps({ publicUrl: gateway.url, token }).find(({ id }) => id === "curl")!;
  const ask = textOf(snippets, "request");
  const { result } = await answerOf(`${textOf(snippets, "variable")}\n${ask}`);
  assert(result.tools.some(({ name }: { name: string }) => name === "github_find_issues"));

  // Without it, as whoever left out a step.
  const { error } = await answerOf(ask, { SWITCHBOARD_TOKEN: "" });
  assert(error !== undefined);
});

Deno.test("a backend gets the token for one of its users that a voice platform's set-up takes", async () => {
  await using gateway = await openGateway();
  const { forUsers } = setUps({ publicUrl: gateway.url }).find(({ id }) => id === "vapi")!;
  const session = await answerOf(textOf(forUsers!, "session"), { SWITCHBOARD_API_KEY: API_KEY });
  assertEquals(session.mcp_url, `${gateway.url}/mcp`);
  const { snippets } = setUps({ publicUrl: gateway.url, token: session.token })
    .find(({ id }) => id === "curl")!;
  const script = `${textOf(snippets, "variable")}\n${textOf(snippets, "request")}`;
  const { result } = await answerOf(script);
  assert(result.tools.length > 0);
});
