/**
 * Emulated providers for the playground and the tests: real HTTP servers with
 * state, OAuth included.
 *
 * @module
 */

import { createEmulator } from "emulate";
import { startAsanaEmulator } from "./asana_emulator.ts";
import type { Form, Page } from "./browser.ts";
import {
  accountForm,
  CLIENT,
  linearClient,
  startLinearEmulator,
  startSlackEmulator,
} from "./more_emulators.ts";
import { startGitHubEmulator } from "./github_emulator.ts";
import { startGoogleEmulator } from "./google_emulator.ts";
import { freePort } from "./free_port.ts";
import { closedHard } from "./hard_close.ts";

/** The providers that can be emulated. */
export type EmulatedProvider = "github" | "google" | "asana" | "slack" | "linear";
export const emulatedProviders: EmulatedProvider[] = [
  "github",
  "google",
  "asana",
  "slack",
  "linear",
];

/** An emulator that is running. */
export interface RunningEmulator {
  url: string;
  close(): Promise<void>;
}

/** The person behind the emulated accounts; `emulate` has this Google account by itself. */
export const PERSON = { login: "octocat", name: "The Octocat", email: "testuser@gmail.com" };

const DAY_MS = 24 * 60 * 60 * 1000;

/** `seed` for one provider. No OAuth clients: then any client id and secret will do. */
function seedFor(
  provider: EmulatedProvider,
  now: number,
  client = CLIENT,
): Record<string, unknown> {
  const { login, name, email } = PERSON;
  switch (provider) {
    case "github":
      return { github: githubSeed() };
    case "google":
      return { google: googleSeed(now) };
    case "asana":
      return { users: [{ gid: "1200000000000001", name, email }] };
    case "slack":
      return { users: [{ name: login, real_name: name, email }] };
    case "linear":
      return {
        ...linearClient(client),
        users: [{ email, name, admin: true }],
        teams: [{ key: "WEB", name: "Website" }],
        issues: [{ team: "WEB", title: "Fix the door", state: "Todo", assignee: email }],
      };
  }
}

function githubSeed() {
  return {
    users: [PERSON],
    repos: [{
      owner: PERSON.login,
      name: "hello-world",
      description: "My first repository",
      language: "TypeScript",
      auto_init: true,
    }],
  };
}

function googleSeed(now: number) {
  const user_email = PERSON.email;
  const at = (days: number, hour: number) => {
    const day = new Date(now + days * DAY_MS).toISOString().slice(0, 10);
    return `${day}T${String(hour).padStart(2, "0")}:00:00.000Z`;
  };
  const mail = (id: string, from: string, subject: string, body_text: string, age: number) => ({
    id,
    user_email,
    from,
    to: user_email,
    subject,
    body_text,
    label_ids: age < 2 ? ["INBOX", "UNREAD"] : ["INBOX"],
    internal_date: String(now - age * DAY_MS),
    date: new Date(now - age * DAY_MS).toUTCString(),
  });
  return {
    users: [{ email: PERSON.email, name: PERSON.name }],
    messages: [
      mail("msg_lunch", "Ana <ana@example.com>", "Lunch on Friday?", "Shall we say noon?", 0.1),
      mail("msg_invoice", "Billing <billing@example.com>", "Invoice 1042", "Due in 14 days.", 1),
      mail("msg_notes", "Bo <bo@example.com>", "Notes of the review", "See you next week.", 4),
    ],
    labels: [{ id: "Label_bills", user_email, name: "Bills" }],
    drive_items: [
      {
        id: "drv_plan",
        name: "Plan for spring.txt",
        mime_type: "text/plain",
        data: "Sow the beans in April.",
      },
      {
        id: "drv_notes",
        name: "Notes",
        mime_type: "application/vnd.google-apps.document",
        data: "The review is on Tuesday.",
      },
    ].map((item) => ({ ...item, user_email, parent_ids: ["root"] })),
    calendars: [{
      id: "primary",
      user_email,
      summary: PERSON.email,
      primary: true,
      selected: true,
      time_zone: "UTC",
    }],
    calendar_events: [
      {
        id: "evt_standup",
        user_email,
        calendar_id: "primary",
        summary: "Stand-up",
        start_date_time: at(1, 9),
        end_date_time: at(1, 10),
      },
      {
        id: "evt_dentist",
        user_email,
        calendar_id: "primary",
        summary: "Dentist",
        start_date_time: at(2, 15),
        end_date_time: at(2, 16),
      },
    ],
  };
}

/** Starts one on a free port of this machine. */
export async function startEmulator(
  provider: EmulatedProvider,
  seed?: Record<string, unknown>,
  client?: typeof CLIENT,
): Promise<RunningEmulator> {
  const state = seed ?? seedFor(provider, Date.now(), client);
  if (provider === "asana") return await startAsanaEmulator(freePort(), state, Date.now);
  if (provider === "slack") return await startSlackEmulator(state);
  if (provider === "linear") return await startLinearEmulator(state);
  // A test's own seed is for the emulator alone; what everybody has, is answered whole.
  if (seed === undefined && provider === "google") {
    return await startGoogleEmulator(googleSeed(Date.now()), PERSON.email);
  }
  if (seed === undefined && provider === "github") {
    // Whoever names a client can take back what was given to it.
    const revokes = client !== undefined;
    return await startGitHubEmulator(githubSeed(), Date.now(), { revokes });
  }
  const port = freePort();
  const emulator = closedHard(
    await createEmulator({ service: provider, port, seed: state }),
    port,
  );
  // Google's begins to make its signing key when it is imported: this waits for it.
  if (provider === "google") await (await fetch(`${emulator.url}/oauth2/v3/certs`)).json();
  return emulator;
}

/** The button of one account on an emulated sign-in page, which lists them all. */
export function signInForm(page: Page, account?: string): Form {
  return accountForm(page, account === undefined ? [PERSON.login, PERSON.email] : [account]);
}
