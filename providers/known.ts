/**
 * The providers by name, and where each one's code is. A start needs the names
 * of all, since none may stand for two things, and the code of those alone that
 * are set up.
 *
 * @module
 */

import { part } from "../broker/core/lazily.ts";
import type { ProviderModule } from "./provider.ts";

/** A provider that need not be loaded to be known. */
export interface KnownModule extends Pick<ProviderModule, "name" | "needs"> {
  /** Names of its services. */
  services: string[];
  /** It has no tools: an upstream may have its name while it is not set up. */
  yields: boolean;
  /** It has a {@linkcode ProviderModule.privateKeyFault}. */
  hasPrivateKey?: boolean | undefined;
  load(): Promise<ProviderModule>;
}

/** Those of `registry.ts`, in its order. */
const WITH_TOOLS: Omit<KnownModule, "yields">[] = [
  {
    name: "github",
    services: ["github"],
    load: async () =>
      (await part<typeof import("./github/github.ts")>(import("./github/github.ts" as string)))
        .github,
  },
  {
    name: "github_app",
    services: ["github_app"],
    hasPrivateKey: true,
    load: async () =>
      (await part<typeof import("./github/github_app.ts")>(
        import("./github/github_app.ts" as string),
      )).githubApp,
  },
  {
    name: "google",
    services: ["gmail", "calendar", "drive"],
    load: async () =>
      (await part<typeof import("./google/google.ts")>(import("./google/google.ts" as string)))
        .google,
  },
  {
    name: "asana",
    services: ["asana"],
    load: async () =>
      (await part<typeof import("./asana/asana.ts")>(import("./asana/asana.ts" as string)))
        .asana,
  },
  {
    name: "slack",
    services: ["slack"],
    load: async () =>
      (await part<typeof import("./slack/slack.ts")>(import("./slack/slack.ts" as string)))
        .slack,
  },
  {
    name: "linear",
    services: ["linear"],
    load: async () =>
      (await part<typeof import("./linear/linear.ts")>(import("./linear/linear.ts" as string)))
        .linear,
  },
];

/** Those of `catalogue/catalogue.ts`. */
const CATALOGUE = [
  "airtable",
  "amazon",
  "atlassian",
  "attio",
  "auth0",
  "autodesk",
  "basecamp",
  "bitbucket",
  "box",
  "bungie",
  "calendly",
  "canva",
  "clickup",
  "close",
  "coinbase",
  "digitalocean",
  "discord",
  "docusign",
  "dropbox",
  "epicgames",
  "eventbrite",
  "facebook",
  "figma",
  "fortytwo",
  "freshbooks",
  "front",
  "gitea",
  "gitlab",
  "gusto",
  "helpscout",
  "heroku",
  "hubspot",
  "intercom",
  "intuit",
  "kakao",
  "kick",
  "klaviyo",
  "line",
  "linkedin",
  "mailchimp",
  "microsoft",
  "miro",
  "monday",
  "notion",
  "okta",
  "osu",
  "oura",
  "pagerduty",
  "patreon",
  "pinterest",
  "pipedrive",
  "polar",
  "ramp",
  "reddit",
  "roblox",
  "salesforce",
  "sentry",
  "shopify",
  "smartsheet",
  "spotify",
  "square",
  "squarespace",
  "strava",
  "stripe",
  "supabase",
  "surveymonkey",
  "tiktok",
  "tiltify",
  "tumblr",
  "twitch",
  "twitter",
  "typeform",
  "vercel",
  "webflow",
  "whoop",
  "wordpress",
  "wrike",
  "xero",
  "yahoo",
  "yandex",
  "zendesk",
  "zoho",
  "zoom",
];

/** Those of `key_catalogue/key_catalogue.ts`. */
const KEY_CATALOGUE = [
  "airtable_key",
  "cloudflare",
  "deepgram",
  "digitalocean_key",
  "elevenlabs",
  "figma_key",
  "netlify_key",
  "notion_key",
  "pagerduty_key",
  "sendgrid",
  "stripe_key",
  "vercel_key",
];

/** Those of `client_catalogue/client_catalogue.ts`. */
const CLIENT_CATALOGUE = [
  "auth0_client",
  "microsoft_client",
  "paypal_client",
  "zoom_client",
];

/** Of those that have other services than the one of their own name. */
const SERVICES = new Map([
  ["atlassian", ["atlassian", "jira", "confluence"]],
  ["microsoft", ["microsoft", "outlook", "outlook_calendar", "onedrive", "sharepoint", "teams"]],
]);

/** Data: what is loaded is all of a list. */
function ofList(
  names: string[],
  needs: ProviderModule["needs"],
  load: () => Promise<ProviderModule[]>,
): KnownModule[] {
  return names.map((name, index) => ({
    name,
    services: SERVICES.get(name) ?? [name],
    yields: true,
    needs,
    load: async () => (await load())[index]!,
  }));
}

/** All providers that the program knows, in a fixed order. */
export const knownModules: KnownModule[] = [
  ...WITH_TOOLS.map((known) => ({ ...known, yields: false })),
  ...ofList(
    CATALOGUE,
    undefined,
    async () =>
      (await part<typeof import("./catalogue/catalogue.ts")>(
        import("./catalogue/catalogue.ts" as string),
      )).catalogueModules,
  ),
  ...ofList(
    KEY_CATALOGUE,
    "name",
    async () =>
      (await part<typeof import("./key_catalogue/key_catalogue.ts")>(
        import("./key_catalogue/key_catalogue.ts" as string),
      )).keyModules,
  ),
  ...ofList(
    CLIENT_CATALOGUE,
    "name",
    async () =>
      (await part<typeof import("./client_catalogue/client_catalogue.ts")>(
        import("./client_catalogue/client_catalogue.ts" as string),
      )).clientModules,
  ),
];
