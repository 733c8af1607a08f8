/**
 * Providers that need no code of their own: they are there as soon as
 * `<NAME>_CLIENT_ID` and `<NAME>_CLIENT_SECRET` are set. They have no tools;
 * their tokens are handed out, and their API can be called through the proxy.
 *
 * Adding one means a file of data beside this one, two lines here, and a row in
 * `tests/providers/catalogue/providers.ts` of what its documentation says: a
 * double that speaks by it must be understood.
 *
 * @module
 */

import { bareModule, type CatalogueEntry } from "../bare_provider.ts";
import type { ProviderModule } from "../provider.ts";
import { atlassian } from "./atlassian.ts";
import { autodesk } from "./autodesk.ts";
import { box } from "./box.ts";
import { bungie } from "./bungie.ts";
import { calendly } from "./calendly.ts";
import { coinbase } from "./coinbase.ts";
import { discord } from "./discord.ts";
import { dropbox } from "./dropbox.ts";
import { epicgames } from "./epicgames.ts";
import { figma } from "./figma.ts";
import { fortytwo } from "./fortytwo.ts";
import { gitlab } from "./gitlab.ts";
import { hubspot } from "./hubspot.ts";
import { intuit } from "./intuit.ts";
import { kakao } from "./kakao.ts";
import { kick } from "./kick.ts";
import { line } from "./line.ts";
import { linkedin } from "./linkedin.ts";
import { mailchimp } from "./mailchimp.ts";
import { microsoft } from "./microsoft.ts";
import { osu } from "./osu.ts";
import { patreon } from "./patreon.ts";
import { polar } from "./polar.ts";
import { reddit } from "./reddit.ts";
import { roblox } from "./roblox.ts";
import { salesforce } from "./salesforce.ts";
import { shopify } from "./shopify.ts";
import { spotify } from "./spotify.ts";
import { strava } from "./strava.ts";
import { tiltify } from "./tiltify.ts";
import { tumblr } from "./tumblr.ts";
import { twitch } from "./twitch.ts";
import { twitter } from "./twitter.ts";
import { yahoo } from "./yahoo.ts";
import { yandex } from "./yandex.ts";
import { zendesk } from "./zendesk.ts";
import { zoom } from "./zoom.ts";

/** In the order of the alphabet. */
export const catalogue: CatalogueEntry[] = [
  atlassian,
  autodesk,
  box,
  bungie,
  calendly,
  coinbase,
  discord,
  dropbox,
  epicgames,
  figma,
  fortytwo,
  gitlab,
  hubspot,
  intuit,
  kakao,
  kick,
  line,
  linkedin,
  mailchimp,
  microsoft,
  osu,
  patreon,
  polar,
  reddit,
  roblox,
  salesforce,
  shopify,
  spotify,
  strava,
  tiltify,
  tumblr,
  twitch,
  twitter,
  yahoo,
  yandex,
  zendesk,
  zoom,
];

/** One module per entry. */
export const catalogueModules: ProviderModule[] = catalogue.map(bareModule);
