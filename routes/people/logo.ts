/**
 * `GET /apps/{realm}/logo/{digest}`: an app's picture. Its bytes were judged
 * when they were kept, and the type is the one that was found then; the digest
 * in the address is that of its contents, so it may be kept for ever.
 *
 * @module
 */

import type { AppFace } from "../../broker/core/app_face.ts";
import { get, pathPart, type Route } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuseHttp } from "../http/errors.ts";

/** Seconds: a year. */
const MAX_AGE = 365 * 24 * 60 * 60;

/** The route. */
export function logoRoutes({ settings }: AppDeps): Route[] {
  return [
    get("/apps/:realm/logo/:digest", async (c) => {
      const realm = pathPart(c, "realm");
      if (settings.face(realm).logo?.sha256 !== pathPart(c, "digest")) {
        return refuseHttp({ code: "not_found" });
      }
      const logo = await settings.logo(realm);
      if (logo === undefined) return refuseHttp({ code: "not_found" });
      return c.body(logo.bytes, 200, {
        "Content-Type": logo.type,
        "Cache-Control": `public, max-age=${MAX_AGE}, immutable`,
      });
    }),
  ];
}

/** What people are shown of an app: its name, its picture, who runs it. */
export function shownApp({ settings }: Pick<AppDeps, "settings">, realm: string) {
  return shownFace(realm, settings.face(realm));
}

/** The same, of a face that is at hand. */
export function shownFace(
  realm: string,
  { name = realm, operator, privacyUrl: privacy, logo }: AppFace,
) {
  const path = `/apps/${encodeURIComponent(realm)}/logo/`;
  return { name, operator, privacy, logo: logo && path + logo.sha256 };
}
