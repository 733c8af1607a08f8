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
import { airtable } from "./airtable.ts";
import { amazon } from "./amazon.ts";
import { atlassian } from "./atlassian.ts";
import { attio } from "./attio.ts";
import { auth0 } from "./auth0.ts";
import { autodesk } from "./autodesk.ts";
import { basecamp } from "./basecamp.ts";
import { bitbucket } from "./bitbucket.ts";
import { box } from "./box.ts";
import { bungie } from "./bungie.ts";
import { calendly } from "./calendly.ts";
import { canva } from "./canva.ts";
import { clickup } from "./clickup.ts";
import { close } from "./close.ts";
import { coinbase } from "./coinbase.ts";
import { digitalocean } from "./digitalocean.ts";
import { discord } from "./discord.ts";
import { docusign } from "./docusign.ts";
import { dropbox } from "./dropbox.ts";
import { epicgames } from "./epicgames.ts";
import { eventbrite } from "./eventbrite.ts";
import { facebook } from "./facebook.ts";
import { figma } from "./figma.ts";
import { fortytwo } from "./fortytwo.ts";
import { freshbooks } from "./freshbooks.ts";
import { front } from "./front.ts";
import { gitea } from "./gitea.ts";
import { gitlab } from "./gitlab.ts";
import { gusto } from "./gusto.ts";
import { helpscout } from "./helpscout.ts";
import { heroku } from "./heroku.ts";
import { hubspot } from "./hubspot.ts";
import { intercom } from "./intercom.ts";
import { intuit } from "./intuit.ts";
import { kakao } from "./kakao.ts";
import { kick } from "./kick.ts";
import { klaviyo } from "./klaviyo.ts";
import { line } from "./line.ts";
import { linkedin } from "./linkedin.ts";
import { mailchimp } from "./mailchimp.ts";
import { microsoft } from "./microsoft.ts";
import { miro } from "./miro.ts";
import { monday } from "./monday.ts";
import { notion } from "./notion.ts";
import { okta } from "./okta.ts";
import { osu } from "./osu.ts";
import { oura } from "./oura.ts";
import { pagerduty } from "./pagerduty.ts";
import { patreon } from "./patreon.ts";
import { pinterest } from "./pinterest.ts";
import { pipedrive } from "./pipedrive.ts";
import { polar } from "./polar.ts";
import { ramp } from "./ramp.ts";
import { reddit } from "./reddit.ts";
import { roblox } from "./roblox.ts";
import { salesforce } from "./salesforce.ts";
import { sentry } from "./sentry.ts";
import { shopify } from "./shopify.ts";
import { smartsheet } from "./smartsheet.ts";
import { spotify } from "./spotify.ts";
import { square } from "./square.ts";
import { squarespace } from "./squarespace.ts";
import { strava } from "./strava.ts";
import { stripe } from "./stripe.ts";
import { supabase } from "./supabase.ts";
import { surveymonkey } from "./surveymonkey.ts";
import { tiktok } from "./tiktok.ts";
import { tiltify } from "./tiltify.ts";
import { tumblr } from "./tumblr.ts";
import { twitch } from "./twitch.ts";
import { twitter } from "./twitter.ts";
import { typeform } from "./typeform.ts";
import { vercel } from "./vercel.ts";
import { webflow } from "./webflow.ts";
import { whoop } from "./whoop.ts";
import { wordpress } from "./wordpress.ts";
import { wrike } from "./wrike.ts";
import { xero } from "./xero.ts";
import { yahoo } from "./yahoo.ts";
import { yandex } from "./yandex.ts";
import { zendesk } from "./zendesk.ts";
import { zoho } from "./zoho.ts";
import { zoom } from "./zoom.ts";

/** In the order of the alphabet. */
export const catalogue: CatalogueEntry[] = [
  airtable,
  amazon,
  atlassian,
  attio,
  auth0,
  autodesk,
  basecamp,
  bitbucket,
  box,
  bungie,
  calendly,
  canva,
  clickup,
  close,
  coinbase,
  digitalocean,
  discord,
  docusign,
  dropbox,
  epicgames,
  eventbrite,
  facebook,
  figma,
  fortytwo,
  freshbooks,
  front,
  gitea,
  gitlab,
  gusto,
  helpscout,
  heroku,
  hubspot,
  intercom,
  intuit,
  kakao,
  kick,
  klaviyo,
  line,
  linkedin,
  mailchimp,
  microsoft,
  miro,
  monday,
  notion,
  okta,
  osu,
  oura,
  pagerduty,
  patreon,
  pinterest,
  pipedrive,
  polar,
  ramp,
  reddit,
  roblox,
  salesforce,
  sentry,
  shopify,
  smartsheet,
  spotify,
  square,
  squarespace,
  strava,
  stripe,
  supabase,
  surveymonkey,
  tiktok,
  tiltify,
  tumblr,
  twitch,
  twitter,
  typeform,
  vercel,
  webflow,
  whoop,
  wordpress,
  wrike,
  xero,
  yahoo,
  yandex,
  zendesk,
  zoho,
  zoom,
];

/** One module per entry. */
export const catalogueModules: ProviderModule[] = catalogue.map(bareModule);
