/**
 * The contract between the gateway and a provider module. A provider is one
 * file or folder that makes a {@linkcode Provider} from its settings, plus one
 * line in `registry.ts`.
 *
 * @module
 */

import type { z } from "zod";
import { StacklessError } from "../broker/core/stackless_error.ts";
import type { ProviderApi } from "../broker/core/provider_api.ts";
import type { AuthorizationServer } from "../broker/core/authorization_server.ts";

/** What the operator sets for one provider, by env: `GITHUB_CLIENT_ID` and so on. */
export interface ProviderSettings {
  clientId: string;
  clientSecret: string;
  /** As PEM; of a module that says what is wrong with one. */
  privateKey?: string | undefined;
  /** With which it signs what it tells by itself; of a module that says that it listens. */
  webhookSecret?: string | undefined;
  /** The client is in the provider's test mode, as the operator says; of a module that has one. */
  isTesting?: boolean | undefined;
  /** Where the provider sends people back to. */
  redirectUri: string;
  /** Replaces all of the provider's hosts (an emulator, a company's own server). */
  baseUrl?: string | undefined;
  /** Replaces the API's base alone. */
  apiUrl?: string | undefined;
  /** The only way out. Every module uses it instead of the global one. */
  fetch: typeof fetch;
}

/** A provider module: how the registry lists it. */
export interface ProviderModule {
  name: string;
  /** Where an operator registers an OAuth app; shown in the docs and by errors. */
  console: string;
  /**
   * What an operator sets: an OAuth app's id and secret; its name in `KEY_SERVICES`; or nothing,
   * since its entry of `PROVIDERS` says enough.
   *
   * @default "client"
   */
  needs?: "client" | "name" | "nothing" | undefined;
  /**
   * It needs a private key beside its client, `…_PRIVATE_KEY`; says what is wrong with one, and
   * repeats nothing of it.
   */
  privateKeyFault?: ((text: string) => string | undefined) | undefined;
  /** It tells by itself what happened over there, signed with a secret, `…_WEBHOOK_SECRET`. */
  takesWebhookSecret?: boolean | undefined;
  /** It has a test mode in which connections end, as the operator says by `…_TESTING`. */
  hasTestMode?: boolean | undefined;
  create(settings: ProviderSettings): Provider;
  /** Its tools beside those of {@linkcode create}. */
  laterTools?: LaterTools | undefined;
}

/** Tools whose code is loaded with the first call of one. */
export interface LaterTools {
  /** What stands in `known_tools/`, where `deno task tools` has written it. */
  known(): Promise<KnownTool[]>;
  load(): Promise<Tool[]>;
}

/** An authorization server with its API and the tools on top of it. */
export interface Provider extends AuthorizationServer, ProviderApi {
  tools: Tool[];
  /** Tools that are known and not loaded; see {@linkcode LaterTools}. */
  later?: { known: KnownTool[]; load(): Promise<Tool[]> } | undefined;
  /** Why the API refused, in the provider's own words; the body is at most 64 KiB. */
  apiError(status: number, headers: Headers, body: unknown): ApiFault;
  /** Why an answer with 2xx is a refusal all the same; of APIs that say no in that way. */
  refusalIn?: ((body: unknown, headers: Headers) => ApiFault | undefined) | undefined;
  /** Whether what it sends on to may be fetched from there, without the token: an `elsewhere` request. */
  servesElsewhere?: ((address: URL) => boolean) | undefined;
}

