/** What is said of the REST part is whole, valid, and of the code that answers. */

import { assert, assertEquals } from "@std/assert";
import type { Reason } from "../../../broker/core/refusal.ts";
import { apiArea } from "../../../routes/api/api.ts";
import { healthArea } from "../../../routes/health.ts";
import type { AppDeps } from "../../../routes/http/deps.ts";
import { type HttpReason, wireOfHttp, wireOfReason } from "../../../routes/http/errors.ts";
import { type Code, SAID, statusOfCode } from "../../../routes/openapi/codes.ts";
import { documentOf, templateOf } from "../../../routes/openapi/document.ts";
import { operations } from "../../../routes/openapi/operations/operations.ts";
import { rowsOf, type Schema } from "../../../routes/openapi/schema_rows.ts";
import { USER_ID } from "../../../broker/core/subject.ts";
import { madeOf, typesFile } from "./made.ts";

const document = documentOf({ publicUrl: "https://switchboard.example.com", version: "0.2.0" });

/** What an area needs to say which routes it has. */
const NOTHING = {} as AppDeps;

const named = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** What providers call, not backends. */
const OF_OTHERS = ["POST /provider-events/:provider"];

Deno.test("every route that backends call is described, and nothing else is", () => {
  const routes = [...apiArea(NOTHING).routes, ...healthArea(NOTHING).routes]
    .filter((route) => !OF_OTHERS.includes(named(route)));
  assertEquals(operations.map(named).toSorted(), routes.map(named).toSorted());
  assertEquals(
    Object.keys(document.paths!).toSorted(),
    [...new Set(operations.map(({ path }) => templateOf(path)))].toSorted(),
  );
});

Deno.test("the document is valid OpenAPI 3.1, and the client's types are those that are made of it", async () => {
  const { validation, types } = await madeOf(document);
  assertEquals(validation.errors ?? [], []);
  assert(validation.valid);
  // `deno task openapi` writes them.
  assertEquals(types, await Deno.readTextFile(typesFile));
});

/** Whatever words ask of it, a reason of this code has something of it. */
function anyReason<T>(code: string): T {
  return new Proxy({}, { get: (_, name) => name === "code" ? code : [] }) as T;
}

Deno.test("each code of an error is the one that is said, with the status that is said", () => {
  const http = Object.keys(SAID).filter((code) =>
    /^(unsupported_media_type|payload_too_large|request_timeout|forbidden|method_not)/.test(code)
  );
  const own = ["server_error", "not_loaded", "server_restarting", "client_refused"];
  for (const code of Object.keys(SAID) as Code[]) {
    if (own.includes(code)) continue;
    const { status, error } = http.includes(code)
      ? wireOfHttp(anyReason<HttpReason>(code))
      : wireOfReason(
        code === "key_refused"
          ? { code, title: "Acme", what: "api_key", why: "refused" }
          : code === "quota_exceeded"
          ? { code, of: "connections", limit: 200 }
          : anyReason<Reason>(code),
      );
    assertEquals([SAID[code].error, statusOfCode(code)], [error, status], code);
  }
  const client = { code: "key_refused", title: "A", what: "client_credentials", why: "refused" };
  assertEquals(wireOfReason(client as Reason).error, SAID.client_refused.error);
});

Deno.test("all that is sent is explained, and everybody's user ids have the form that is checked", () => {
  const sent = Object.values(document.paths!).flatMap((item) =>
    Object.values(item as Record<string, Described>).flatMap(({ parameters = [], requestBody }) => [
      ...parameters.map(({ name, description = "" }) => ({ name, text: description })),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        rowsOf(document, schema)
      ),
    ])
  );
  assert(sent.length > 50);
  assertEquals(sent.filter(({ text }) => text === ""), []);
  const patterns = JSON.stringify(document).matchAll(/"pattern":"([^"]*)"/g);
  assertEquals(new Set([...patterns].map(([, text]) => text)).has(USER_ID.source), true);
});

interface Described {
  parameters?: { name: string; description?: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
