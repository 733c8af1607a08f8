/**
 * MCP servers that people connect: add one, see what was found there, and let
 * in what has changed, after reading it.
 *
 * @module
 */

import type { UpstreamView } from "../../../broker/core/settings.ts";
import type { ReviewedUpstream, WaitingDefinition } from "../../../broker/core/upstream_review.ts";
import { Moment } from "../../http/page/dates.tsx";
import { counted, sayText } from "../../http/page/words/say.ts";
import { Mark } from "../pages/mark.tsx";
import { ChangeForm, type ConsoleFrame, consolePage, SetBy } from "./frame.tsx";

/** What the page shows. */
export interface ServersProps extends ConsoleFrame {
  seen: string | null;
  servers: UpstreamView[];
  known: { name: string; title: string; url: string }[];
  /** By name. */
  reviews: ReadonlyMap<string, ReviewedUpstream>;
}

/** The page as HTML. */
export function serversPage(props: ServersProps): string {
  const { words, servers, known, seen, formToken } = props;
  const { console } = words;
  const addable = known.filter(({ name }) => !servers.some((server) => server.name === name));
  const add = { words, formToken, seen, action: "/console/servers", button: console.add };
  return consolePage(
    { ...props, part: "servers", title: console.servers },
    <>
      <p class="soft">{console.serversLead}</p>
      {servers.map((server) => <Server {...props} server={server} />)}
      {addable.length > 0 && (
        <section class="panel stack">
          <h2>{console.addKnown}</h2>
          <ChangeForm {...add}>
            <label>
              <span class="hush">{console.addKnown}</span>
              <select name="name" required>
                {addable.map(({ name, title, url }) => (
                  <option value={name}>{`${title} · ${new URL(url).host}`}</option>
                ))}
              </select>
            </label>
          </ChangeForm>
        </section>
      )}
      <section class="panel stack">
        <h2>{console.addUrl}</h2>
        <ChangeForm {...add}>
          <label>
            {console.serverName} <input name="name" required maxlength={40} autocapitalize="none" />
          </label>
          <label>
            {console.serverTitle} <input name="title" maxlength={80} />
          </label>
          <label>
            {console.serverUrl}{" "}
            <input type="url" name="url" required maxlength={2000} placeholder="https://" />
          </label>
        </ChangeForm>
      </section>
    </>,
  );
}

function Server(props: ServersProps & { server: UpstreamView }) {
  const { words, server, reviews } = props;
  const { console, lang } = words;
  const { name, title, source, url, changed, fault } = server;
  const review = reviews.get(name);
  return (
    <section class="panel stack" id={name}>
      <div class="head">
        <Mark of={{ name, title }} />
        <div class="grow">
          <h2>{title}</h2>
          <p class="soft">
            <code>{name}</code> {url !== undefined && `· ${url}`}
          </p>
        </div>
      </div>
      <SetBy words={words} source={source} changed={changed} fault={fault} />
      {review === undefined ? <p class="soft">{console.notSeen}</p> : (
        <>
          <p class={review.waiting.length > 0 ? "state warn" : "state good"}>
            {[
              counted(lang, console.tools, review.approved),
              ...(review.waiting.length === 0
                ? []
                : [counted(lang, console.toolsWaiting, review.waiting.length)]),
              ...(review.findings.length === 0
                ? []
                : [counted(lang, console.leftOut, review.findings.length)]),
            ].join(" · ")}
          </p>
          {review.waiting.map((one) => <Waits {...props} of={one} upstream={name} />)}
          {review.findings.length > 0 && (
            <details>
              <summary>{console.findings}</summary>
              <ul class="soft">
                {review.findings.map(({ what, reason, at }) => (
                  <li>
                    <bdi>{what}</bdi>: <code>{reason}</code>, <Moment lang={lang} at={at} />
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
      {source === "console" && (
        <p>
          <a
            href={`/console/servers/remove?${new URLSearchParams({ name })}`}
            aria-label={`${console.remove}: ${title}`}
          >
            {console.remove}
          </a>
        </p>
      )}
    </section>
  );
}

/** One definition that is not let in yet, line by line beside the one that is. */
function Waits(
  { words, formToken, upstream, of: { tool, digest, isNew, diff } }: ServersProps & {
    upstream: string;
    of: WaitingDefinition;
  },
) {
  const { console } = words;
  const what = tool ?? console.instructions;
  return (
    <div class="places stack">
      <h3>{sayText(isNew ? console.newSince : console.changedSince, { what })}</h3>
      <pre tabindex={0} aria-label={what}>
        {diff.map(({ sign, text }) => (
          <span class={sign === "+" ? "added" : sign === "-" ? "gone" : undefined}>
            {`${sign} ${text}\n`}
          </span>
        ))}
      </pre>
      <p class="soft">{console.acceptHint}</p>
      <ChangeForm
        words={words}
        formToken={formToken}
        action="/console/servers/accept"
        fields={{ upstream, digest, ...(tool === undefined ? {} : { tool }) }}
        button={console.accept}
      />
    </div>
  );
}
