/** Pages in the language that a browser asks for, with what providers' data says in it as well. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { callbackOf, openGateway } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const AUTH = "https://www.googleapis.com/auth/";

/** Somebody whose browser asks for these languages. */
function reader(accepted: string): Browser {
  return new Browser({
    fetch: (input, init) => {
      const request = new Request(input, init);
      request.headers.set("Accept-Language", accepted);
      return fetch(request);
    },
  });
}

async function linkOf(gateway: Gateway, service: string, scope?: string): Promise<string> {
  const body = { user_id: USER, service, scope };
  return (await gateway.api("/links", { body })).json.url;
}

Deno.test("a link's page is in the reader's language, and so is what the app will be able to do", async () => {
  await using gateway = await startGateway();
  const url = await linkOf(gateway, "gmail");
  for (
    const [accepted, lang, title, share] of [
      ["de-AT,de;q=0.9,en;q=0.5", "de", "Gmail verbinden?", "mit Labels versehen</li>"],
      ["es-MX,es;q=0.9,en;q=0.5", "es", "¿Conectar Gmail?", "y etiquetar tu correo</li>"],
      ["fr,en;q=0.5", "en", "Connect Gmail?", "and label your mail</li>"],
    ] as const
  ) {
    const { html, headers } = await reader(accepted).open(url);
    assertStringIncludes(html, `<html lang="${lang}"`);
    assertStringIncludes(html, title);
    assertStringIncludes(html, share);
    assertEquals(html.includes("label your mail"), lang === "en");
    assertStringIncludes(headers.get("Vary")!, "Accept-Language");
  }
});

Deno.test("where a secret is pasted, how to make one and what is asked for are in the reader's language", async () => {
  await using gateway = await startGateway({ env: { KEY_SERVICES: "zoom_client,stripe_key" } });
  const german = await reader("de").open(await linkOf(gateway, "zoom_client"));
  for (const words of ["einen Client erstellen", "Erstelle eine", "Konto-ID (Account ID)"]) {
    assertStringIncludes(german.html, words);
  }
  assert(!german.html.includes("Create a"), german.html);
  const spanish = await reader("es").open(await linkOf(gateway, "stripe_key"));
  assertStringIncludes(spanish.html, "lo que necesita tu app, y leer la cuenta.");
});

Deno.test("what was not allowed, and what is shared, is told in the reader's language", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  faults.on("/oauth2/token", async (_, send) => {
    const scope = `openid email ${AUTH}userinfo.email ${AUTH}calendar.readonly`;
    return Response.json({ ...await (await send()).json(), scope });
  });
  const browser = reader("es");
  const asking = await browser.open(await linkOf(gateway, "google", "calendar"));
  const signIn = await browser.submit(asking);
  const { html } = await browser.submit(signIn, { form: signInForm(signIn) });
  assertStringIncludes(html, ">Ver y cambiar los eventos de tus calendarios</li>");
  assert(!html.includes("Not allowed") && !html.includes("See and change"), html);
});

Deno.test("a person's own page says in their language what is shared", async () => {
  await using gateway = await openGateway();
  const browser = reader("de");
  await browser.open(
    await callbackOf(gateway, browser, await browser.open(`${gateway.url}/sign-in`)),
  );
  const home = await browser.open(gateway.url);
  assertStringIncludes(home.html, "Deine Dienste");
  const form = home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "github"
  )!;
  const atProvider = await browser.submit(home, { form });
  const { html } = await browser.submit(atProvider, { form: signInForm(atProvider) });
  assertStringIncludes(html, "✓ GitHub verbunden");
  assertStringIncludes(html, ">Repositorys, Issues und Pull Requests lesen und schreiben");
  assert(!html.includes("Read and write"), html);
});
