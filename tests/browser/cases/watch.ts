/** What no page may do fails a test: all of it is done here once. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { expectAccessible } from "../accessible.ts";
import { appPage } from "../app_page.ts";
import type { BrowserContext, Page } from "../driver.ts";
import { withPage } from "../harness.ts";
import { expectKeyboard, pressOn } from "../keyboard.ts";
import { launch } from "../launch.ts";
import { shots } from "../shots.ts";
import { watch } from "../watch.ts";

interface Seeing {
  javaScript?: boolean;
  status?: number;
  headers?: Record<string, string>;
  /** Which answers of 400 and above are meant. */
  statuses?: number[];
  /** Whether the page is taken for one of the gateway's. */
  isGateway?: boolean;
  /** A moment when all of it has happened. */
  until?: string;
}

/** What is held against a page. */
async function seen(html: string, how: Seeing = {}): Promise<string> {
  const { javaScript = true, status = 200, headers, statuses = [], isGateway = false, until } = how;
  await using app = appPage(html);
  app.status = status;
  Object.assign(app.headers, headers);
  return await inContext(async (context) => {
    const gateway = isGateway ? app.origin : "http://localhost:1";
    const { trouble } = watch(context, { ours: [app.origin], gateway, statuses });
    const page = await context.newPage();
    await page.goto(app.origin);
    if (until !== undefined) await page.waitForFunction(until);
    return (await trouble()).join("\n");
  }, javaScript);
}

async function inContext<R>(
  test: (context: BrowserContext) => Promise<R>,
  javaScriptEnabled = true,
): Promise<R> {
  const browser = await launch();
  try {
    return await test(await browser.newContext({ javaScriptEnabled }));
  } finally {
    await browser.close();
  }
}

/** Of a page that has nothing but this. */
async function inside(html: string, check: (page: Page) => Promise<void>): Promise<void> {
  await using app = appPage(html);
  await inContext(async (context) => {
    const page = await context.newPage();
    await page.goto(app.origin);
    await check(page);
  });
}

Deno.test("an error that a page's script throws or writes is seen", async () => {
  assertStringIncludes(await seen("<script>throw new Error('a slip')</script>"), "throws");
  assertStringIncludes(
    await seen("<script>console.error('a slip')</script>"),
    "writes to the console: a slip",
  );
  assertEquals(await seen("<h1>Well</h1><script>console.log('well')</script>"), "");
});

Deno.test("a request to another machine is seen, and gets no answer", async () => {
  const trouble = await seen('<img alt="" src="https://example.com/x.png?secret=1">', {
    until: "document.images[0].complete",
  });
  assertStringIncludes(trouble, "asks another machine: GET https://example.com/x.png");
  assertStringIncludes(trouble, "gets no answer: GET https://example.com/x.png");
  assertEquals(trouble.includes("secret"), false);
});

Deno.test("what violates a page's policy is seen, also where scripts are off", async () => {
  const headers = { "Content-Security-Policy": "style-src 'none'" };
  for (const javaScript of [true, false]) {
    const trouble = await seen('<p style="color: red">Red</p>', { javaScript, headers });
    assertStringIncludes(trouble, "violates the content security policy", String(javaScript));
  }
});

Deno.test("an answer of 400 and above is seen unless it is meant, and 500 always", async () => {
  assertStringIncludes(await seen("", { status: 404 }), "is answered 404");
  assertEquals(await seen("", { status: 404, statuses: [404] }), "");
  assertStringIncludes(await seen("", { status: 503 }), "is answered 503");
  assertEquals(await seen("", { status: 503, statuses: [503] }), "");
  assertStringIncludes(await seen("", { status: 500, statuses: [500] }), "is answered 500");
});

Deno.test("an answer of the gateway without its policy is seen", async () => {
  assertStringIncludes(await seen("", { isGateway: true }), "without Content-Security-Policy");
});

Deno.test("what is seen fails a test, in a pop-up too", async () => {
  await using app = appPage();
  app.html = `<button onclick="window.open('/broken')">Open</button>
    <script>if (location.pathname === "/broken") console.error("a slip")</script>`;
  const test = () =>
    withPage({ apps: [app] }, async ({ page }) => {
      await page.goto(app.origin);
      const popup = page.waitForEvent("popup");
      await page.getByRole("button").click();
      await (await popup).waitForURL(`${app.origin}/broken`);
    });
  await assertRejects(test, Error, "writes to the console: a slip");
});

Deno.test("what shuts people out is found", async () => {
  const pale = '<h1>Pale</h1><p style="color: #ccc; background: #fff">Nobody reads this</p>';
  await inside(pale, async (page) => {
    await assertRejects(() => expectAccessible(page), Error, "color-contrast");
  });
  await inside("<h1>No name</h1><input>", async (page) => {
    await assertRejects(() => expectAccessible(page), Error, "(label, critical)");
  });
  await inside("<h1>Well</h1>", expectAccessible);
});

Deno.test("what cannot be reached, seen or pressed by keyboard is found", async () => {
  for (
    const [html, says] of [
      ['<button style="outline: none">Go</button>', "looks the same with the focus"],
      ['<a href="/a" tabindex="2">A</a><a href="/b" tabindex="1">B</a>', "should come to"],
      ['<div role="button" tabindex="0">Go</div>', "is not pressed by Enter"],
      ["<p>Nothing</p>", "there is nothing to press"],
    ] as const
  ) {
    await inside(html, async (page) => {
      await assertRejects(() => expectKeyboard(page), Error, says);
    });
  }
  const well =
    `<h1>Well</h1><form><label>Name <input></label><label><input type="checkbox"> Yes</label>
    <input type="radio" name="r"><input type="radio" name="r" checked><button>Go</button></form>
    <a href="/there">There</a><details><summary>More</summary></details>`;
  await inside(well, async (page) => {
    await expectKeyboard(page);
    await pressOn(page, "link", "There");
    await page.waitForURL(/\/there$/);
    await assertRejects(() => pressOn(page, "heading", "Well"), Error, "does not come to");
  });
});

Deno.test("what is wider than the window, or does not grow, is found", async () => {
  await inside('<p style="width: 400px">Wide</p>', async (page) => {
    await assertRejects(() => shots(page, "wide"), Error, "320_light_ltr is wider");
  });
  await inside("<style>body { font-size: 16px }</style><p>Small</p>", async (page) => {
    await assertRejects(() => shots(page, "small"), Error, "becomes 16 px, not twice that");
  });
});

Deno.test("a test that fails says where people were, with a picture", async () => {
  const test = () =>
    withPage({}, async ({ page, gateway, person }) => {
      await page.goto(gateway.url);
      await (await person()).close();
      throw new Error("not so");
    });
  const { message } = await assertRejects(test, Error, "not so");
  const [, path = ""] = /was at http:\/\/localhost:\d+\/sign-in, which looked like (.*)$/m
    .exec(message) ?? [];
  assertEquals((await Deno.stat(path)).isFile, true);
  await Deno.remove(path);
});
