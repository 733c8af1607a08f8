/**
 * Who somebody is, as Google says it.
 *
 * https://developers.google.com/identity/openid-connect/openid-connect#obtaininguserprofileinformation
 *
 * @module
 */

import { z } from "zod";

/** Real Google says `id` and `verified_email`; OpenID Connect and emulators say otherwise. */
export const UserInfo = z.object({
  id: z.string().optional(),
  sub: z.string().optional(),
  email: z.email(),
  verified_email: z.boolean().optional(),
  email_verified: z.boolean().optional(),
}).transform((user, context) => {
  const id = user.id ?? user.sub;
  if (id !== undefined) {
    const verified = user.verified_email ?? user.email_verified ?? false;
    return { id, label: user.email, verifiedEmail: verified ? user.email : undefined };
  }
  context.addIssue("neither id nor sub");
  return z.NEVER;
});
