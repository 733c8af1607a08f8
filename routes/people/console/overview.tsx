/**
 * The console at a glance: how many people and connections, how refreshes and
 * calls went in the last day, and what waits for the operator.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import { shownDate } from "../../http/page/dates.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { counted, say, sayText } from "../../http/page/words/say.ts";
import { type ActivityRow, ActivityTable } from "../pages/activity.tsx";
import { Plot } from "../pages/plot.tsx";
import { type ConsoleFrame, consolePage } from "./frame.tsx";

/** What the page shows. */
export interface OverviewProps extends ConsoleFrame {
  figures: Figures;
  dead: DeadRow[];
  /** Whether all is counted that is there. */
  isWhole: boolean;
  /** Providers that refuse this program's client. */
  refusing: { name: string; title: string }[];
  withheld: { upstream: string; title: string; count: number }[];
  /** Receivers of events that are switched off. */
  off: string[];
  steps: Step[];
  isUnopened: boolean;
  /** What operators changed, the newest first. */
  changes: ActivityRow[];
}

/** From counters; none of it is counted when the page is made. */
export interface Figures {
  people: number;
  /** Of all of them, whatever they are for. */
  totals: { active: number; reconnect: number; moved: number };
  connections: { service: string; active: number; reconnect: number; moved: number }[];
  /** Of the last day, oldest first, one per hour. */
  refreshed: number[];
  failed: number[];
  calls: number[];
  errors: number[];
}

/** One that needs its person. */
export interface DeadRow {
  /** `/console/people?…` of its person. */
  href: string;
  user: string;
  service: string;
  account: string;
  since: number;
  why: keyof Catalogue["console"]["whys"];
}

/** One of the five steps of a new deployment. */
export interface Step {
  name: "address" | "provider" | "signIn" | "app" | "connect";
  isDone: boolean;
  href?: string | undefined;
  values?: Record<string, string> | undefined;
}

/** The page as HTML. */
export function overviewPage(props: OverviewProps): string {
  const { words, here, figures, steps, isUnopened, isWhole } = props;
  const { console } = words;
  return consolePage(
    { ...props, part: "overview", title: console.overview },
    <>
      {here.isSetup !== true && (
        <p class="soft">{say(console.you, { user: <strong>{here.label}</strong> })}</p>
      )}
      {!isWhole && <p class="say">{console.counting}</p>}
      {isUnopened && <p class="say bad">{console.unopened}</p>}
      {steps.some(({ isDone }) => !isDone) && <Steps words={words} steps={steps} />}
      <Waiting {...props} />
      <Tiles words={words} figures={figures} />
      <ByService words={words} figures={figures} />
      <Dead {...props} />
      <Changes {...props} />
    </>,
  );
}

