/** `connect.js` in the page of an app, its pop-up, and a provider that may cut the two apart. */

import { assert, assertEquals } from "@std/assert";
import { type Acme, ACME_PERSON, startAcme } from "../../support/acme.ts";
import { type Gateway, startGateway, USER } from "../../support/gateway.ts";
import { expectAccessible } from "../accessible.ts";
import { type AppPage, appPage } from "../app_page.ts";
import type { Page } from "../driver.ts";
import { withPage } from "../harness.ts";
import { launch } from "../launch.ts";

/** What a page of an app has heard. */
interface Heard {
  code?: string;
  service?: string;
  error?: string;
}

interface Scene {
  page: Page;
  gateway: Gateway;
  app: AppPage;
  acme: Acme;
  /** The pop-up that a click on the app's page opens, by a link; `before`: once the link is made. */
  opened(link?: Record<string, unknown>, before?: () => void): Promise<Page>;
  heard(): Promise<Heard>;
}

interface SceneOptions {
  /** The provider's `Cross-Origin-Opener-Policy`. */
  provider?: string;
  statuses?: number[];
}

/** A provider whose page asks first: sign-ins take a click, and a policy of its own. */
function askingAcme(policy: string): Acme {
  return startAcme(({ url }) => {
    const no = new URL(url.searchParams.get("redirect_uri")!);
    no.searchParams.set("error", "access_denied");
    no.searchParams.set("state", url.searchParams.get("state")!);
    const headers = {
      "Content-Type": "text/html; charset=utf-8",
      "Cross-Origin-Opener-Policy": policy,
    };
    const html = `<!doctype html><title>Acme</title><a href="/authorize${
      url.search.replaceAll("&", "&amp;")
    }">Allow</a> <a href="${no.href.replaceAll("&", "&amp;")}">Decline</a>`;
    return new Response(html, { headers });
  });
}

async function scene(options: SceneOptions, play: (scene: Scene) => Promise<void>): Promise<void> {
  const { provider = "unsafe-none", statuses = [] } = options;
  await using acme = askingAcme(provider);
  await using app = appPage();
  const env = {
    PROVIDERS: JSON.stringify([{ ...acme.spec, authorization_endpoint: `${acme.url}/ask` }]),
    ACME_CLIENT_ID: "acme-client",
    ACME_CLIENT_SECRET: "acme-secret",
    RETURN_URLS: `${app.origin}/connected`,
  };
  await withPage({ env, apps: [app], statuses }, async ({ page, gateway }) => {
    const opened: Scene["opened"] = async (more = {}, before) => {
      app.html = pageOfApp(gateway.url, await linkOf(gateway, app, more));
      before?.();
      await page.goto(app.origin);
      const popup = page.waitForEvent("popup");
      await page.getByRole("button", { name: "Connect" }).click();
      return await popup;
    };
    const heard = async () => {
      await page.waitForFunction("window.heard !== undefined");
      return await page.evaluate<Heard>("window.heard");
    };
    await play({ page, gateway, app, acme, opened, heard });
  });
}

async function linkOf(gateway: Gateway, app: AppPage, more: Record<string, unknown>) {
  const body = { user_id: USER, service: "acme", origin: app.origin, ...more };
  const { json, text } = await gateway.api("/links", { body });
  assert(json.url !== undefined, text);
  return json.url as string;
}

function pageOfApp(gateway: string, link: string): string {
  return `
    <h1>The app</h1>
    <script src="${gateway}/connect.js"></script>
    <button>Connect</button>
    <script>
      document.querySelector("button").onclick = () =>
        Switchboard.connect(${JSON.stringify(link)}).then(
          (heard) => (window.heard = heard),
          ({ code, service }) => (window.heard = { error: code, service }),
        );
      Switchboard.handedOn.then((handedOn) => (window.handedOn = handedOn));
    </script>`;
}

const claim = (gateway: Gateway, code: string | undefined) =>
  gateway.api("/links/claim", { body: { user_id: USER, code } });

async function allow(popup: Page): Promise<void> {
  await popup.getByRole("button", { name: "Continue to Acme" }).click();
  await popup.getByRole("link", { name: "Allow" }).click();
}

/** A pop-up that closes itself does so a moment after its page was heard. */
async function gone(popup: Page): Promise<void> {
  while (!popup.isClosed()) await popup.waitForEvent("close");
}

Deno.test("a page hears the code from its pop-up, which closes, and its backend claims it", async () => {
  await scene({}, async ({ gateway, opened, heard }) => {
    const popup = await opened();
    await popup.getByRole("button", { name: "Continue to Acme" }).waitFor();
    await expectAccessible(popup);
    await allow(popup);
    const { code, service } = await heard();
    await gone(popup);
    assertEquals(service, "acme");
    const claimed = await claim(gateway, code);
    assertEquals([claimed.status, claimed.json.label], [200, ACME_PERSON.email]);
  });
});

