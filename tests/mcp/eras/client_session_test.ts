import { assert, assertEquals } from "@std/assert";
import { elicitationOf, greetingSession, isBare } from "../../../mcp/eras/client_session.ts";

const SESSION = { header: "Mcp-Session-Id" };

/** What the session id of a client says that declared this. */
function remembered(elicitation: unknown) {
  const body = { method: "initialize", params: { capabilities: { elicitation } } };
  const id = greetingSession(body, () => "secret")!;
  assert(id.endsWith(".secret"));
  return elicitationOf(
    new Request("https://sb.example/mcp", { headers: { [SESSION.header]: id } }),
  );
}

Deno.test("a session id says which questions its client has a form for, and no more", () => {
  const cases: [unknown, boolean, boolean][] = [
    [{ form: {}, url: {} }, true, true],
    [{ form: {} }, true, false],
    [{ url: {} }, false, true],
    // Until 2025-06-18 there was only the form, and nothing was said of it.
    [{}, true, false],
    [{ form: null, url: null }, false, false],
    [{ form: true, url: "yes" }, false, false],
    [{ other: {} }, false, false],
    [undefined, false, false],
    [null, false, false],
    ["form", false, false],
  ];
  for (const [said, form, url] of cases) {
    assertEquals(remembered(said), { form, url }, JSON.stringify(said));
  }
  for (const id of ["", "form", "form+url", "x-form-elicitation.s", "formurl-elicitation"]) {
    const headers = { [SESSION.header]: id };
    const { form, url } = elicitationOf(new Request("https://sb.example/", { headers }));
    assertEquals([form, url], [false, false], id);
  }
});

Deno.test("nobody has greeted who only posts, and a session begins with a greeting", () => {
  for (const body of [null, undefined, [], "initialize", { method: "tools/list" }]) {
    assertEquals(greetingSession(body, () => "secret"), undefined);
  }
  assertEquals(greetingSession({ method: "initialize" }, () => "s"), "no-elicitation.s");
  const bare = (headers: Record<string, string>) =>
    isBare(new Request("https://sb.example/", { headers }));
  assertEquals(bare({}), true);
  assertEquals(bare({ "Mcp-Protocol-Version": "2025-06-18" }), false);
  assertEquals(bare({ "Mcp-Session-Id": "s" }), false);
});
