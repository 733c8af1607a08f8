/**
 * Google: Gmail, Calendar and Drive on one connection.
 *
 * https://developers.google.com/identity/protocols/oauth2/web-server
 *
 * @module
 */

import { z } from "zod";
import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient } from "../oauth.ts";
import type { ApiFault, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { oneLine, shorten } from "../text.ts";
import { askWithin } from "../whose_account.ts";
import { calendarTools } from "./calendar.ts";
import { driveTools } from "./drive.ts";
import { gmailTools } from "./gmail.ts";

const MAX_SAID = 200;
const AUTH = "https://www.googleapis.com/auth/";

/** Real Google says `id` and `verified_email`; OpenID Connect and emulators say otherwise. */
const UserInfo = z.object({
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

/** The `google` provider. */
export const google: ProviderModule = {
  name: "google",
  console: "https://console.cloud.google.com/apis/credentials",
  create(settings: ProviderSettings): Provider {
    const base = settings.baseUrl;
    const api = settings.apiUrl ?? base;
    const client = new OAuthClient({
      ...settings,
      authorizationEndpoint: `${base ?? "https://accounts.google.com"}/o/oauth2/v2/auth`,
      tokenEndpoint: base ? `${base}/oauth2/token` : "https://oauth2.googleapis.com/token",
      revocationEndpoint: base ? `${base}/oauth2/revoke` : "https://oauth2.googleapis.com/revoke",
      authorizationParameters: {
        // Without these two Google sends no refresh token the second time (seen November 2026).
        access_type: "offline",
        prompt: "consent",
      },
      issuer: base ?? "https://accounts.google.com",
    });
    return {
      name: "google",
      title: "Google",
      services: [
        { name: "gmail", title: "Gmail", scopes: [`${AUTH}gmail.modify`] },
        {
          name: "calendar",
          title: "Google Calendar",
          scopes: [`${AUTH}calendar.events`, `${AUTH}calendar.readonly`],
          moreScopes: [`${AUTH}calendar`],
        },
        {
          name: "drive",
          title: "Google Drive",
          scopes: [`${AUTH}drive.file`, `${AUTH}drive.readonly`],
          moreScopes: [`${AUTH}drive`],
        },
      ],
      scopeNames: {
        gmail: [`${AUTH}gmail.modify`],
        "gmail.readonly": [`${AUTH}gmail.readonly`],
        "gmail.send": [`${AUTH}gmail.send`],
        calendar: [`${AUTH}calendar.events`, `${AUTH}calendar.readonly`],
        "calendar.full": [`${AUTH}calendar`],
        "calendar.readonly": [`${AUTH}calendar.readonly`],
        "calendar.events": [`${AUTH}calendar.events`],
        drive: [`${AUTH}drive.file`, `${AUTH}drive.readonly`],
        "drive.full": [`${AUTH}drive`],
        "drive.readonly": [`${AUTH}drive.readonly`],
        "drive.file": [`${AUTH}drive.file`],
      },
      impliedScopes: {
        "https://mail.google.com/": [`${AUTH}gmail.modify`],
        [`${AUTH}gmail.modify`]: [
          `${AUTH}gmail.readonly`,
          `${AUTH}gmail.send`,
          `${AUTH}gmail.compose`,
          `${AUTH}gmail.labels`,
        ],
        [`${AUTH}calendar`]: [`${AUTH}calendar.readonly`, `${AUTH}calendar.events`],
        [`${AUTH}calendar.events`]: [`${AUTH}calendar.events.readonly`],
        [`${AUTH}calendar.readonly`]: [`${AUTH}calendar.events.readonly`],
        [`${AUTH}drive`]: [`${AUTH}drive.readonly`, `${AUTH}drive.file`],
        // These two are requested by OpenID Connect's names, and come back by Google's.
        [`${AUTH}userinfo.email`]: ["email"],
        [`${AUTH}userinfo.profile`]: ["profile"],
      },
      scopeTitles: {
        [`${AUTH}gmail.modify`]: "Read, write, send and label your mail",
        [`${AUTH}gmail.readonly`]: "Read your mail",
        [`${AUTH}gmail.send`]: "Send mail in your name",
        [`${AUTH}gmail.compose`]: "Write drafts and send mail",
        [`${AUTH}calendar`]: "See and change your calendars",
        [`${AUTH}calendar.readonly`]: "See your calendars",
        [`${AUTH}calendar.events`]: "See and change the events of your calendars",
        [`${AUTH}drive`]: "See and change your files",
        [`${AUTH}drive.readonly`]: "See your files",
        [`${AUTH}drive.file`]: "See and change the files it makes",
      },
      identityScopes: ["openid", "email"],
      signInScopes: ["openid", "email"],
      credential: {
        ...client.flow(),
        authorizationUrl(request) {
          const url = client.authorizationUrl(request);
          // What was granted earlier stays in the new token, so that a second service can be added.
          if (request.alone !== true) url.searchParams.set("include_granted_scopes", "true");
          if (request.account !== undefined) url.searchParams.set("login_hint", request.account);
          return url;
        },
      },
      acceptsScope: (scope) =>
        /^https:\/\/(www\.googleapis\.com\/auth\/[a-z._-]{1,80}|mail\.google\.com\/)$/.test(scope),
      async identify(tokens) {
        const url = `${api ?? "https://www.googleapis.com"}/oauth2/v2/userinfo`;
        const ask = askWithin({ fetch: settings.fetch, title: "Google" });
        return UserInfo.parse(await ask("userinfo", { url, headers: bearerHeaders(tokens) }));
      },
      tools: [...gmailTools, ...calendarTools, ...driveTools],
      apiUrl: (path) => new URL((api ?? hostOf(path)) + path),
      apiHosts: [...new Set(["/", "/gmail/"].map((path) => new URL(api ?? hostOf(path)).host))],
      apiHeaders: { Accept: "application/json" },
      proxyHeaders: [
        "X-Goog-FieldMask",
        "X-Goog-Upload-*",
        "X-Goog-User-Project",
        "X-Upload-Content-*",
      ],
      authorize: bearer,
      apiError,
    };
  },
};

function hostOf(path: string): string {
  return /^\/(upload\/)?gmail\//.test(path)
    ? "https://gmail.googleapis.com"
    : "https://www.googleapis.com";
}

const ErrorBody = z.object({
  error: z.object({
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

/** https://cloud.google.com/apis/design/errors, https://developers.google.com/gmail/api/guides/handle-errors */
function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  const parsed = ErrorBody.safeParse(body);
  const said = shorten(oneLine(parsed.success ? parsed.data.error.message ?? "" : ""), MAX_SAID);
  const reasons = parsed.success ? (parsed.data.error.errors ?? []).map((e) => e.reason ?? "") : [];
  if (
    status === 429 ||
    (status === 403 &&
      reasons.some((r) => /rateLimitExceeded|quotaExceeded$/i.test(r) && !/storage/i.test(r)))
  ) {
    const retryAfter = parseRetryAfter(headers) ?? 60;
    return { kind: "rate_limited", message: "Google asks to slow down.", retryAfter };
  }
  if (status === 403 && reasons.includes("appNotAuthorizedToFile")) {
    const message =
      "Google Drive was not given permission to change files that were made elsewhere.";
    return { kind: "missing_scope", message, scopes: [`${AUTH}drive`] };
  }
  switch (status) {
    case 401:
      return { kind: "unauthorized", message: "Google no longer accepts the sign-in." };
    case 403:
      return { kind: "forbidden", message: `Google does not allow this. ${said}`.trim() };
    case 404:
    case 410:
      return { kind: "not_found", message: "Google did not find this." };
    case 400:
    case 409:
    case 412:
      return { kind: "invalid", message: `Google did not accept the request. ${said}`.trim() };
    default:
      return { kind: "unavailable", message: "Google is not answering properly at the moment." };
  }
}
