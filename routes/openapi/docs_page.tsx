/**
 * `/docs`: the document as a page, made here from the document itself, without
 * scripts of others.
 *
 * @module
 */

import type { oas31 } from "zod-openapi";
import { CopyButton } from "../http/page/fields.tsx";
import { render } from "../http/page/layout.tsx";
import type { Catalogue } from "../http/page/words/en.ts";
import { say } from "../http/page/words/say.ts";
import { curlOf } from "./curl.ts";
import { Quoted, Rows } from "./docs_parts.tsx";
import type { Example } from "./example.ts";
import { examplesOf } from "./examples.ts";
import { resolved, rowsOf, type Schema, typeOf } from "./schema_rows.ts";

/** Lines of an answer; a longer one is there for whoever opens it. */
const LONGEST_SHOWN = 24;

/** What the page is made of. */
export interface DocsProps {
  words: Catalogue;
  document: oas31.OpenAPIObject;
  publicUrl: string;
}

/** One method at one address, as the document has it. */
interface Entry {
  method: string;
  path: string;
  operation: oas31.OperationObject;
}

/** The page as HTML. */
export function docsPage({ words, document, publicUrl }: DocsProps): string {
  const entries = entriesOf(document);
  const groups = (document.tags ?? []).map(({ name }) => ({
    name,
    entries: entries.filter(({ operation }) => operation.tags?.includes(name)),
  }));
  const { docs, lang } = words;
  return render(
    { words, title: docs.title, isLong: true },
    <div class="stack loose">
      <div class="stack">
        <h1>{docs.title}</h1>
        <p>{say(docs.lead, { file: <a href="/openapi.json">openapi.json</a> })}</p>
        {lang !== "en" && <p class="soft">{docs.english}</p>}
      </div>
      <div class="stack loose" lang="en" dir="ltr">
        <div class="stack">
          {document.info.description?.split("\n\n").map((text) => (
            <p>
              <Quoted text={text} />
            </p>
          ))}
        </div>
        <nav class="cards" aria-label="Routes">
          {groups.map(({ name, entries }) => (
            <section class="card stack tight">
              <h2>{name}</h2>
              <ul>
                {entries.map((entry) => (
                  <li>
                    <a href={`#${anchorOf(entry)}`}>{entry.operation.summary}</a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </nav>
        {groups.map(({ name, entries }) => (
          <section class="stack" aria-label={name}>
            <h2>{name}</h2>
            {entries.map((entry) => (
              <Operation
                words={words}
                document={document}
                publicUrl={publicUrl}
                entry={entry}
              />
            ))}
          </section>
        ))}
      </div>
    </div>,
  );
}

/** All of them; a route that takes any method is one. */
function entriesOf({ paths = {} }: oas31.OpenAPIObject): Entry[] {
  return Object.entries(paths).flatMap(([path, item]) => {
    const methods = Object.entries(item ?? {}) as [string, oas31.OperationObject][];
    const isAny = methods.length > 3;
    return (isAny ? methods.filter(([method]) => method === "post") : methods).map(
      ([method, operation]) => ({ method: isAny ? "ANY" : method.toUpperCase(), path, operation }),
    );
  });
}

function anchorOf({ operation: { operationId = "" } }: Entry): string {
  return operationId;
}

function Operation({ words, document, publicUrl, entry }: {
  words: Catalogue;
  document: oas31.OpenAPIObject;
  publicUrl: string;
  entry: Entry;
}) {
  const { method, path, operation } = entry;
  const [usual, ...others] = examplesOf(operation.operationId!.replace(/_.*/, ""), publicUrl);
  const parameters = (operation.parameters ?? []) as oas31.ParameterObject[];
  const { "200": done, ...rest } = operation.responses ?? {};
  return (
    <section class="card stack" id={anchorOf(entry)} aria-labelledby={`${anchorOf(entry)}-title`}>
      <div class="stack tight">
        <h3 id={`${anchorOf(entry)}-title`}>{operation.summary}</h3>
        <p>
          <code>
            <strong>{method}</strong> {path}
          </code>
        </p>
      </div>
      <p>
        <Quoted text={operation.description ?? ""} />
      </p>
      {usual !== undefined && (
        <Shown words={words} id={anchorOf(entry)} example={usual} publicUrl={publicUrl} />
      )}
      <Rows
        caption="Parameters"
        rows={parameters.map(({ name, in: place, required = false, description = "", schema }) => ({
          name,
          type: `${place}: ${typeOf(document, schema as Schema)}`,
          isRequired: required,
          text: description,
        }))}
      />
      <Media
        caption="Body"
        document={document}
        content={(operation.requestBody as oas31.RequestBodyObject | undefined)?.content}
        isRequest
      />
      <details class="box">
        <summary>Answer</summary>
        <Media
          caption="Answer"
          document={document}
          content={(done as oas31.ResponseObject | undefined)?.content}
        />
      </details>
      <Errors responses={rest as Record<string, oas31.ResponseObject>} examples={others} />
    </section>
  );
}

function Shown({ words, id, example, publicUrl }: {
  words: Catalogue;
  id: string;
  example: Example;
  publicUrl: string;
}) {
  const { answer } = example;
  // Lines of JSON stand as they came.
  const text = typeof answer === "string" ? answer.trim() : JSON.stringify(answer, null, 2);
  return (
    <div class="snippet">
      <p>
        <span class="soft">Example</span>
        <CopyButton words={words} of={`${id}-curl`} />
      </p>
      <pre id={`${id}-curl`}>{curlOf(example, publicUrl)}</pre>
      {text.split("\n").length <= LONGEST_SHOWN ? <pre>{text}</pre> : (
        <details>
          <summary>What it answers</summary>
          <pre>{text}</pre>
        </details>
      )}
    </div>
  );
}

function Media({ caption, document, content = {}, isRequest }: {
  caption: string;
  document: oas31.OpenAPIObject;
  content?: oas31.ContentObject | undefined;
  isRequest?: boolean | undefined;
}) {
  return (
    <>
      {Object.entries(content).map(([type, { schema = {} }]) => {
        const whole = resolved(document, schema as Schema);
        const rows = rowsOf(document, whole);
        const name = type === "application/json" ? caption : `${caption}, ${type}`;
        if (rows.length > 0) return <Rows caption={name} rows={rows} isRequest={isRequest} />;
        return (
          <p>
            <strong>{name}</strong>: <Quoted text={whole.description ?? ""} />
          </p>
        );
      })}
    </>
  );
}

function Errors({ responses, examples }: {
  responses: Record<string, oas31.ResponseObject>;
  examples: Example[];
}) {
  return (
    <details class="box">
      <summary>Errors</summary>
      <div class="stack">
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Code, and when</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(responses).map(([status, { description }]) => (
                <tr>
                  <td>{status}</td>
                  <td>
                    {description.split("\n").map((line) => (
                      <div>
                        <Quoted text={line.replace(/^- /, "")} />
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {examples.map(({ status, answer }) => (
          <div class="snippet">
            <p class="soft">Example, {status}</p>
            <pre>{JSON.stringify(answer, null, 2)}</pre>
          </div>
        ))}
      </div>
    </details>
  );
}
