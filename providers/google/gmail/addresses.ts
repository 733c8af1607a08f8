/**
 * Which addresses are the person's own.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs/list
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../../provider.ts";
import { patiently } from "./fetch.ts";
import { USER } from "./message.ts";

const SendAs = z.object({
  sendAs: z.array(z.object({ sendAsEmail: z.string().nullish() })).nullish(),
});
const Profile = z.object({ emailAddress: z.string().nullish() });

/** All addresses that the person sends from; an answer to all is not for them. */
export async function ownAddresses(api: ApiClient): Promise<string[]> {
  let known: (string | null | undefined)[];
  try {
    const { sendAs } = await patiently(() => api.json(`${USER}/settings/sendAs`, SendAs));
    known = (sendAs ?? []).map(({ sendAsEmail }) => sendAsEmail);
  } catch (error) {
    // Some organizations close the settings to programs.
    if (!(error instanceof ApiError) || error.fault.kind !== "forbidden") throw error;
    known = [(await api.json(`${USER}/profile`, Profile)).emailAddress];
  }
  return known.filter((address) => address !== null && address !== undefined);
}

/** Whether mail to both comes to the same person: `me+shop@x.org` is `me@x.org`. */
export function samePerson(one: string, other: string): boolean {
  return mailboxOf(one) === mailboxOf(other);
}

/** Gmail does not care for dots: https://support.google.com/mail/answer/7436150 */
function mailboxOf(address: string): string {
  const at = address.lastIndexOf("@");
  const [local = ""] = address.slice(0, Math.max(0, at)).toLowerCase().split("+", 1);
  const domain = address.slice(at + 1).toLowerCase();
  const isGmail = domain === "gmail.com" || domain === "googlemail.com";
  return isGmail ? `${local.replaceAll(".", "")}@gmail.com` : `${local}@${domain}`;
}
