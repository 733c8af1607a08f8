/** Tools that trust their vendor too much, and what the contract test says of each. */

import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import {
  type ApiFault,
  type Provider,
  type Tool,
  tool,
  type ToolSpec,
} from "../../providers/provider.ts";
import { github } from "../../providers/github/github.ts";
import type { Json } from "../support/api.ts";
import { checkTool } from "./checks.ts";
import { Description, type Operation } from "./description.ts";
import type { Vendor } from "./vendor.ts";

const HOST = "https://api.example.com";
const thing = {
  type: "object",
  properties: {
    id: { type: "string" },
    name: { type: "string" },
    note: { type: "string", nullable: true },
    due: { type: "string", format: "date", nullable: true },
    size: { type: "integer" },
    state: { type: "string", enum: ["open", "shut"] },
  },
  required: ["id", "name", "note", "state"],
};
const list = {
  type: "object",
  properties: { things: { type: "array", items: thing }, next: { type: "string" } },
  required: ["things"],
};

function operation(id: string, more: Partial<Operation>): Operation {
  const [method = "", path = ""] = id.split(" ");
  return { id, method, url: HOST + path, deprecated: false, parameters: [], answers: [], ...more };
}

const OPERATIONS = [
  operation("GET /thing", { answers: [{ status: 200, schema: thing, examples: [] }] }),
  operation("GET /things", {
    answers: [{ status: 200, schema: list, examples: [] }],
    scopes: ["read"],
  }),
  operation("POST /thing", {
    body: { schema: { type: "object", properties: { name: { type: "string" } } }, required: true },
    answers: [{ status: 201, schema: thing, examples: [] }],
  }),
];

const vendor: Vendor = {
  title: "Acme",
  services: ["acme"],
  describe: () => Promise.resolve(new Description("Acme", OPERATIONS)),
  words: [],
  kept: /^$/,
  most: () => 5,
  fit: (body) => body,
  headers: () => ({}),
  goesOn: ({ answered }) => Boolean(answered.next),
  refusal: (status) => ({ error: `code ${status}` }),
};

const KINDS: Record<number, ApiFault["kind"]> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
};
const provider: Provider = {
  ...github.create({ clientId: "x", clientSecret: "x", redirectUri: `${HOST}/cb`, fetch }),
  apiUrl: (path) => new URL(HOST + path),
  apiError: (status) => ({ kind: KINDS[status] ?? "unavailable", message: "Acme said no." }),
};

type Run = ToolSpec<z.ZodObject, z.ZodObject>["run"];

function made(run: Run, more: Partial<Tool> = {}): Tool {
  return {
    ...tool({
      name: "acme_read",
      service: "acme",
      title: "Read",
      description: "Reads.",
      input: z.strictObject({}),
      output: z.object({ told: z.unknown().optional() }),
      hints: { readOnly: true },
      scopes: [["read"]],
      run,
    }),
    ...more,
  };
}

const careful = z.object({
  id: z.string(),
  name: z.string(),
  note: z.string().nullish(),
  state: z.string(),
});
const Things = z.object({ things: z.array(careful), next: z.string().nullish() });

