/**
 * What the public suite's server scenarios ask a server to have, as each of
 * them documents it: tools, resources and prompts. How a revision carries them
 * is said in `fixture_server.ts`.
 *
 * @module
 */

import { createHmac } from "node:crypto";

/** What a tool may do while it is called. */
export interface Doing {
  // deno-lint-ignore no-explicit-any -- as it came
  args: any;
  progress(progress: number, total: number): Promise<void>;
  log(data: string): Promise<void>;
  /** Until 2025-11-25: asks the client in between. */
  elicit?: (message: string, requestedSchema: unknown) => Promise<unknown>;
  /** 2026-07-28: what was answered to what was asked before. */
  answered: Record<string, unknown>;
  state: string | undefined;
  capabilities: Record<string, unknown>;
}

type Result = Record<string, unknown>;

/** A fixture tool. */
export interface FixtureTool {
  description: string;
  inputSchema?: Record<string, unknown>;
  call(doing: Doing): Result | Promise<Result>;
}

/** A red pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A header without samples. */
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

const words = (text: string): Result => ({ content: [{ type: "text", text }] });
const image = { type: "image", data: PNG, mimeType: "image/png" };
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

const form = (properties: Record<string, unknown>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});
const text = { type: "string" };

/** An `InputRequiredResult` (SEP-2322) with questions for the person. */
function ask(
  questions: Record<string, [message: string, schema: unknown]>,
  state?: string,
): Result {
  const inputRequests = Object.fromEntries(
    Object.entries(questions).map(([key, [message, requestedSchema]]) => [
      key,
      { method: "elicitation/create", params: { mode: "form", message, requestedSchema } },
    ]),
  );
  return { resultType: "input_required", inputRequests, requestState: state };
}

/** Whether a question was answered with a form. */
function isAnswered(answer: unknown): answer is { content: Record<string, unknown> } {
  return typeof answer === "object" && answer !== null && "action" in answer;
}

const sign = (state: string) =>
  `${state}.${createHmac("sha256", "fixture").update(state).digest("hex")}`;

/** @throws where a state was changed on its way. */
function checked(state: string | undefined): string {
  const [value = ""] = (state ?? "").split(".");
  if (sign(value) !== state) throw { code: -32602, message: "The state was tampered with" };
  return value;
}

/** Asks on a call, and answers in words on the next one. */
function asking(key: string, message: string, schema: unknown, state?: string) {
  return ({ answered, state: given }: Doing): Result => {
    if (!isAnswered(answered[key])) return ask({ [key]: [message, schema] }, state && sign(state));
    if (state !== undefined) checked(given);
    return words(`Answered: ${JSON.stringify(answered[key])}`);
  };
}

async function elicited({ elicit }: Doing, message: string, schema: unknown): Promise<Result> {
  if (elicit === undefined) throw new Error("The client does not support elicitation");
  const { action, content } = await elicit(message, schema) as { action: string; content: unknown };
  return words(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
}

/** The tools by their names. */
export const TOOLS: Record<string, FixtureTool> = {
  test_simple_text: {
    description: "Answers with text",
    call: () => words("This is a simple text response for testing."),
  },
  test_image_content: { description: "Answers with an image", call: () => ({ content: [image] }) },
  test_audio_content: {
    description: "Answers with audio",
    call: () => ({ content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }] }),
  },
  test_embedded_resource: {
    description: "Answers with a resource",
    call: () => ({
      content: [{
        type: "resource",
        resource: {
          uri: "test://embedded-resource",
          mimeType: "text/plain",
          text: "This is an embedded resource content.",
        },
      }],
    }),
  },
  test_multiple_content_types: {
    description: "Answers with text, an image and a resource",
    call: () => ({
      content: [
        { type: "text", text: "Multiple content types test:" },
        image,
        {
          type: "resource",
          resource: {
            uri: "test://mixed-content-resource",
            mimeType: "application/json",
            text: '{"test":"data","value":123}',
          },
        },
      ],
    }),
  },
  test_error_handling: {
    description: "Always fails",
    call: () => ({
      ...words("This tool intentionally returns an error for testing"),
      isError: true,
    }),
  },
  test_tool_with_progress: {
    description: "Says how far it is",
    async call({ progress }) {
      for (const step of [0, 50, 100]) {
        await progress(step, 100);
        await pause();
      }
      return words("Done with progress");
    },
  },
  test_tool_with_logging: { description: "Says what it does", call: logging },
  test_logging_tool: { description: "Says what it does", call: logging },
  test_elicitation: {
    description: "Asks the person",
    inputSchema: form({ message: text }),
    call: (doing) => elicited(doing, doing.args.message, form({ username: text, email: text })),
  },
  test_elicitation_sep1034_defaults: {
    description: "Asks with defaults",
    call: (doing) =>
      elicited(doing, "Please review", {
        type: "object",
        properties: {
          name: { type: "string", default: "John Doe" },
          age: { type: "integer", default: 30 },
          score: { type: "number", default: 95.5 },
          status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
          verified: { type: "boolean", default: true },
        },
        required: [],
      }),
  },
  test_elicitation_sep1330_enums: {
    description: "Asks to choose",
    call: (doing) =>
      elicited(doing, "Please choose", {
        type: "object",
        properties: {
          untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
          titledSingle: { type: "string", oneOf: titled("value", "Option") },
          legacyEnum: {
            type: "string",
            enum: ["opt1", "opt2", "opt3"],
            enumNames: ["Option One", "Option Two", "Option Three"],
          },
          untitledMulti: {
            type: "array",
            items: { type: "string", enum: ["option1", "option2", "option3"] },
          },
          titledMulti: { type: "array", items: { anyOf: titled("value", "Choice") } },
        },
        required: [],
      }),
  },
  json_schema_2020_12_tool: {
    description: "Has a schema with much of JSON Schema 2020-12",
    inputSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: {
          $anchor: "addressDef",
          type: "object",
          properties: { street: text, city: text },
        },
      },
      properties: {
        name: text,
        address: { $ref: "#/$defs/address" },
        contact: { type: "string", enum: ["phone", "email"] },
        phone: text,
        email: text,
      },
      allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
      if: { properties: { contact: { const: "phone" } }, required: ["contact"] },
      then: { required: ["phone"] },
      else: { required: ["email"] },
      additionalProperties: false,
    },
    call: ({ args }) => words(JSON.stringify(args)),
  },
  test_x_mcp_header: {
    description: "Has a parameter that is also a header",
    inputSchema: form({ region: { type: "string", "x-mcp-header": "Region" } }),
    call: ({ args }) => words(`In ${args.region}`),
  },
  test_input_required_result_elicitation: {
    description: "Asks for a name first",
    call: asking("user_name", "What is your name?", form({ name: text })),
  },
  test_streaming_elicitation: {
    description: "Asks for a name first",
    call: asking("user_name", "What is your name?", form({ name: text })),
  },
  test_input_required_result_request_state: {
    description: "Asks, and remembers by its state",
    call: asking("confirm", "Please confirm", form({ ok: { type: "boolean" } }), "waiting"),
  },
  test_input_required_result_tampered_state: {
    description: "Sees that its state was changed",
    call: asking("confirm", "Please confirm", form({ ok: { type: "boolean" } }), "waiting"),
  },
  test_input_required_result_multi_round: {
    description: "Asks twice",
    call({ answered, state }) {
      if (state === undefined) {
        return ask({ step1: ["Step 1: What is your name?", form({ name: text })] }, sign("1"));
      }
      if (checked(state) === "1") {
        const second = ask(
          { step2: ["Step 2: What is your favorite color?", form({ color: text })] },
          sign("2"),
        );
        return isAnswered(answered.step1) ? second : ask({
          step1: ["Step 1: What is your name?", form({ name: text })],
        }, sign("1"));
      }
      return words(`Answered: ${JSON.stringify(answered.step2)}`);
    },
  },
};

