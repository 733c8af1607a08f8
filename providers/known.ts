/**
 * The providers by name, and where each one's code is. A start needs the names
 * of all, since none may stand for two things, and the code of those alone that
 * are set up.
 *
 * @module
 */

import type { ProviderModule } from "./provider.ts";

/** A provider that need not be loaded to be known. */
export interface KnownModule extends Pick<ProviderModule, "name" | "needs"> {
  /** Names of its services. */
  services: string[];
  /** It has no tools: an upstream may have its name while it is not set up. */
  yields: boolean;
  /** People sign in with it. */
  signsIn?: boolean | undefined;
  /** It has a {@linkcode ProviderModule.privateKeyFault}. */
  hasPrivateKey?: boolean | undefined;
  /** As {@linkcode ProviderModule.takesWebhookSecret}. */
  takesWebhookSecret?: boolean | undefined;
  /** As {@linkcode ProviderModule.hasTestMode}. */
  hasTestMode?: boolean | undefined;
  load(): Promise<ProviderModule>;
}

/** Those of `registry.ts`, in its order. */
const WITH_TOOLS: Omit<KnownModule, "yields">[] = [
  {
    name: "github",
    services: ["github"],
    signsIn: true,
    takesWebhookSecret: true,
    load: async () =>
      (await import("./github/github.ts"))
        .github,
  },
  {
    name: "github_app",
    services: ["github_app"],
    hasPrivateKey: true,
    load: async () => (await import("./github/github_app.ts")).githubApp,
  },
  {
    name: "google",
    services: ["gmail", "calendar", "drive"],
    signsIn: true,
    hasTestMode: true,
    load: async () =>
      (await import("./google/google.ts"))
        .google,
  },
  {
    name: "asana",
    services: ["asana"],
    load: async () =>
      (await import("./asana/asana.ts"))
        .asana,
  },
  {
    name: "slack",
    services: ["slack"],
    load: async () =>
      (await import("./slack/slack.ts"))
        .slack,
  },
  {
    name: "linear",
    services: ["linear"],
    load: async () =>
      (await import("./linear/linear.ts"))
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
    async () => (await import("./catalogue/catalogue.ts")).catalogueModules,
  ),
  ...ofList(
    KEY_CATALOGUE,
    "name",
    async () => (await import("./key_catalogue/key_catalogue.ts")).keyModules,
  ),
  ...ofList(
    CLIENT_CATALOGUE,
    "name",
    async () => (await import("./client_catalogue/client_catalogue.ts")).clientModules,
  ),
];
