/**
 * Sees what no page may do, in every tab and pop-up of a person's browser.
 *
 * @module
 */

import { isLoopback } from "../../broker/core/addresses.ts";
import type { BrowserContext, Page, Request, Response } from "./driver.ts";

/** What is watched. */
export interface Watched {
  /** Origins whose pages are ours: what others' pages do is theirs to mend. */
  ours: string[];
  /** The gateway's own origin. */
  gateway: string;
  /** Answers of 400 and above that the test is about. */
  statuses: number[];
}

/** What was seen, a line each. */
export interface Watch {
  /** All that went wrong so far. */
  trouble(): Promise<string[]>;
}

/** Chromium's name for a violation of a content security policy, `Audits.issueAdded`. */
const VIOLATION = "ContentSecurityPolicyIssue";

/** Begins; the pages of the context are opened after. */
export function watch(context: BrowserContext, { ours, gateway, statuses }: Watched): Watch {
  const seen: string[] = [];
  const listening: Promise<void>[] = [];
  const flushes: (() => Promise<void>)[] = [];
  const isOurs = (url: string) => ours.includes(originOf(url));

  const listen = async (page: Page) => {
    const tools = await context.newCDPSession(page);
    tools.on("Audits.issueAdded", ({ issue: { code, details } }) => {
      // Without scripts there is no console message of it.
      if (code !== VIOLATION || !isOurs(page.url())) return;
      seen.push(`violates the content security policy: ${JSON.stringify(details)}`);
    });
    const enable = async () => {
      await tools.send("Audits.enable").catch((error) => unlessClosed(page, error));
    };
    await enable();
    // What it answers comes after all that it had to tell by then.
    flushes.push(enable);
  };
  context.on("page", (page) => {
    listening.push(listen(page).catch((error) => unlessClosed(page, error)));
  });
  context.on("console", (message) => {
    const { url } = message.location();
    // Failed loads are judged by their status.
    const isLoad = /^Failed to load resource/.test(message.text());
    if (message.type() !== "error" || isLoad || (url !== "" && !isOurs(url))) return;
    seen.push(`writes to the console: ${message.text()} (${url})`);
  });
  context.on("weberror", (thrown) => {
    const error = thrown.error();
    if (ours.some((origin) => error.stack?.includes(origin))) seen.push(`throws ${error.stack}`);
  });
  context.on("request", (request) => {
    if (leaves(request)) seen.push(`asks another machine: ${said(request)}`);
  });
  context.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A person who goes on before a page is whole, and a pop-up that closes.
    if (why !== "net::ERR_ABORTED") seen.push(`gets no answer: ${said(request)}: ${why}`);
  });
  context.on("response", (response) => {
    if (!isOurs(response.url())) return;
    const status = response.status();
    // 503 is said where a provider or the store is out; 500 is a fault of our own.
    const expected = status < 400 || (status !== 500 && statuses.includes(status));
    if (!expected) seen.push(`is answered ${status}: ${said(response.request())}`);
    if (originOf(response.url()) === gateway && lacksPolicy(response)) {
      seen.push(`comes without Content-Security-Policy: ${said(response.request())}`);
    }
  });
  return {
    async trouble() {
      for (let heard = 0; heard < listening.length;) {
        heard = listening.length;
        await Promise.all(listening);
      }
      await Promise.all(flushes.map((flush) => flush()));
      return [...seen];
    },
  };
}

/** A pop-up that closed itself has nothing more to tell. */
function unlessClosed(page: Page, error: unknown): void {
  if (!page.isClosed()) throw error;
}

function lacksPolicy(response: Response): boolean {
  return !/default-src 'none'/.test(response.headers()["content-security-policy"] ?? "");
}

function leaves(request: Request): boolean {
  const { protocol, hostname } = new URL(request.url());
  return /^(http|ws)s?:$/.test(protocol) && !isLoopback(hostname);
}

/** Without the query, in which secrets may stand. */
function said(request: Request): string {
  return `${request.method()} ${request.url().replace(/[?#].*/, "")}`;
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? "";
}
