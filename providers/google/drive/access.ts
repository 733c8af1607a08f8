/**
 * Who has access to a file of Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../../broker/core/lists.ts";
import type { ApiClient } from "../../provider.ts";
import { speakDay } from "../../reading.ts";
import { shortLine } from "../../text.ts";
import { pathOf } from "./file.ts";

/** Of 100 each. Nobody listens to more. */
const MAX_PAGES = 3;
const PERMISSION = "id,type,role,emailAddress,domain,displayName,allowFileDiscovery," +
  "pendingOwner,deleted,expirationTime,view,permissionDetails(inherited,role)";

/** One entry of who may do what. */
export const Permission = z.object({
  id: z.string(),
  type: z.string().nullish(),
  role: z.string().nullish(),
  emailAddress: z.string().nullish(),
  domain: z.string().nullish(),
  displayName: z.string().nullish(),
  allowFileDiscovery: z.boolean().nullish(),
  pendingOwner: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  expirationTime: z.string().nullish(),
  view: z.string().nullish(),
  permissionDetails: z.array(
    z.object({ inherited: z.boolean().nullish(), role: z.string().nullish() }),
  ).nullish(),
});
export type Permission = z.output<typeof Permission>;

const PermissionPage = z.object({
  permissions: z.array(Permission).nullish(),
  nextPageToken: z.string().nullish(),
});

/** The same in a tool's answer. */
export const AccessSummary = z.object({
  who: z.string(),
  type: z.string(),
  role: z.string(),
  may: z.string(),
  inherited: z.boolean().optional(),
  pending_owner: z.boolean().optional(),
  expires_at: z.string().optional(),
});

/** What each role lets people do; Google may think of others. */
const MAY: Record<string, string> = {
  owner: "owns it",
  organizer: "may manage it",
  fileOrganizer: "may edit and move it",
  writer: "may edit it",
  commenter: "may comment on it",
  reader: "may read it",
};

/** `may edit it` */
export function mayOf(role: string | null | undefined): string {
  return lookUp(MAY, role ?? "") ?? "has access to it";
}

/** `Ana Müller (ana@example.com)`, `everybody at example.com`, `anyone with the link` */
export function whoOf(permission: Permission): string {
  const { type, emailAddress, displayName, domain, allowFileDiscovery, deleted } = permission;
  if (type === "anyone") return allowFileDiscovery ? "anyone on the web" : "anyone with the link";
  if (type === "domain") return `everybody at ${said(domain ?? displayName ?? "a domain")}`;
  const email = said(emailAddress ?? "");
  const name = said(displayName ?? "");
  if (deleted) return "an account that was deleted";
  if (name !== "" && email !== "" && name !== email) return `${name} (${email})`;
  return email || name || "somebody";
}

/** ` until November 30`; nothing where it does not end. */
export function untilOf({ expirationTime }: Permission, now: number): string {
  const at = Date.parse(expirationTime ?? "");
  return Number.isNaN(at) ? "" : ` until ${speakDay(new Date(at).toISOString(), now)}`;
}

/** `Ana may edit it until November 30, and was asked to own it` */
export function speakAccess(permission: Permission, now: number): string {
  const asked = permission.pendingOwner ? ", and was asked to own it" : "";
  return `${whoOf(permission)} ${mayOf(permission.role)}${untilOf(permission, now)}${asked}`;
}

function said(text: string): string {
  return shortLine(text, 200);
}

/** Whether a permission comes from above, so that it cannot be changed here. */
export function isInherited({ permissionDetails }: Permission): boolean {
  const details = permissionDetails ?? [];
  return details.length > 0 && details.every(({ inherited }) => inherited === true);
}

/** For a tool's answer. */
export function summarizeAccess(permission: Permission): z.output<typeof AccessSummary> {
  return {
    who: whoOf(permission),
    type: permission.type ?? "unknown",
    role: permission.role ?? "unknown",
    may: mayOf(permission.role),
    inherited: isInherited(permission) || undefined,
    pending_owner: permission.pendingOwner || undefined,
    expires_at: permission.expirationTime || undefined,
  };
}

/** Everybody, or the first 300 of them. */
export async function accessTo(
  api: ApiClient,
  id: string,
): Promise<{ permissions: Permission[]; complete: boolean }> {
  const permissions: Permission[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await api.json(`${pathOf(id)}/permissions`, PermissionPage, {
      query: {
        fields: `nextPageToken,permissions(${PERMISSION})`,
        pageSize: 100,
        pageToken,
        supportsAllDrives: true,
      },
    });
    // Those of a view see something else than the file.
    permissions.push(...(answer.permissions ?? []).filter(({ view }) => !view));
    pageToken = answer.nextPageToken || undefined;
    if (pageToken === undefined) break;
  }
  return { permissions, complete: pageToken === undefined };
}

/** One entry, as it is now. */
export async function permissionOf(
  api: ApiClient,
  file: string,
  permission: string,
): Promise<Permission> {
  const path = `${pathOf(file)}/permissions/${encodeURIComponent(permission)}`;
  return await api.json(path, Permission, {
    query: { fields: PERMISSION, supportsAllDrives: true },
  });
}

export { PERMISSION as PERMISSION_FIELDS };
