/**
 * Giving, changing and taking away access to a file of Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/guides/manage-sharing
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../../broker/core/lists.ts";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, ApiError, tool } from "../../provider.ts";
import {
  accessTo,
  isInherited,
  mayOf,
  Permission,
  PERMISSION_FIELDS,
  permissionOf,
  untilOf,
  whoOf,
} from "./access.ts";
import {
  type DriveFile,
  FileId,
  getTarget,
  OWN_FILES,
  pathOf,
  refuse,
  speakFile,
  summarizeFile,
} from "./file.ts";
import { Email } from "../gmail/mime.ts";

const ROLES: Record<string, string> = {
  reader: "read",
  commenter: "comment on",
  writer: "edit",
};

export const shareFile = tool({
  name: "drive_share_file",
  aliases: ["share_file"],
  service: "drive",
  title: "Share a file",
  description:
    "Give, change or take away access to a file or folder of Google Drive: for a person, " +
    "group, domain, or anyone with the link. Use it only when the person agreed who gets it. " +
    "Google tells them by e-mail unless notify is false.",
  input: z.strictObject({
    file_id: FileId.describe("From drive_search_files."),
    email: Email.optional().describe("Of a person or group; or domain; or anyone."),
    domain: z.string().max(253).regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "must be like example.com")
      .optional(),
    anyone: z.boolean().default(false).describe("Anyone who has the link, without signing in."),
    role: z.enum(["reader", "commenter", "writer", "none"]).optional()
      .describe("Left out, reader, and nobody loses anything. none takes access away."),
    notify: z.boolean().default(true),
    message: z.string().max(2_000).optional(),
  }),
  output: z.object({
    file_id: z.string(),
    name: z.string(),
    who: z.string(),
    email: z.string().optional(),
    role: z.string().describe("none: no access of their own."),
    former_role: z.string().optional(),
    change: z.enum(["given", "changed", "removed", "unchanged"]),
    permission_id: z.string().optional(),
    expires_at: z.string().optional(),
    notified: z.boolean(),
    url: z.string().optional(),
  }),
  // Not idempotent: a second call gives nobody more, but may send them a second e-mail.
  hints: { readOnly: false, destructive: true },
  content: ["message"],
  scopes: [[OWN_FILES]],
  async run({ file_id, notify, message, ...asked }, { api, now: today }) {
    const whom = whomOf(asked);
    const { file } = await getTarget(api, file_id);
    if (file.capabilities?.canShare === false) {
      throw refuse(`The account may not share ${speakFile(file)}: its owner can allow it.`);
    }
    const { permissions, complete } = await accessTo(api, file.id);
    const before = permissions.find((one) => isOf(one, whom));
    // Whoever may do more already keeps it, where nobody said that they shall not.
    const role = asked.role ?? before?.role ?? "reader";
    expectChangeable(file, before, role);
    const says = { file, whom, before };
    if (role === "none") return await takeAway(api, says, permissions, complete);
    if (before !== undefined && before.role === role) {
      const who = whoOf(before);
      const until = untilOf(before, today);
      const text = `${who} ${mayOf(role)} already${until}; nothing was changed.`;
      return answer(says, before, "unchanged", `${speakFile(file)}: ${text}`, false);
    }
    const notified = before === undefined && whom.type === "user" && notify;
    const written = before === undefined
      ? await give(api, file, { whom, role, notified, message })
      : await change(api, file, before, role);
    const now = await readBack(api, file, written);
    if (before !== undefined && now.role === before.role) return answer(...stays(says, now));
    return answer(
      says,
      now,
      before === undefined ? "given" : "changed",
      words(says, now),
      notified,
    );
  },
});

interface Whom {
  type: "user" | "domain" | "anyone";
  /** An address, or a domain. */
  name?: string | undefined;
}

interface Says {
  file: DriveFile;
  whom: Whom;
  before: Permission | undefined;
}

function whomOf({ email, domain, anyone }: {
  email?: string | undefined;
  domain?: string | undefined;
  anyone: boolean;
}): Whom {
  const all: (Whom | false)[] = [
    email !== undefined && { type: "user", name: email },
    domain !== undefined && { type: "domain", name: domain },
    anyone && { type: "anyone" },
  ];
  const [first, ...others] = all.filter((one) => one !== false);
  if (first === undefined) throw invalid("Say with whom: email, domain or anyone.");
  if (others.length > 0) throw invalid("Give one of email, domain and anyone.");
  return first;
}

function isOf({ type, emailAddress, domain }: Permission, whom: Whom): boolean {
  const same = (one: string | null | undefined) => one?.toLowerCase() === whom.name?.toLowerCase();
  if (whom.type === "anyone") return type === "anyone";
  if (whom.type === "domain") return type === "domain" && same(domain);
  return (type === "user" || type === "group") && same(emailAddress);
}