async function logging({ log }: Doing): Promise<Result> {
  for (const data of ["Tool execution started", "Tool processing data"]) {
    await log(data);
    await pause();
  }
  await log("Tool execution completed");
  return words("Done with logging");
}

function titled(value: string, title: string) {
  return ["First", "Second", "Third"].map((place, index) => ({
    const: `${value}${index + 1}`,
    title: `${place} ${title}`,
  }));
}

/** The resources as they are listed. */
export const RESOURCES = [
  {
    uri: "test://static-text",
    name: "static-text",
    description: "A text",
    mimeType: "text/plain",
  },
  {
    uri: "test://static-binary",
    name: "static-binary",
    description: "An image",
    mimeType: "image/png",
  },
];
/** The templates as they are listed. */
export const TEMPLATES = [{
  uriTemplate: "test://template/{id}/data",
  name: "template",
  description: "Data of an id",
  mimeType: "application/json",
}];

/** What a URI is; `undefined` where it is nothing. */
export function read(uri: string): Result | undefined {
  const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
  const data = { id, templateTest: true, data: `Data for ID: ${id}` };
  const content = uri === "test://static-text"
    ? { mimeType: "text/plain", text: "This is the content of the static text resource." }
    : uri === "test://static-binary"
    ? { mimeType: "image/png", blob: PNG }
    : id !== undefined
    ? { mimeType: "application/json", text: JSON.stringify(data) }
    : undefined;
  return content && { contents: [{ uri, ...content }] };
}

/** A fixture prompt. */
interface FixturePrompt {
  description: string;
  arguments?: string[];
  get(doing: Pick<Doing, "args" | "answered" | "state">): Result;
}

const user = (content: unknown) => ({ role: "user", content });
const said = (text: string) => user({ type: "text", text });

/** The prompts by their names. */
export const PROMPTS: Record<string, FixturePrompt> = {
  test_simple_prompt: {
    description: "Without arguments",
    get: () => ({ messages: [said("This is a simple prompt for testing.")] }),
  },
  test_prompt_with_arguments: {
    description: "With two arguments",
    arguments: ["arg1", "arg2"],
    get: ({ args: { arg1, arg2 } }) => ({
      messages: [said(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    }),
  },
  test_prompt_with_embedded_resource: {
    description: "With a resource",
    arguments: ["resourceUri"],
    get: ({ args: { resourceUri: uri } }) => ({
      messages: [
        user({
          type: "resource",
          resource: {
            uri,
            mimeType: "text/plain",
            text: "Embedded resource content for testing.",
          },
        }),
        said("Please process the embedded resource above."),
      ],
    }),
  },
  test_prompt_with_image: {
    description: "With an image",
    get: () => ({ messages: [user(image), said("Please analyze the image above.")] }),
  },
  test_input_required_result_prompt: {
    description: "Asks for its context first",
    get: ({ answered }) =>
      isAnswered(answered.user_context)
        ? { messages: [said(`In the context of ${JSON.stringify(answered.user_context.content)}`)] }
        : ask({ user_context: ["What context should the prompt use?", form({ context: text })] }),
  },
};
