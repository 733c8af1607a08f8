/**
 * Services that are connected by an API key and need no code of their own: they
 * are there as soon as `KEY_SERVICES` names them. The names of those that have
 * a sign-in as well end in `_key`.
 *
 * Adding one means a file of data beside this one, two lines here, and its name
 * in the README.
 *
 * @module
 */

import { type KeyCatalogueEntry, keyModule } from "../key_provider.ts";
import type { ProviderModule } from "../provider.ts";
import { airtableKey } from "./airtable_key.ts";
import { cloudflare } from "./cloudflare.ts";
import { deepgram } from "./deepgram.ts";
import { digitaloceanKey } from "./digitalocean_key.ts";
import { elevenlabs } from "./elevenlabs.ts";
import { figmaKey } from "./figma_key.ts";
import { netlifyKey } from "./netlify_key.ts";
import { notionKey } from "./notion_key.ts";
import { pagerdutyKey } from "./pagerduty_key.ts";
import { sendgrid } from "./sendgrid.ts";
import { stripeKey } from "./stripe_key.ts";
import { vercelKey } from "./vercel_key.ts";

/** In the order of the alphabet. */
export const keyCatalogue: KeyCatalogueEntry[] = [
  airtableKey,
  cloudflare,
  deepgram,
  digitaloceanKey,
  elevenlabs,
  figmaKey,
  netlifyKey,
  notionKey,
  pagerdutyKey,
  sendgrid,
  stripeKey,
  vercelKey,
];

/** One module per entry. */
export const keyModules: ProviderModule[] = keyCatalogue.map((entry) => keyModule(entry, "name"));
