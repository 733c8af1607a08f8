/**
 * Services that are connected by a client that people make there, with its
 * secret, and that need no code of their own: they are there as soon as
 * `KEY_SERVICES` names them. Their names end in `_client`.
 *
 * Adding one means a file of data beside this one, two lines here, and its name
 * in the README.
 *
 * @module
 */

import { type ClientCatalogueEntry, clientModule } from "../client_provider.ts";
import type { ProviderModule } from "../provider.ts";
import { auth0Client } from "./auth0_client.ts";
import { microsoftClient } from "./microsoft_client.ts";
import { paypalClient } from "./paypal_client.ts";
import { zoomClient } from "./zoom_client.ts";

/** In the order of the alphabet. */
export const clientCatalogue: ClientCatalogueEntry[] = [
  auth0Client,
  microsoftClient,
  paypalClient,
  zoomClient,
];

/** One module per entry. */
export const clientModules: ProviderModule[] = clientCatalogue.map((entry) =>
  clientModule(entry, "name")
);
