import { assertEquals } from "@std/assert";
import { isProgram, wantsPage } from "../../../routes/http/wants_page.ts";

Deno.test("a page is for who takes one and sends no JSON, and a program is who takes nothing else", () => {
  const cases: [
    accept: string | undefined,
    type: string | undefined,
    page: boolean,
    program: boolean,
  ][] = [
    ["text/html,application/xhtml+xml,*/*;q=0.8", undefined, true, false],
    ["application/json, text/html", "application/x-www-form-urlencoded", true, false],
    ["text/html", "application/json", false, true],
    ["*/*", "application/json; charset=utf-8", false, true],
    ["*/*", "application/vnd.api+json", false, true],
    ["application/json, text/event-stream", undefined, false, true],
    ["text/htmlx", undefined, false, true],
    ["*/*", undefined, false, false],
    [undefined, undefined, false, false],
    [undefined, "text/plain", false, false],
  ];
  for (const [accept, type, page, program] of cases) {
    const headers = new Headers();
    if (accept !== undefined) headers.set("Accept", accept);
    if (type !== undefined) headers.set("Content-Type", type);
    const request = new Request("https://sb.example/", { headers });
    assertEquals([wantsPage(request), isProgram(request)], [page, program], `${accept} ${type}`);
  }
});
