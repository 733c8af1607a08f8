/**
 * GitHub, as its OpenAPI description has it.
 *
 * https://github.com/octokit/openapi
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import { type Answer, Description, type Operation, type Schema } from "../description.ts";
import { isOld } from "../judge.ts";
import { readPackaged } from "../packages.ts";
import type { Vendor } from "../vendor.ts";

const METHODS = ["get", "post", "put", "patch", "delete"];

async function describe(): Promise<Description> {
  const text = await readPackaged("@octokit/openapi", "generated/api.github.com.json");
  const document: Json = JSON.parse(text);
  const lookUp = (ref: string): Json =>
    ref.replace("#/", "").split("/").reduce((at, part) => at?.[part], document);
  const follow = (value: Json): Json => value?.$ref === undefined ? value : lookUp(value.$ref);
  const host = document.servers[0].url;
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries<Json>(document.paths)) {
    for (const method of METHODS.filter((method) => methods[method] !== undefined)) {
      operations.push(operationOf(`${method.toUpperCase()} ${path}`, host + path, methods[method]));
    }
  }
  return new Description("GitHub", operations, lookUp);

  function operationOf(id: string, url: string, described: Json): Operation {
    const body = follow(described.requestBody);
    return {
      id,
      method: id.split(" ")[0]!,
      url,
      deprecated: described.deprecated === true,
      parameters: (described.parameters ?? []).map(follow).map((one: Json) => ({
        name: one.name,
        in: one.in,
        required: one.required === true,
        deprecated: isOld(one),
        manySegments: one["x-multi-segment"],
        schema: one.schema,
      })),
      body: body?.content?.["application/json"] === undefined ? undefined : {
        schema: body.content["application/json"].schema,
        required: body.required === true,
      },
      answers: Object.entries<Json>(described.responses)
        .map(([status, answer]) => answerOf(Number(status), follow(answer))),
    };
  }

  function answerOf(status: number, { content }: Json): Answer {
    const json = content?.["application/json"];
    const shown = [...Object.values<Json>(json?.examples ?? {}), { value: json?.example }];
    const valueOf = ({ value }: Json): Json =>
      value?.$ref === undefined ? value : valueOf(follow(value));
    const examples = shown.map((example) => valueOf(follow(example)))
      .filter((value) => value !== undefined && !isShortened(value));
    return { status, schema: json?.schema as Schema | undefined, examples };
  }
}

/** GitHub, and what its answers say beyond their schemas. */
export const github: Vendor = {
  title: "GitHub",
  services: ["github", "github_app"],
  describe,
  words: [
    [/^html_url$/, () => "https://github.com/octocat/hello-world/issues/1"],
    [/^full_name$/, () => "octocat/hello-world"],
    [/^encoding$/, () => "base64"],
    [/^content$/, (dice) => btoa(`chapter ${dice.int(99)} of 42.`)],
    [/^ref$/, () => "main"],
    [/^label$/, () => "octocat:main"],
  ],
  kept: /^$/,
  most: ({ url }) => Number(url.searchParams.get("per_page") ?? 30),
  // What is asked for by its number has that number, in that repository.
  fit(body, { path, sent }) {
    const number = Number(path.issue_number ?? path.pull_number);
    if (number && body && typeof body === "object") {
      if ("number" in body) body.number = number;
      const kind = path.pull_number ? "pull" : "issues";
      // A comment's page is that of what it stands on.
      if (path.owner && body.html_url) {
        body.html_url = `https://github.com/${path.owner}/${path.repo}/${kind}/${number}`;
      }
    }
    // It is told of people and labels what it was sent of their names.
    if (sent.body !== undefined && body !== null && !Array.isArray(body)) named(body);
    return body;
  },
  // A folder is one page, and how many comments there are the issue says by itself.
  headers: (style, { url }) =>
    style.name === "long" && !/\/(contents|comments)\b/.test(url.pathname)
      ? { Link: `<${url.origin}${url.pathname}?page=2>; rel="next"` }
      : {} as Record<string, string>,
  goesOn: ({ answered, headers }) =>
    Boolean(headers?.Link) && (Array.isArray(answered) || "total_count" in answered),
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
  refusals: [
    {
      status: 403,
      body: { message: "API rate limit exceeded for user ID 1." },
      headers: { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1764000000" },
      kinds: ["rate_limited"],
    },
    {
      status: 403,
      body: { message: "You have exceeded a secondary rate limit." },
      headers: { "Retry-After": "60" },
      kinds: ["rate_limited"],
    },
  ],
  // It is sent on to them, or asks for them in so many words.
  isMedia: ({ url, headers }) =>
    url.pathname.endsWith("/logs") || (headers.get("Accept") ?? "").endsWith(".diff"),
  refusal: () => ({ message: "Not Found", documentation_url: "https://docs.github.com/rest" }),
};

/** Some examples leave out what the reader can guess. */
function isShortened(example: Json): boolean {
  return JSON.stringify(example).includes('"..."');
}

function named(body: Json): void {
  const objects = (list: Json, name: string) =>
    Array.isArray(list) ? list.map((one) => typeof one === "string" ? { [name]: one } : one) : list;
  if ("assignees" in body) body.assignees = objects(body.assignees, "login");
  if ("labels" in body) body.labels = objects(body.labels, "name");
}
