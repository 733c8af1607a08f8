/**
 * What entries of `PROVIDERS` of every kind are made of.
 *
 * @module
 */

import { z } from "zod";
import { isSecureAddress, SECURE } from "../broker/core/addresses.ts";

/** Its name in paths, and, in upper case, the prefix of its variables. */
export const ServiceName = z.string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, "must be a-z, 0-9 and _, up to 32");

/** Without a place in it: people are sent there, or what they hand over is. */
export const PlainAddress = z.string()
  .refine(isSecureAddress, `${SECURE}, an absolute URL without user`);

/** The proxy has the last word on it. */
export const ProxyHeader = z.string().regex(
  /^[a-z0-9][a-z0-9-]{1,60}\*?$/i,
  "must be a header's name, or its beginning and *",
);

/** A header of the API's own; those of HTTP itself are not for tokens. */
export const HeaderName = z.string().regex(/^X-[a-z0-9][a-z0-9-]{0,60}$/i, "must begin with X-");

/** For requests to the userinfo alone; what carries the token is not theirs to change. */
export const OwnHeaders = z.record(
  z.string().regex(/^(?!(authorization|cookie|host)$)[a-z0-9][a-z0-9-]{0,60}$/i, "is no header"),
  z.string().regex(/^[\x20-\x7e]{1,200}$/, "must be printable ASCII, up to 200"),
);

/** A header of the API's own with a part of a path in it: none that HTTP, or a browser, goes by. */
export const TenantHeader = z.string().regex(
  /^(?!(accept|content|if|keep|proxy|sec|set|transfer|www|x-forwarded)-)[a-z0-9]+(-[a-z0-9]+)+$/i,
  "must be a header of the API's own, with a hyphen",
).max(60);