/** Why an API call did not work. */
export interface ApiFault {
  kind:
    | "not_found"
    | "forbidden"
    | "rate_limited"
    | "invalid"
    | "conflict"
    | "unavailable"
    /** The token is dead: it is refreshed, the request made once more, and then a link is the cure. */
    | "unauthorized"
    /** The token is good, and not for this: a link is the cure, which asks for `scopes`. */
    | "missing_scope";
  /** A sentence that can be read aloud; never a token, never a raw body. */
  message: string;
  /** Seconds. */
  retryAfter?: number | undefined;
  /**
   * Of `rate_limited`, whose limit it is: of all who use this program's client, or, where it is not said,
   * of the one account.
   *
   * @default "account"
   */
  limitOf?: "app" | "account" | undefined;
  /** Of `missing_scope`, where the API says which; else the first of the tool's own are asked for. */
  scopes?: string[] | undefined;
  /** Of `missing_scope`, what came of it, in a sentence: the link's own words follow it. */
  why?: string | undefined;
  /** What the operator has to mend, in our own words: it is logged, and not read aloud. */
  operator?: string | undefined;
  /** The provider's page on which the person mends it; `title` says what it is. */
  page?: { url: string; title: string } | undefined;
  /**
   * Whether what was asked may have been done; where it is not said, whether a request that changes
   * something was sent for it, and not refused.
   */
  mayBeDone?: boolean | undefined;
}

/** Thrown by every method of {@linkcode ApiClient}; tools let it pass. */
export class ApiError extends StacklessError {
  constructor(readonly fault: ApiFault) {
    super("ApiError", fault.message);
  }
}

/** Query parameters and body of an API request. */
export interface ApiRequest {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | undefined;
  /** `undefined` values are left out; a list is sent as the same parameter several times. */
  query?: Record<string, string | number | boolean | string[] | undefined> | undefined;
  /** Sent as JSON. */
  body?: unknown | undefined;
  /** Sent as it is, in the place of `body`. */
  rawBody?: { contentType: string; body: string | Uint8Array<ArrayBuffer> } | undefined;
  headers?: Record<string, string> | undefined;
  /**
   * Whether it changes nothing. Of what does, an answer that cannot be read may have been done.
   *
   * @default whether the method is GET
   */
  reads?: boolean | undefined;
  /**
   * Whether the tool goes on without the answer where a scope is missing for it: then the refusal
   * leads to no link.
   *
   * @default false
   */
  isOptional?: boolean | undefined;
  /**
   * Whether it may be sent on to where the provider keeps its files, which gets no token.
   *
   * @default false
   */
  elsewhere?: boolean | undefined;
}

/** Calls the provider's API for one connection, token included. */
export interface ApiClient {
  /**
   * The parsed answer of a successful call; `schema` keeps what the tool uses.
   *
   * @throws {ApiError} for every other answer.
   */
  json<T>(path: string, schema: z.ZodType<T>, request?: ApiRequest): Promise<T>;
  /**
   * As {@linkcode json} with headers, for APIs that paginate by `Link`; and with the address that
   * answered, which is another one where the API has led on.
   */
  page<T>(
    path: string,
    schema: z.ZodType<T>,
    request?: ApiRequest,
  ): Promise<{ value: T; headers: Headers; url: string }>;
  /**
   * The text of an answer that is not JSON, read as UTF-8; what comes after the
   * first `maxBytes` is not fetched.
   *
   * @throws {ApiError} as {@linkcode json}.
   */
  text(
    path: string,
    maxBytes: number,
    request?: ApiRequest,
  ): Promise<{ text: string; truncated: boolean }>;
  /**
   * The bytes of an answer, as {@linkcode text}; `contentType` as it was said, or empty.
   *
   * @throws {ApiError} as {@linkcode json}.
   */
  bytes(
    path: string,
    maxBytes: number,
    request?: ApiRequest,
  ): Promise<{ bytes: Uint8Array; truncated: boolean; contentType: string }>;
  /**
   * What the person granted, as the provider calls it, once something was asked; to explain what
   * was not found. Absent or empty where nobody knows.
   */
  granted?(): readonly string[];
}

/** What a running tool may use. */
export interface ToolContext {
  api: ApiClient;
  /** Epoch ms. */
  now: number;
  signal: AbortSignal;
}

/** What a tool gives back. */
export interface ToolResult<O> {
  /** One or two sentences, or a short list: a voice reads it out. */
  text: string;
  /** Says all that the text says: some clients show a model nothing else. */
  data: O;
  /** Sentences of the text for which the data has no field; they stand beside it, as `notes`. */
  notes?: string[] | undefined;
}