/** What cannot be changed in this file, or by anybody. */
function expectChangeable(file: DriveFile, before: Permission | undefined, role: string): void {
  if (before === undefined || before.role === role) return;
  const who = whoOf(before);
  if (before.role === "owner") {
    throw invalid(`The owner of ${speakFile(file)} is ${who}: that is not changed by sharing.`);
  }
  if (isInherited(before)) {
    throw invalid(
      `The access of ${who} to ${
        speakFile(file)
      } comes from the folder or shared drive that it is ` +
        "in, and must be changed there.",
    );
  }
}

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions/create */
async function give(
  api: ApiClient,
  { id }: DriveFile,
  { whom, role, notified, message }: {
    whom: Whom;
    role: string;
    notified: boolean;
    message: string | undefined;
  },
): Promise<Permission> {
  const { type, name } = whom;
  return await api.json(`${pathOf(id)}/permissions`, Permission, {
    method: "POST",
    query: {
      // Google refuses it for domains and for anyone.
      sendNotificationEmail: type === "user" ? notified : undefined,
      emailMessage: notified ? message : undefined,
      fields: PERMISSION_FIELDS,
      supportsAllDrives: true,
    },
    body: {
      type,
      role,
      emailAddress: type === "user" ? name : undefined,
      domain: type === "domain" ? name : undefined,
      // Only with the link: nobody asked for it to be found.
      allowFileDiscovery: type === "user" ? undefined : false,
    },
  });
}

async function change(
  api: ApiClient,
  { id }: DriveFile,
  before: Permission,
  role: string,
): Promise<Permission> {
  const path = `${pathOf(id)}/permissions/${encodeURIComponent(before.id)}`;
  return await api.json(path, Permission, {
    method: "PATCH",
    query: { fields: PERMISSION_FIELDS, supportsAllDrives: true },
    body: { role },
  });
}

/** What Google has now; where it cannot be asked, what it answered. */
async function readBack(api: ApiClient, { id }: DriveFile, written: Permission) {
  try {
    const now = await permissionOf(api, id, written.id);
    return now.id === written.id ? { ...written, ...now } : written;
  } catch (error) {
    if (error instanceof ApiError) return written;
    throw error;
  }
}

async function takeAway(
  api: ApiClient,
  says: Says,
  permissions: Permission[],
  complete: boolean,
) {
  const { file, whom, before } = says;
  const who = before === undefined ? nameOf(whom) : whoOf(before);
  const others = remaining(permissions, before);
  const rest = others === undefined ? "" : ` ${others}`;
  if (before === undefined) {
    const unsure = complete ? "" : " Not all who have access were looked at.";
    const text = `${
      speakFile(file)
    } is not shared with ${who}: nothing was changed.${rest}${unsure}`;
    return answer(says, undefined, "unchanged", text, false);
  }
  const path = `${pathOf(file.id)}/permissions/${encodeURIComponent(before.id)}`;
  await api.text(path, 1_000, { method: "DELETE", query: { supportsAllDrives: true } });
  const still = await stillThere(api, file, before);
  if (still !== undefined) {
    if (still.role === before.role) return answer(...stays(says, still));
    // What comes from a folder stays where the file's own is taken away.
    const text = `Took access to ${speakFile(file)} away, but ${who} still ${mayOf(still.role)}.`;
    return answer(says, still, "changed", text, false);
  }
  const text = `${who} no longer has access to ${speakFile(file)} by ${
    whom.type === "user" ? "name" : "that"
  }.${rest}`;
  return answer(says, undefined, "removed", text, false);
}

/** What to answer where Google has left it as it was. */
function stays(says: Says, now: Permission): Parameters<typeof answer> {
  const text = `${whoOf(now)} still ${mayOf(now.role)}: ` +
    `Google has not changed the access to ${speakFile(says.file)}.`;
  return [says, now, "unchanged", text, false];
}

async function stillThere(
  api: ApiClient,
  { id }: DriveFile,
  before: Permission,
): Promise<Permission | undefined> {
  try {
    return await permissionOf(api, id, before.id);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Those by whom somebody may have access all the same. */
function remaining(permissions: Permission[], before: Permission | undefined): string | undefined {
  const open = permissions.filter((one) =>
    one.id !== before?.id && (one.type === "anyone" || one.type === "domain")
  );
  const [first] = open;
  if (first === undefined) return undefined;
  return `But ${whoOf(first)} ${mayOf(first.role)}.`;
}

function nameOf({ type, name }: Whom): string {
  return type === "anyone"
    ? "anyone with the link"
    : type === "domain"
    ? `everybody at ${name}`
    : name ?? "";
}

function words({ file, whom, before }: Says, now: Permission): string {
  // As it was asked for, and where Google knows them by another name, by that too.
  const who = whom.type === "user" && now.emailAddress &&
      now.emailAddress.toLowerCase() !== whom.name?.toLowerCase()
    ? `${whom.name}, whom Google knows as ${whoOf(now)}`
    : whom.type === "user" && whom.name
    ? whom.name
    : whoOf({ ...now, type: now.type ?? whom.type, domain: now.domain ?? whom.name });
  const may = lookUp(ROLES, now.role ?? "");
  const what = may === undefined ? "has access to it" : `may now ${may} it`;
  return before === undefined
    ? `Shared ${speakFile(file)} with ${who}, who ${what}.`
    : `${who} ${what}: ${speakFile(file)}.`;
}

function answer(
  { file, whom, before }: Says,
  now: Permission | undefined,
  change: "given" | "changed" | "removed" | "unchanged",
  text: string,
  notified: boolean,
) {
  const { name, url } = summarizeFile(file);
  const role = now?.role ?? "none";
  return {
    text: text + (notified ? " Google tells them by e-mail." : ""),
    data: {
      file_id: file.id,
      name,
      who: now === undefined ? before === undefined ? nameOf(whom) : whoOf(before) : whoOf(now),
      email: whom.type === "user" ? whom.name : undefined,
      role,
      former_role: change === "changed" || change === "removed"
        ? before?.role ?? undefined
        : undefined,
      change,
      permission_id: now?.id,
      expires_at: now?.expirationTime || undefined,
      notified,
      url,
    },
  };
}
