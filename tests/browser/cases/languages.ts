import { assertEquals } from "@std/assert";
import { de } from "../../../routes/http/page/words/de.ts";
import { type Catalogue, en } from "../../../routes/http/page/words/en.ts";
import { es } from "../../../routes/http/page/words/es.ts";
import { setUpWords } from "../../../routes/http/page/words/set_up.ts";
import { PERSON } from "../../support/emulators.ts";
import { authorizeUrl, newClient } from "../../support/mcp_client.ts";
import { expectAccessible } from "../accessible.ts";
import type { Page } from "../driver.ts";
import { atProvider, signIn, withPage } from "../harness.ts";
import { shots } from "../shots.ts";
import { linkFor } from "../steps.ts";

const LANGUAGES: Record<"de" | "es", Catalogue> = { de, es };

/** Of each language, with what its pages begin. Its words are longer than those in English. */
const HEADINGS: Record<"de" | "es", Record<"signIn" | "home" | "link" | "gone", string>> = {
  de: {
    signIn: "Bei Switchboard anmelden",
    home: "Deine Dienste",
    link: "Gmail verbinden?",
    gone: "Hier ist nichts",
  },
  es: {
    signIn: "Iniciar sesión en Switchboard",
    home: "Tus servicios",
    link: "¿Conectar Gmail?",
    gone: "Aquí no hay nada",
  },
};

/** What of sentences stands as it is on a page: three words or more between what is filled in. */
function partsOf(words: unknown): string[] {
  if (typeof words !== "string") return Object.values(words as object).flatMap(partsOf);
  return words.split(/\{\w+\}/).map((part) => part.trim())
    .filter((part) => (part.match(/\p{L}+/gu) ?? []).length >= 3);
}

/** All that is read on a page, or read out. */
const READ = `[
  document.title,
  document.body.innerText,
  ...[...document.querySelectorAll("details")].map((each) => each.textContent),
  ...[...document.querySelectorAll("[aria-label], [placeholder], [title]")].flatMap((each) =>
    ["aria-label", "placeholder", "title"].map((name) => each.getAttribute(name) ?? "")),
].join("\\n")`;

async function expectLanguage(page: Page, language: "de" | "es"): Promise<void> {
  assertEquals(await page.evaluate("document.documentElement.lang"), language, page.url());
  assertEquals(await page.evaluate("document.documentElement.dir"), "ltr");
  const own = new Set([
    ...partsOf(LANGUAGES[language]),
    ...partsOf(setUpWords[language]),
  ]);
  const english = [...partsOf(en), ...partsOf(setUpWords.en)].filter((part) => !own.has(part));
  const read = await page.evaluate<string>(READ);
  assertEquals(english.filter((part) => read.includes(part)), [], page.url());
}

for (
  const [language, headings] of Object.entries(HEADINGS) as [("de" | "es"), typeof HEADINGS.de][]
) {
  Deno.test(`pages in "${language}" are in that language, fit and can be read`, async () => {
    await withPage({ language, statuses: [404] }, async ({ page, gateway }) => {
      const see = async (name: string, heading: string) => {
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        await expectLanguage(page, language);
        await expectAccessible(page);
        await shots(page, `${language}_${name}`);
      };
      await page.goto(gateway.url);
      await see("sign_in", headings.signIn);
      await signIn(page);
      await page.waitForURL(`${gateway.url}/`);
      await see("home", headings.home);
      await page.goto(await linkFor(gateway, { service: "gmail" }));
      await see("link", headings.link);
      await page.goto(`${gateway.url}/nowhere`);
      await see("nowhere", headings.gone);
    });
  });

  Deno.test(`no page in "${language}" has a sentence in English left`, async () => {
    const words = LANGUAGES[language];
    const env = { OPERATORS: `github:${PERSON.email}` };
    await withPage({ language, env, statuses: [400, 404] }, async ({ page, gateway }) => {
      const see = async (path: string) => {
        await page.goto(gateway.url + path);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await expectLanguage(page, language);
      };
      await page.goto(gateway.url);
      await signIn(page);
      await page.waitForURL(`${gateway.url}/`);
      const connect = words.home.connectThis.replace("{service}", "GitHub");
      await page.getByRole("button", { name: connect, exact: true }).click();
      await atProvider(page);
      await page.waitForURL(`${gateway.url}/`);
      await page.getByRole("status").waitFor();
      await expectLanguage(page, language);
      await page.getByRole("link", { name: new RegExp(words.home.disconnect, "i") }).click();
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expectLanguage(page, language);
      for (const path of ["/activity", "/set-up", "/you"]) await see(path);
      const client = await newClient(gateway);
      const consent = new URL(authorizeUrl(gateway, client, { scope: "github gmail:read" }));
      await see(consent.pathname + consent.search);
      for (const part of ["", "/people", "/people?realm=voice&id=x", "/apps", "/apps/voice"]) {
        await see(`/console${part}`);
      }
      for (const part of ["/providers", "/servers", "/setup"]) await see(`/console${part}`);
      await page.goto(await linkFor(gateway));
      await page.getByRole("button", { name: words.frame.cancel }).click();
      await page.getByRole("heading", { level: 1, name: words.endings.cancelled.title }).waitFor();
      await expectLanguage(page, language);
      for (const path of ["/callback/github", "/callback/github?code=x&state=y"]) await see(path);
    });
  });
}