/** MCP's hints about a tool (`ToolAnnotations`). */
export interface ToolHints {
  readOnly: boolean;
  /** May delete or overwrite. */
  destructive?: boolean | undefined;
  /** The same call twice changes nothing more. */
  idempotent?: boolean | undefined;
}

/** How a tool is called and described. */
export interface ToolWords {
  /** `<service>_<verb>_<noun>`, `^[a-z0-9_]{1,40}$` */
  name: string;
  /** Other names that calls may use for all of it; not listed. */
  aliases: string[];
  service: string;
  title: string;
  description: string;
  hints: ToolHints;
}

/** What is known of a tool without its code: all that lists show, and what filters decide by. */
export interface KnownTool extends ToolWords {
  /** One that another has taken the place of; listed to whoever asks for it by name. */
  isFormer?: true | undefined;
  /** Its schemas as lists show them. */
  input: ObjectSchema;
  output: ObjectSchema;
}

/** A JSON Schema. */
export interface ObjectSchema {
  [key: string]: unknown;
  type: "object";
}

/** One tool, with its types erased for the catalogue; made by {@linkcode tool}. */
export interface Tool extends ToolWords {
  /** What it has taken the place of, by name; see `former_names.ts`. */
  formerly?: Record<string, FormerTool> | undefined;
  input: z.ZodObject;
  output: z.ZodObject;
  /**
   * Of a tool that changes something, the optional fields that are neither whom nor what it acts
   * on: only there `null` and `""` are taken for "left out". Others are refused.
   *
   * @default none
   */
  content?: readonly string[] | undefined;
  /**
   * Alternatives: all scopes of one of these lists must be granted, by themselves or by others that
   * imply them. The first is the least, which a link asks for. None: it needs nothing.
   */
  scopes: string[][];
  /** The same for these arguments, in the place of `scopes`. */
  scopesFor?: ((args: never) => string[][]) | undefined;
  run(args: never, context: ToolContext): Promise<ToolResult<Record<string, unknown>>>;
}

/** What an earlier tool is in the terms of the one that took its place. */
export interface FormerTool {
  /** Arguments that it had without being asked; a caller's own win. */
  args?: Record<string, unknown> | undefined;
  /** The fields that it takes; all where it is not said. */
  only?: readonly string[] | undefined;
  /** Those of them that it could not do without, where the other one can. */
  needs?: readonly string[] | undefined;
}

/** A {@linkcode Tool} as a module writes it, with the types of its schemas. */
export interface ToolSpec<I extends z.ZodObject, O extends z.ZodObject>
  extends
    Omit<Tool, "input" | "output" | "run" | "aliases" | "content" | "formerly" | "scopesFor"> {
  aliases?: string[] | undefined;
  formerly?:
    | Record<string, {
      args?: Partial<z.input<I>> | undefined;
      only?: readonly (keyof z.input<I> & string)[] | undefined;
      needs?: readonly (keyof z.input<I> & string)[] | undefined;
    }>
    | undefined;
  content?: readonly (keyof z.input<I> & string)[] | undefined;
  scopesFor?: ((args: z.output<I>) => string[][]) | undefined;
  input: I;
  output: O;
  /** `args` is nobody's to change: whoever repeats a call is known by them. */
  run(args: z.output<I>, context: ToolContext): Promise<ToolResult<z.input<O>>>;
}

/** Writes down a tool: the compiler checks `run` against the schemas. */
export function tool<I extends z.ZodObject, O extends z.ZodObject>(spec: ToolSpec<I, O>): Tool {
  return {
    ...spec,
    aliases: spec.aliases ?? [],
    run: spec.run as Tool["run"],
    scopesFor: spec.scopesFor as Tool["scopesFor"],
  };
}

/** What calls may name it by, or a part of it. */
export function namesOf(
  { name, aliases, formerly = {} }: Pick<Tool, "name" | "aliases" | "formerly">,
): string[] {
  return [name, ...aliases, ...Object.keys(formerly)];
}