Deno.test("a page hears that the person has said no", async () => {
  await scene({}, async ({ opened, heard }) => {
    const popup = await opened();
    await popup.getByRole("button", { name: "Continue to Acme" }).click();
    await popup.getByRole("link", { name: "Decline" }).click();
    assertEquals(await heard(), { error: "access_denied", service: "acme" });
    await gone(popup);
  });
});

Deno.test("a page hears that its link is too old", async () => {
  await scene({ statuses: [410] }, async ({ gateway, opened, heard }) => {
    await opened({ expires_in: 30 }, () => void (gateway.world.skew = 31_000));
    assertEquals(await heard(), { error: "expired_link", service: "acme" });
  });
});

Deno.test("a page hears that the person has closed the pop-up, before a provider and at one", async () => {
  await scene({}, async ({ opened, heard }) => {
    const popup = await opened();
    await popup.getByRole("button", { name: "Continue to Acme" }).waitFor();
    await popup.close();
    assertEquals((await heard()).error, "closed");
    const second = await opened();
    await second.getByRole("button", { name: "Continue to Acme" }).click();
    await second.getByRole("link", { name: "Allow" }).waitFor();
    await second.close();
    assertEquals((await heard()).error, "closed");
  });
});

Deno.test("where a provider cuts the two apart, the page hears of it by its own return_to", async () => {
  await scene({ provider: "same-origin" }, async ({ gateway, app, opened, heard }) => {
    const popup = await opened({ return_to: `${app.origin}/connected` });
    await popup.getByRole("button", { name: "Continue to Acme" }).click();
    await popup.getByRole("link", { name: "Allow" }).waitFor();
    assertEquals(await popup.evaluate("String(opener)"), "null", "they are apart");
    await popup.getByRole("link", { name: "Allow" }).click();
    const { code, service } = await heard();
    await gone(popup);
    assertEquals(service, "acme");
    assertEquals(app.visited.filter(({ pathname }) => pathname === "/connected").length, 1);
    assertEquals((await claim(gateway, code)).status, 200);
  });
});

Deno.test("where a provider cuts the two apart and there is no return_to, the person is told", async () => {
  await scene({ provider: "same-origin" }, async ({ gateway, opened }) => {
    const popup = await opened();
    await allow(popup);
    await popup.getByText("connect once more in your app").waitFor();
    await expectAccessible(popup);
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    assertEquals(json.connections, []);
  });
});

Deno.test("where the page is gone, the pop-up goes to return_to, and the page there claims the code", async () => {
  await scene({}, async ({ page, gateway, app, opened }) => {
    const popup = await opened({ return_to: `${app.origin}/connected` });
    await popup.getByRole("button", { name: "Continue to Acme" }).waitFor();
    await page.goto(`${app.origin}/elsewhere`);
    await allow(popup);
    await popup.waitForURL((url) => url.pathname === "/connected");
    await popup.waitForFunction("window.handedOn === false");
    const code = new URL(popup.url()).searchParams.get("code")!;
    assertEquals((await claim(gateway, code)).status, 200);
  });
});

Deno.test("a page of another origin that opens a link hears nothing of its end", async () => {
  await using acme = askingAcme("unsafe-none");
  await using app = appPage();
  await using evil = appPage();
  await using gateway = await startGateway({
    env: {
      PROVIDERS: JSON.stringify([{ ...acme.spec, authorization_endpoint: `${acme.url}/ask` }]),
      ACME_CLIENT_ID: "acme-client",
      ACME_CLIENT_SECRET: "acme-secret",
      RETURN_URLS: `${app.origin}/connected`,
    },
  });
  // Not by `withPage()`: Chromium writes to the console that it has not delivered the message.
  const browser = await launch();
  try {
    const page = await (await browser.newContext()).newPage();
    const link = await linkOf(gateway, app, { return_to: `${app.origin}/connected` });
    evil.html = `
      <button onclick='popup = window.open("${link}#switchboard=${"a".repeat(36)}")'>Open</button>
      <script>heard = []; onmessage = ({ data, origin }) => heard.push([data, origin]);</script>`;
    await page.goto(evil.origin);
    const opening = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Open" }).click();
    const popup = await opening;
    await allow(popup);
    await popup.waitForURL((url) => url.origin === app.origin);
    assertEquals(await page.evaluate("heard"), []);
    assertEquals(
      await page.evaluate(
        "(() => { try { return popup.location.href; } catch { return null; } })()",
      ),
      null,
    );
  } finally {
    await browser.close();
  }
});
