/**
 * Apps and their API keys: what people see of an app, what it may do, and its
 * keys, of which at most two live.
 *
 * @module
 */

import type { AppView, KeyView } from "../../../broker/core/settings.ts";
import { shownDate } from "../../http/page/dates.tsx";
import { CopyButton } from "../../http/page/fields.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { sayText } from "../../http/page/words/say.ts";
import { shownFace } from "../logo.ts";
import { AppMark } from "../pages/asked.tsx";
import { ChangeForm, type ConsoleFrame, consolePage, SetBy } from "./frame.tsx";

/** What the pages show. */
export interface AppsProps extends ConsoleFrame {
  seen: string | null;
  apps: AppView[];
}

/** All of them, and the form for another one. */
export function appsPage(props: AppsProps): string {
  const { words, apps, seen, formToken } = props;
  const { console } = words;
  return consolePage(
    { ...props, part: "apps", title: console.apps },
    <>
      <section class="stack">
        <p class="soft">{console.appsLead}</p>
        {apps.length === 0 && <p class="say">{console.none}</p>}
        <div class="cards">
          {apps.map((app) => (
            <article class="card stack tight">
              <div class="head">
                <AppMark app={shownFace(app.realm, app)} />
                <div class="grow">
                  <h2>
                    <a href={`/console/apps/${encodeURIComponent(app.realm)}`}>
                      {app.name ?? app.realm}
                    </a>
                  </h2>
                  <p class="soft">
                    <code>{app.realm}</code>
                  </p>
                </div>
              </div>
              <SetBy
                words={words}
                source={app.changed === undefined ? "env" : undefined}
                changed={app.changed}
                fault={app.fault}
              />
            </article>
          ))}
        </div>
      </section>
      <section class="panel stack">
        <h2>{console.newApp}</h2>
        <ChangeForm
          words={words}
          formToken={formToken}
          action="/console/apps"
          seen={seen}
          button={console.newApp}
        >
          <label>
            {console.appName} <input name="realm" required maxlength={60} autocapitalize="none" />
          </label>
        </ChangeForm>
      </section>
    </>,
  );
}

/** What the page of one app shows. */
export interface AppProps extends ConsoleFrame {
  seen: string | null;
  app: AppView;
  /** A key that was just made, shown this once. */
  newKey?: string | undefined;
}

/** One of them. */
export function appPage(props: AppProps): string {
  const { words, app, newKey } = props;
  const { console } = words;
  return consolePage(
    { ...props, part: "apps", title: app.name ?? app.realm },
    <>
      {newKey !== undefined && (
        <section class="note stack tight" role="status" tabindex={-1} autofocus>
          <h2>{console.newKey}</h2>
          <p>{console.newKeyHint}</p>
          <p class="row">
            <code id="new-key">{newKey}</code>
            <CopyButton words={words} of="new-key" />
          </p>
        </section>
      )}
      <Keys {...props} />
      <AppForm {...props} />
    </>,
  );
}

function Keys({ words, app: { realm, keys }, seen, formToken }: AppProps) {
  const { console } = words;
  const path = `/console/apps/${encodeURIComponent(realm)}`;
  return (
    <section class="panel stack">
      <h2>{console.keysTitle}</h2>
      <p class="soft">{console.keysLead}</p>
      {keys.length === 0 && <p>{console.none}</p>}
      {keys.map((key) => (
        <div class="row">
          <p>{keyWords(key, words)}</p>
          {key.source === "console" && (
            <a
              class="button small quiet"
              href={`${path}/keys/withdraw?${new URLSearchParams({ id: key.id })}`}
            >
              {console.withdraw}
            </a>
          )}
        </div>
      ))}
      {keys.filter(({ source }) => source === "console").length < 2 && (
        <ChangeForm
          words={words}
          formToken={formToken}
          action={`${path}/keys`}
          seen={seen}
          button={console.makeKey}
        />
      )}
    </section>
  );
}

function keyWords(key: KeyView, { console, lang }: Catalogue): string {
  if (key.source === "env") return console.keyEnv;
  return sayText(console.keyMade, { day: shownDate(lang, key.made.at), who: key.made.by });
}

function AppForm({ words, app, seen, formToken }: AppProps) {
  const { console } = words;
  const path = `/console/apps/${encodeURIComponent(app.realm)}`;
  const byEnv = (field: AppView["byEnv"][number]) => app.byEnv.includes(field);
  const note = (field: AppView["byEnv"][number]) =>
    byEnv(field) ? <span class="soft">· {console.byEnv}</span> : null;
  const lines = (values: string[] | undefined) => (values ?? []).join("\n");
  return (
    <section class="panel stack">
      <ChangeForm
        words={words}
        formToken={formToken}
        action={path}
        seen={seen}
        button={console.save}
        files
      >
        <h2>{console.faceTitle}</h2>
        <SetBy words={words} changed={app.changed} fault={app.fault} />
        <label>
          {console.displayName} {note("name")}
          <input name="name" value={app.name ?? ""} maxlength={80} disabled={byEnv("name")} />
        </label>
        <label>
          {console.operator} {note("operator")}
          <input
            name="operator"
            value={app.operator ?? ""}
            maxlength={80}
            disabled={byEnv("operator")}
          />
        </label>
        <label>
          {console.privacy} {note("privacyUrl")}
          <input
            type="url"
            name="privacy_url"
            value={app.privacyUrl ?? ""}
            maxlength={2000}
            disabled={byEnv("privacyUrl")}
          />
        </label>
        <label>
          {console.logo} {app.logo !== undefined && <span class="soft">{console.logoKeep}</span>}
          <input type="file" name="logo" accept="image/png,image/jpeg,image/webp" />
        </label>
        {app.logo !== undefined && (
          <label class="pick">
            <input type="checkbox" name="logo_remove" value="yes" /> {console.logoRemove}
          </label>
        )}
        <h2>{console.rulesTitle}</h2>
        <label>
          {console.appServices} {note("services")}
          <textarea name="services" rows={3} disabled={byEnv("services")}>
            {lines(app.services)}
          </textarea>
        </label>
        <label>
          {console.appTools} {note("tools")}
          <textarea name="tools" rows={3} disabled={byEnv("tools")}>{lines(app.tools)}</textarea>
        </label>
        <label>
          {console.returnUrls} {note("returnUrls")}
          <textarea name="return_urls" rows={3} disabled={byEnv("returnUrls")}>
            {lines(app.returnUrls)}
          </textarea>
        </label>
        <label>
          {console.returnTo} {note("returnTo")}
          <input
            type="url"
            name="return_to"
            value={app.returnTo ?? ""}
            maxlength={2000}
            disabled={byEnv("returnTo")}
          />
        </label>
        <label class="pick">
          <input
            type="checkbox"
            name="hand_off_only"
            value="yes"
            checked={app.handOffOnly === true}
            disabled={byEnv("handOffOnly")}
          />
          <span>{console.handOffOnly} {note("handOffOnly")}</span>
        </label>
      </ChangeForm>
      {app.changed !== undefined && (
        <p>
          <a href={`${path}/remove`}>{console.removeApp}</a>
        </p>
      )}
    </section>
  );
}
