/**
 * `Retry-After` (RFC 9110 §10.2.3), of APIs and token endpoints alike.
 *
 * @module
 */

/** Seconds to wait, from a number or a date; `undefined` where there is none. */
export function parseRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After");
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
