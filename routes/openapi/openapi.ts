/**
 * What backends are told of the REST part: `GET /openapi.json` for programs,
 * `GET /docs` for those who write them, `GET /llms.txt` for models that do. All
 * three are the same for everybody, and say nothing of what is set up here.
 *
 * @module
 */

import type { Context } from "hono";
import { cors } from "hono/cors";
import { lazily } from "../../broker/core/lazily.ts";
import { digest } from "../../broker/core/secrets.ts";
import { type Area, get, sayPage } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { isForAll } from "../http/opener.ts";
import type { Catalogue } from "../http/page/words/en.ts";
import { wordsFor } from "../http/page_words.ts";

/** How long nobody need ask whether it has changed. */
export const DESCRIPTION_SECONDS = 300;

const JSON_TYPE = "application/json";
const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";

/** A text, and the tag that it is known by. */
interface Tagged {
  text: string;
  tag: string;
}

/** For whoever writes a backend. */
export function descriptionArea(deps: AppDeps): Area {
  const { publicUrl, version } = deps;
  const document = lazily(async () => {
    const { documentOf } = await import("./document.ts");
    return documentOf({ publicUrl, version });
  });
  const json = lazily(async () => tagged(JSON.stringify(await document())));
  const llms = lazily(async () => {
    const { llmsText } = await import("./llms.ts");
    return tagged(llmsText(publicUrl));
  });
  /** One for each language that there is: to make it anew for whoever asks would be dear. */
  const pages = new Map<string, Promise<Tagged>>();
  const pageIn = (words: Catalogue) => {
    const page = pages.get(words.lang) ?? draw(words);
    pages.set(words.lang, page);
    // A failed one is no answer to the next who asks.
    page.catch(() => pages.delete(words.lang));
    return page;
  };
  const draw = async (words: Catalogue) => {
    const { docsPage } = await import("./docs_page.tsx");
    return tagged(docsPage({ words, document: await document(), publicUrl }));
  };
  return {
    sayError: sayPage(deps),
    // Tools in browsers read it from anywhere, as they read what is found by discovery.
    anyOrigin: true,
    cors: cors({ origin: "*", allowMethods: ["GET"], exposeHeaders: ["ETag"] }),
    routes: [
      get("/openapi.json", async (c) => answer(c, await json(), JSON_TYPE)),
      get("/llms.txt", async (c) => answer(c, await llms(), TEXT)),
      get("/docs", async (c) => answer(c, await pageIn(await wordsFor(c)), HTML)),
    ],
  };
}

function tagged(text: string): Tagged {
  return { text, tag: `"${digest(text)}"` };
}

function answer(c: Context, { text, tag }: Tagged, type: string): Response {
  isForAll(c);
  c.header("Cache-Control", `public, max-age=${DESCRIPTION_SECONDS}, must-revalidate`);
  c.header("ETag", tag);
  // RFC 9110 §13.1.2: one of a list, weak or not.
  if (c.req.header("If-None-Match")?.includes(tag)) return c.body(null, 304);
  c.header("Content-Type", type);
  return c.body(text);
}