function Steps(
  { words: { console: { steps: says } }, steps }: Pick<OverviewProps, "words" | "steps">,
) {
  return (
    <section class="panel stack" aria-labelledby="steps">
      <h2 id="steps">{says.title}</h2>
      <ol class="stack">
        {steps.map(({ name, isDone, href, values = {} }) => (
          <li>
            <p class={isDone ? "state good" : "state"}>
              <strong>{says[name]}</strong> {isDone ? says.done : says.toDo}
            </p>
            {!isDone && <p class="soft">{sayText(says[`${name}Hint`], values)}</p>}
            {!isDone && href !== undefined && (
              <p>
                <a href={href} aria-label={`${says.go}: ${says[name]}`}>{says.go}</a>
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What is for the operator to do. */
function Waiting({ words: { console, lang }, refusing, withheld, off }: OverviewProps) {
  if (refusing.length + withheld.length + off.length === 0) return null;
  return (
    <section class="stack">
      {refusing.map(({ name, title }) => (
        <div class="say bad stack tight">
          <h2>{console.refusingTitle}</h2>
          <p>{sayText(console.refusing, { provider: title })}</p>
          <p>
            <a href={`/console/providers#${name}`}>{console.refusingGo}</a>
          </p>
        </div>
      ))}
      {withheld.map(({ upstream, title, count }) => (
        <div class="say warn stack tight">
          <h2>{console.withheldTitle}</h2>
          <p>{counted(lang, console.withheld, count, { upstream: title })}</p>
          <p>
            <a href={`/console/servers#${upstream}`}>{console.withheldGo}</a>
          </p>
        </div>
      ))}
      {off.map((receiver) => (
        <div class="say bad stack tight">
          <h2>{console.offTitle}</h2>
          <p>{sayText(console.off, { receiver })}</p>
          <p>
            <a href={`/console/events#${receiver}`}>{console.offGo}</a>
          </p>
        </div>
      ))}
    </section>
  );
}

function Tiles({ words, figures }: Pick<OverviewProps, "words" | "figures">) {
  const { console: { figures: says }, lang } = words;
  const number = new Intl.NumberFormat(lang);
  const { active, reconnect, moved } = figures.totals;
  const plot = (what: string, values: number[], failing = false) => (
    <Tile title={what} value={number.format(sumOf(values))}>
      <Plot
        values={values}
        failing={failing}
        label={sayText(says.plot, {
          what,
          sum: number.format(sumOf(values)),
          most: number.format(Math.max(0, ...values)),
        })}
      />
    </Tile>
  );
  return (
    <section class="tiles">
      <Tile title={says.people} value={number.format(figures.people)} />
      <Tile title={says.connections} value={number.format(active + reconnect + moved)} />
      <Tile title={says.needReconnect} value={number.format(reconnect + moved)} />
      {plot(says.refreshes, figures.refreshed)}
      {plot(says.failures, figures.failed, true)}
      {plot(says.calls, figures.calls)}
      {plot(says.errors, figures.errors, true)}
    </section>
  );
}

function Tile({ title, value, children }: { title: string; value: string; children?: Child }) {
  return (
    <div class="card stack tight">
      <h2 class="soft">{title}</h2>
      <p class="figure">{value}</p>
      {children}
    </div>
  );
}

function ByService(
  { words: { console, lang }, figures }: Pick<OverviewProps, "words" | "figures">,
) {
  if (figures.connections.length === 0) return null;
  const number = new Intl.NumberFormat(lang);
  const heads = [console.service, console.working, console.waiting, console.moved];
  return (
    <section class="stack" aria-labelledby="by-service">
      <h2 id="by-service">{console.byService}</h2>
      <div class="panel table">
        <table>
          <thead>
            <tr>{heads.map((head) => <th scope="col">{head}</th>)}</tr>
          </thead>
          <tbody>
            {figures.connections.map(({ service, active, reconnect, moved }) => (
              <tr>
                <th scope="row">{service}</th>
                <td>{number.format(active)}</td>
                <td>{number.format(reconnect)}</td>
                <td>{number.format(moved)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Dead({ words: { console, lang }, dead }: OverviewProps) {
  const heads = [console.user, console.service, console.account, console.since, console.why];
  return (
    <section class="stack" aria-labelledby="dead">
      <h2 id="dead">{console.deadTitle}</h2>
      {dead.length === 0 ? <p class="soft">{console.deadNone}</p> : (
        <div class="panel table">
          <table>
            <thead>
              <tr>{heads.map((head) => <th scope="col">{head}</th>)}</tr>
            </thead>
            <tbody>
              {dead.map(({ href, user, service, account, since, why }) => (
                <tr>
                  <td>
                    <a href={href}>{user}</a>
                  </td>
                  <td>{service}</td>
                  <td>
                    <bdi>{account}</bdi>
                  </td>
                  <td>{shownDate(lang, since)}</td>
                  <td>{console.whys[why]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Changes({ words, changes }: OverviewProps) {
  if (changes.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="changes">
      <h2 id="changes">{words.console.changes}</h2>
      <ActivityTable words={words} rows={changes} />
    </section>
  );
}

function sumOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
