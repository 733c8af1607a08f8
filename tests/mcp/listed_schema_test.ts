import { assertEquals } from "@std/assert";
import { z } from "zod";
import { listedSchema } from "../../mcp/listed_schema.ts";

Deno.test("arguments are listed without bounds that no model breaks, and with those it may", () => {
  const input = z.strictObject({
    title: z.string().min(1).max(200),
    key: z.string().min(2).max(9).regex(/^[A-Z]+$/),
    limit: z.int().min(1).max(50).default(10),
    offset: z.int().min(0).max(1_000_000).default(0),
    labels: z.array(z.string().min(1)).min(1).max(20).optional(),
    assignee: z.string().max(100).nullable().optional(),
  });
  assertEquals(listedSchema(input, "input"), {
    type: "object",
    properties: {
      title: { type: "string" },
      key: { type: "string", minLength: 2, pattern: "^[A-Z]+$" },
      limit: { type: "integer", minimum: 1, maximum: 50, default: 10 },
      offset: { type: "integer", default: 0 },
      labels: { type: "array", items: { type: "string" }, maxItems: 20 },
      assignee: { anyOf: [{ type: "string" }, { type: "null" }] },
    },
    required: ["title", "key"],
    additionalProperties: false,
  });
});

Deno.test("answers are listed with their fields and kinds, and never stricter than they are", () => {
  const output = z.object({
    state: z.enum(["open", "closed"]),
    parts: z.array(z.object({ size: z.int().min(0), only: z.literal(true).optional() })),
  });
  assertEquals(listedSchema(output, "output"), {
    type: "object",
    properties: {
      state: { type: "string", enum: ["open", "closed"] },
      parts: {
        type: "array",
        items: {
          type: "object",
          properties: { size: { type: "integer" }, only: { type: "boolean" } },
        },
      },
    },
    required: ["state", "parts"],
  });
});

Deno.test("a field that is called like a word of the schema stays", () => {
  const names = ["required", "pattern", "maximum", "maxLength", "properties", "default", "enum"];
  const fields = z.object(Object.fromEntries(names.map((name) => [name, z.string().max(5)])));
  for (const io of ["input", "output"] as const) {
    const { properties } = listedSchema(fields, io);
    assertEquals(
      properties,
      Object.fromEntries(names.map((name) => [name, { type: "string" }])),
      io,
    );
  }
});
