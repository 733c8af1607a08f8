/**
 * The window of an app's page that has loaded `connect.js`, as much of it as the
 * script uses; its time is the test's. What browsers themselves see to (which
 * message comes from whom, who is cut off from whom) is said by the test.
 *
 * @module
 */

import { connectScript } from "../../routes/people/connect_script.ts";

export const GATEWAY = "https://switchboard.example";

/** What the script gives a page. */
export interface Switchboard {
  connect(url: unknown, size?: { width?: number; height?: number }): Promise<unknown>;
  handedOn: Promise<boolean>;
}

/** A pop-up, as its opener sees it. */
export interface FakePopup {
  closed: boolean;
  location: string;
  features: string;
  /** What was posted to it, and to which origin. */
  got: [data: unknown, origin: string][];
  /** The nonce in the address where it was sent. */
  readonly nonce: string;
  close(): void;
  postMessage(data: unknown, origin: string): void;
}

/** All channels of one origin. */
export class Channels {
  readonly open = new Set<FakeChannel>();
  /** What was posted by whom, by the names of the channels. */
  readonly said: [name: string, data: unknown][] = [];
}

class FakeChannel {
  onmessage?: (event: { data: unknown }) => void;
  constructor(readonly name: string, readonly all: Channels) {
    all.open.add(this);
  }
  postMessage(data: unknown): void {
    this.all.said.push([this.name, data]);
    const others = [...this.all.open].filter((each) => each !== this && each.name === this.name);
    for (const each of others) queueMicrotask(() => each.onmessage?.({ data }));
  }
  close(): void {
    this.all.open.delete(this);
  }
}

/** How a page differs from the usual. */
export interface AppWindowOptions {
  hash?: string;
  search?: string;
  channels?: Channels;
  blocked?: boolean;
}

/** A page that has loaded the script. */
export function appWindow(options: AppWindowOptions = {}) {
  const { hash = "", search = "", channels = new Channels(), blocked = false } = options;
  const popups: FakePopup[] = [];
  const listeners = new Set<(event: unknown) => void>();
  const ticks = new Map<number, () => void>();
  const timeouts: (() => void)[] = [];
  const page = { hasFocus: false, closed: false };
  const made: { Switchboard?: Switchboard } = {};
  let timers = 0;
  const open = (_url: string, _name: string, features: string): FakePopup | null => {
    if (blocked) return null;
    const popup: FakePopup = {
      closed: false,
      location: "about:blank",
      features,
      got: [],
      get nonce() {
        return new URL(popup.location).hash.replace("#switchboard=", "");
      },
      close: () => void (popup.closed = true),
      postMessage: (...message) => void popup.got.push(message),
    };
    popups.push(popup);
    return popup;
  };
  const scope = {
    window: made,
    open,
    document: { hasFocus: () => page.hasFocus },
    location: { hash, search },
    close: () => void (page.closed = true),
    addEventListener: (_name: string, listen: (event: unknown) => void) => listeners.add(listen),
    removeEventListener: (_name: string, listen: (event: unknown) => void) =>
      listeners.delete(listen),
    setInterval: (run: () => void) => (ticks.set(timers += 1, run), timers),
    clearInterval: (timer: number) => ticks.delete(timer),
    setTimeout: (run: (value: unknown) => void, _ms: number, value: unknown) =>
      timeouts.push(() => run(value)),
    BroadcastChannel: class extends FakeChannel {
      constructor(name: string) {
        super(name, channels);
      }
    },
  };
  new Function(...Object.keys(scope), connectScript(GATEWAY))(...Object.values(scope));
  return {
    page,
    popups,
    channels,
    switchboard: made.Switchboard!,
    /** What the script has not let go of. */
    left: () => ({ listeners: listeners.size, timers: ticks.size, channels: channels.open.size }),
    message(event: { origin?: string; source: unknown; data: unknown }) {
      for (const listen of [...listeners]) listen({ origin: GATEWAY, ...event });
    },
    /** So many looks at the pop-up, half a second each. */
    tick(times = 1) {
      for (let time = 0; time < times; time++) for (const run of [...ticks.values()]) run();
    },
    timeout() {
      for (const run of timeouts.splice(0)) run();
    },
  };
}

export type AppWindow = ReturnType<typeof appWindow>;
