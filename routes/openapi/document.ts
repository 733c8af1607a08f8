/**
 * The OpenAPI document (3.1.0), made of the very schemas that check requests,
 * and of those that tests check answers with.
 *
 * @module
 */

import { z } from "zod";
import {
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from "zod-openapi";
import { AuditLine } from "../api/answers/audit.ts";
import { ErrorAnswer } from "../api/answers/error.ts";
import { ImportEnd } from "../api/answers/import.ts";
import type { Said } from "./codes.ts";
import { errorsOf } from "./errors.ts";
import type { Example } from "./example.ts";
import { examplesOf } from "./examples.ts";
import { GROUPS, type Media, type Operation } from "./operation.ts";
import { operations } from "./operations/operations.ts";

/** What the document is about. */
export interface Described {
  publicUrl: string;
  version: string;
}

/** The methods of a route that takes any. */
const ANY = ["get", "head", "post", "put", "patch", "delete"] as const;
const BODYLESS: string[] = ["get", "head"];

const KEY = [{ bearer: [] }, { header: [] }];

const ABOUT = "Switchboard keeps the provider tokens of your users, and hands them out. You call " +
  "it with your API key from your own server; never from a page, which would give the key away.\n\n" +
  "Times are epoch milliseconds (`…_at`); spans are seconds (`expires_in`, `min_ttl`, " +
  "`retry_after`). Bear with members that you do not know: answers may get more of them. Tools " +
  "are called at the MCP endpoint, `/mcp`, which describes itself.\n\nExamples are requests that " +
  "were made. What is secret or long in their answers is cut short (`…`).";

/** The document, as an object. */
export function documentOf({ publicUrl, version }: Described): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    const path = templateOf(operation.path);
    const described = describe(operation, publicUrl);
    const methods = operation.method === "ANY" ? ANY : [operation.method.toLowerCase()];
    paths[path] = {
      ...paths[path],
      ...Object.fromEntries(methods.map((method) => [method, forMethod(described, method)])),
    };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Switchboard",
      summary: "Connections of your users to other services, and their provider tokens.",
      description: ABOUT,
      version,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: publicUrl }],
    tags: GROUPS.map((name) => ({ name })),
    security: KEY,
    paths,
    components: {
      // Of lines of JSON: nothing but words names them.
      schemas: { ImportEnd, AuditLine },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The API key of your app." },
        header: {
          type: "apiKey",
          in: "header",
          name: "X-Api-Key",
          description: "The same API key, where `Authorization` is taken.",
        },
      },
    },
  }, {
    override({ jsonSchema, io }) {
      // Strict to our own tests, open to clients: an answer may get more members.
      if (io === "output" && jsonSchema.additionalProperties === false) {
        delete jsonSchema.additionalProperties;
      }
      // What zod says of every whole number.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as oas31.OpenAPIObject;
}

/** `/proxy/:service/*` as `/proxy/{service}/{path}`. */
export function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}").replace("/*", "/{path}");
}

function describe(operation: Operation, publicUrl: string): ZodOpenApiOperationObject {
  const { id, group, title, text, parts, query, headers, body, answer, more = {}, key } = operation;
  const examples = examplesOf(id, publicUrl);
  const shown = { "X-Request-Id": REQUEST_ID, ...(key === "needed" && LIMITS) };
  const known = id === "getHealth" ? {} : { headers: shown };
  const params = {
    ...(parts && { path: z.object(mapped(parts, (text) => z.string().describe(text))) }),
    ...(query && { query }),
    ...(headers && { header: headers }),
  };
  const responses = {
    "200": {
      description: "It was done.",
      ...known,
      content: content(answer, usable(examples.find(({ status }) => status === 200)?.answer)),
    },
    ...mapped(more, ({ text, answer }) => ({ description: text, content: content(answer) })),
    ...Object.fromEntries(
      [...errorsOf(operation)].map(([status, said]) => [status, refusal(status, said, examples)]),
    ),
  };
  return {
    operationId: id,
    tags: [group],
    summary: title,
    description: text,
    ...(Object.keys(params).length > 0 && { requestParams: params }),
    ...(body &&
      { requestBody: { required: true, content: content(body, usable(examples[0]?.body)) } }),
    responses,
    ...(key === "none" && { security: [] }),
    ...(key === "optional" && { security: [{}, ...KEY] }),
  };
}

/** Of a route that takes any method: no two operations have one id (OpenAPI 3.1.0 §4.8.10). */
function forMethod(
  described: ZodOpenApiOperationObject,
  method: string,
): ZodOpenApiOperationObject {
  if (described.operationId !== "proxy") return described;
  const { requestBody, ...rest } = described;
  const body = BODYLESS.includes(method) || requestBody === undefined
    ? {}
    : { requestBody: { ...requestBody, required: false } };
  return { ...rest, ...body, operationId: `proxy_${method}` };
}

function content(media: Media, example?: { value: unknown }) {
  return mapped(media, (schema, type) => ({
    schema: typeof schema === "string" ? textOf(type, schema) : schema,
    ...(example && typeof schema !== "string" && { example: example.value }),
  }));
}

/** Of what is no JSON there are words alone: anything, or lines. */
function textOf(type: string, description: string): oas31.SchemaObject {
  return type === "*/*" ? { description } : { type: "string", description };
}

function usable(value: unknown): { value: unknown } | undefined {
  return value === undefined ? undefined : { value };
}

function refusal(status: number, said: Said[], examples: Example[]) {
  const words = [...new Set(said.map(({ error }) => error))];
  const example = examples.find((each) => each.status === status);
  const headers = {
    "X-Request-Id": REQUEST_ID,
    ...(said.some(({ error }) => WAITS.includes(error)) && { "Retry-After": RETRY_AFTER }),
    ...(status === 429 && LIMITS),
    ...(status === 401 && { "WWW-Authenticate": CHALLENGE }),
    ...(status === 405 && { Allow: ALLOW }),
  };
  return {
    description: said.map(({ error, when }) => `- \`${error}\`: ${when}`).join("\n"),
    content: content(
      { "application/json": z.intersection(ErrorAnswer, z.object({ error: z.enum(words) })) },
      usable(example?.answer),
    ),
    headers,
  };
}

const WAITS = [
  "rate_limited",
  "provider_unavailable",
  "store_unavailable",
  "user_deleted",
  "server_restarting",
];
/** draft-ietf-httpapi-ratelimit-headers-11. */
const LIMITS = {
  RateLimit: {
    description: 'What is left of each limit that it counts against: `"subject";r=42;t=17`.',
    schema: { type: "string" as const },
  },
  "RateLimit-Policy": {
    description: 'Those limits, per so many seconds: `"subject";q=600;w=60`.',
    schema: { type: "string" as const },
  },
};
const REQUEST_ID = {
  description: "Quote it to the server's operator, who finds the request by it.",
  schema: { type: "string" as const },
};

const RETRY_AFTER = { description: "Seconds to wait.", schema: { type: "integer" as const } };
const CHALLENGE = {
  description: "`Bearer`: an API key is wanted.",
  schema: { type: "string" as const },
};
const ALLOW = { description: "The methods that work.", schema: { type: "string" as const } };

function mapped<T, U>(record: Record<string, T>, to: (value: T, key: string) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
}