/** What it does → the check that finds it, and a part of what that says. */
const ROWS: [what: string, run: Run, check: string, fault: string, more?: Partial<Tool>][] = [
  [
    "says null",
    async (_, { api }) => {
      const { note } = await api.json("/thing", careful);
      return { text: `It says: ${note}`, data: { told: note } };
    },
    "nulls",
    "says null",
  ],
  [
    "needs what is optional",
    async (_, { api }) => {
      const { size } = await api.json("/thing", z.object({ size: z.number() }));
      return { text: `It has ${size}.`, data: { told: size } };
    },
    "bare",
    "cannot read",
  ],
  [
    "knows all values",
    async (_, { api }) => {
      const { state } = await api.json("/thing", z.object({ state: z.enum(["open", "shut"]) }));
      return { text: `It is ${state}.`, data: { told: state } };
    },
    "unknown",
    "cannot read",
  ],
  [
    "knows all members",
    async (_, { api }) => {
      const all = { due: z.string().nullish(), size: z.number().nullish() };
      const { name } = await api.json("/thing", z.strictObject({ ...careful.shape, ...all }));
      return { text: `It is ${name}.`, data: { told: name } };
    },
    "unknown",
    "cannot read",
  ],
  [
    "takes the first of none",
    async (_, { api }) => {
      const { things } = await api.json("/things", Things);
      return { text: `The first is ${things[0]!.name}. There are more.`, data: { told: things } };
    },
    "empty",
    "throws TypeError",
  ],
  [
    "leaves out what follows",
    async (_, { api }) => {
      const { things } = await api.json("/things", Things);
      return { text: `Found ${things.length}.`, data: { told: things } };
    },
    "goes on",
    "says nothing of what follows",
  ],
  [
    "makes a date of nothing",
    async (_, { api }) => {
      const { due } = await api.json("/thing", z.object({ due: z.string().nullish() }));
      const told = String(new Date(due ?? ""));
      return { text: `It is due ${told}.`, data: { told } };
    },
    "bare",
    "says Invalid Date",
  ],
  [
    "says more than its data",
    async (_, { api }) => {
      const { name } = await api.json("/thing", careful);
      return { text: `It is "${name}".`, data: {} };
    },
    "all members",
    "does not say",
  ],
  [
    "asks for what is not there",
    async (_, { api }) => {
      await api.json("/thing", careful, { query: { limit: 3 } });
      return { text: "It is there.", data: {} };
    },
    "requests",
    "sends limit, which is not described",
  ],
  ["asks nobody", () => Promise.resolve({ text: "It is there.", data: {} }), "requests", "nothing"],
  [
    "is not granted enough",
    async (_, { api }) => {
      await api.json("/things", Things);
      return { text: "They are there, and more.", data: {} };
    },
    "scopes",
    "write is not enough for GET /things",
    { scopes: [["read"], ["write"]] },
  ],
  [
    "takes anything for a change",
    async (_, { api }) => {
      await api.json("/thing", z.unknown(), { method: "POST", body: { name: "x" } });
      return { text: "It is made.", data: {} };
    },
    "unreadable",
    "takes anything for a change",
    { hints: { readOnly: false } },
  ],
  [
    "thinks that it changes something",
    async (_, { api }) => {
      await api.json("/thing", careful, { reads: false });
      return { text: "It is there.", data: {} };
    },
    "unreadable",
    "GET /thing may have been done",
  ],
  [
    "lets no refusal pass",
    async (_, { api }) => {
      const thing = await api.json("/thing", careful).catch((error) => {
        throw new TypeError(error.message);
      });
      return { text: "It is there.", data: { told: thing } };
    },
    "refusals",
    "throws at 404",
  ],
];

async function findings(tool: Tool, answering: Provider = provider) {
  const stage = { vendor, description: await vendor.describe(), provider: answering, tool };
  return await checkTool(stage, [{ args: {} }]);
}

for (const [what, run, check, fault, more] of ROWS) {
  Deno.test(`a tool that ${what} is found`, async () => {
    const { faults } = (await findings(made(run, more))).get(check)!;
    assert(faults.some((one) => one.includes(fault)), `${check}: ${faults.join("; ")}`);
  });
}

Deno.test("a refusal that is taken for another is found", async () => {
  const wrong: Provider = {
    ...provider,
    apiError: () => ({ kind: "invalid", message: "Acme said no." }),
  };
  const { faults } = (await findings(made(ROWS[0]![1]), wrong)).get("refusals")!;
  assert(faults.some((one) => one.startsWith("takes 404")), faults.join("; "));
});

Deno.test("of a careful tool nothing is found", async () => {
  const run: Run = async (_, { api }) => {
    const { things, next } = await api.json("/things", Things);
    const told: Json = things.map(({ id, name }) => ({ id, name }));
    return { text: `Found ${things.length}.${next ? " There are more." : ""}`, data: { told } };
  };
  const found = [...await findings(made(run))].flatMap(([check, { faults }]) =>
    faults.map((fault) => `${check}: ${fault}`)
  );
  assertEquals(found, []);
});
