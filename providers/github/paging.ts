/**
 * How GitHub's lists go on, and what they leave out without a word.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 *
 * @module
 */

import { z } from "zod";
import { count } from "../text.ts";
import { seesPublicOnly } from "./scopes.ts";

/** Input fields of every list. */
export const paging = {
  limit: z.int().min(1).max(100).default(20),
  page: z.int().min(1).max(10_000).default(1).describe("An answer's next_page."),
};

/** Output fields of every list. */
export const pagingOutput = {
  has_more: z.boolean(),
  next_page: z.number().optional(),
};

/** Where a list goes on. */
export interface Next {
  has_more: boolean;
  next_page?: number | undefined;
}

/** What comes after a page, as its `Link` header says. */
export function pageAfter(page: number, headers: Headers): Next {
  const has_more = /<[^<>]*>;\s*rel="next"/.test(headers.get("Link") ?? "");
  return { has_more, next_page: has_more ? page + 1 : undefined };
}

/** `There are more on page 2.` */
export function speakMore({ has_more, next_page }: Next): string[] {
  return has_more && next_page !== undefined ? [`There are more on page ${next_page}.`] : [];
}

/** What an answer leaves out since this connection may not see it; each a sentence. */
export function hiddenFrom(headers: Headers): string[] {
  return seesPublicOnly(headers)
    ? [
      ...hiddenBySso(headers),
      "Private repositories are left out: this connection is for public ones only.",
    ]
    : hiddenBySso(headers);
}

/** https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#authorizing-for-saml-sso */
export function hiddenBySso(headers: Headers): string[] {
  const sso = headers.get("X-GitHub-SSO") ?? "";
  if (!/^\s*partial-results\b/i.test(sso)) return [];
  const ids = /\borganizations=([\d,\s]+)/i.exec(sso)?.[1]?.match(/\d+/g) ?? [];
  const whose = ids.length === 0 ? "some organizations" : count(ids.length, "organization");
  return [
    `What belongs to ${whose} is left out: this connection is not authorized for the single ` +
    "sign-on there.",
  ];
}
