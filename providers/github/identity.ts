/**
 * Who somebody is, as GitHub says it.
 *
 * https://docs.github.com/en/rest/users/users#get-the-authenticated-user
 * https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user
 *
 * @module
 */

import { z } from "zod";

/** The person. */
export const User = z.object({ id: z.number(), login: z.string() });

/** The person's addresses. */
export const Emails = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);
