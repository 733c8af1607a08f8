/**
 * As much of Playwright as these tests use, by its documentation
 * (https://playwright.dev/docs/api/class-playwright, November 2026). Its own
 * types come with the package, which is no part of any module graph; `run.ts`
 * has the compiler hold these against them, so what stands here is so. Whoever
 * needs more of it adds the line.
 *
 * @module
 */

/** How an element is meant: by what it is for a screen reader. */
export type Role =
  | "alert"
  | "button"
  | "checkbox"
  | "dialog"
  | "group"
  | "heading"
  | "link"
  | "list"
  | "listitem"
  | "main"
  | "navigation"
  | "radio"
  | "region"
  | "row"
  | "status"
  | "table"
  | "textbox";

/** Which of that role; a text is looked for anywhere in the name, unless `exact`. */
export interface Named {
  name?: string | RegExp;
  exact?: boolean;
  checked?: boolean;
  level?: number;
}

/**
 * JavaScript for the page, an expression. As text, since the program has no
 * types for what there is in a page; a promise is waited for.
 */
export type InPage = string;

/** Finds elements, in a page or in an element. */
export interface Finding {
  getByRole(role: Role, options?: Named): Locator;
  getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
  getByLabel(text: string | RegExp, options?: { exact?: boolean }): Locator;
  locator(selector: string): Locator;
}

/** What tests ask of an element where it is, in the page. */
export interface InPageElement {
  matches(selector: string): boolean;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
}

/** Elements; what is done waits for the one, and throws where it does not come. */
export interface Locator extends Finding {
  first(): Locator;
  last(): Locator;
  nth(index: number): Locator;
  all(): Promise<Locator[]>;
  filter(options: { hasText?: string | RegExp }): Locator;
  count(): Promise<number>;
  click(options?: { noWaitAfter?: boolean }): Promise<void>;
  check(): Promise<void>;
  uncheck(): Promise<void>;
  fill(value: string): Promise<void>;
  /** The path of a file. */
  setInputFiles(path: string): Promise<void>;
  selectOption(value: string): Promise<string[]>;
  focus(): Promise<void>;
  press(key: string): Promise<void>;
  waitFor(options?: { state?: "attached" | "detached" | "visible" | "hidden" }): Promise<void>;
  getAttribute(name: string): Promise<string | null>;
  innerText(): Promise<string>;
  inputValue(): Promise<string>;
  isChecked(): Promise<boolean>;
  isVisible(): Promise<boolean>;
  textContent(): Promise<string | null>;
  /** Runs in the page. */
  evaluate<R>(f: (element: InPageElement) => R): Promise<R>;
}

/** A tab, or a pop-up. */
export interface Page extends Finding {
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  goto(url: string): Promise<Response | null>;
  reload(): Promise<Response | null>;
  goBack(): Promise<Response | null>;
  url(): string;
  title(): Promise<string>;
  content(): Promise<string>;
  close(): Promise<void>;
  isClosed(): boolean;
  context(): BrowserContext;
  opener(): Promise<Page | null>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  viewportSize(): { width: number; height: number } | null;
  emulateMedia(
    options: { colorScheme?: "light" | "dark" | null; forcedColors?: "active" | "none" | null },
  ): Promise<void>;
  screenshot(options: { path: string; fullPage?: boolean }): Promise<unknown>;
  evaluate<R>(expression: InPage): Promise<R>;
  waitForURL(url: string | RegExp | ((url: URL) => boolean)): Promise<void>;
  waitForEvent(event: "popup"): Promise<Page>;
  waitForEvent(event: "download"): Promise<Download>;
  waitForEvent(event: "close"): Promise<Page>;
  waitForFunction(expression: InPage): Promise<unknown>;
}

/** A file that came instead of a page. */
export interface Download {
  path(): Promise<string>;
  suggestedFilename(): string;
}

export interface Request {
  url(): string;
  method(): string;
  isNavigationRequest(): boolean;
  failure(): { errorText: string } | null;
}

export interface Response {
  url(): string;
  status(): number;
  headers(): Record<string, string>;
  request(): Request;
}

/** What a page wrote to its console, or the browser did for it. */
export interface ConsoleMessage {
  type(): string;
  text(): string;
  location(): { url: string };
}

/** The browser's own protocol: https://chromedevtools.github.io/devtools-protocol/ */
export interface DevTools {
  send(method: "Audits.enable"): Promise<unknown>;
  on(event: "Audits.issueAdded", listener: (added: { issue: Issue }) => void): unknown;
}

/** Something that the browser holds against a page. */
export interface Issue {
  code: string;
  details: object;
}

/** One person's browser: cookies and all that is kept of pages. */
export interface BrowserContext {
  newPage(): Promise<Page>;
  pages(): Page[];
  /** Of a {@linkcode Page}. */
  newCDPSession(page: unknown): Promise<DevTools>;
  cookies(): Promise<Cookie[]>;
  clearCookies(): Promise<void>;
  grantPermissions(permissions: ("clipboard-read" | "clipboard-write")[]): Promise<void>;
  close(): Promise<void>;
  /** Milliseconds. */
  setDefaultTimeout(timeout: number): void;
  on(event: "page", listener: (page: Page) => void): unknown;
  on(event: "request", listener: (request: Request) => void): unknown;
  on(event: "requestfailed", listener: (request: Request) => void): unknown;
  on(event: "response", listener: (response: Response) => void): unknown;
  on(event: "console", listener: (message: ConsoleMessage) => void): unknown;
  on(event: "weberror", listener: (thrown: { error(): Error }) => void): unknown;
}

export interface Cookie {
  name: string;
  value: string;
  domain: string;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Strict" | "Lax" | "None";
}

/** How a person's browser is set. */
export interface ContextOptions {
  javaScriptEnabled?: boolean;
  /** What it asks for in `Accept-Language`, and what pages are told. */
  locale?: string;
  viewport?: { width: number; height: number };
  reducedMotion?: "reduce" | "no-preference";
}

export interface Browser {
  newContext(options?: ContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
  version(): string;
}

/** What the package gives. */
export interface Driver {
  chromium: {
    launch(options: {
      executablePath: string;
      args: string[];
      env: Record<string, string>;
    }): Promise<Browser>;
  };
}
