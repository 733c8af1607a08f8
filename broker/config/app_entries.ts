/**
 * What an app may be, as `APPS` says it and as an operator sets it in the
 * console: one schema for both.
 *
 * @module
 */

import { z } from "zod";
import { parseUrl } from "../core/addresses.ts";
import { LONGEST_RETURN_TO } from "../core/api_key.ts";
import { type LogoRef, logoRefOf } from "../core/app_face.ts";
import { issueWords } from "../core/issue_words.ts";
import { once } from "../core/lazily.ts";
import { APP_LIMITS } from "../core/limits.ts";
import { bytesOfBase64 } from "../core/random_secret.ts";
import { SETTINGS_LIMITS } from "../core/settings.ts";
import { LONGEST_NAME, shownName } from "../core/shown_name.ts";
import { REALM } from "../core/subject.ts";
import { type ConfiguredApp, LOGO_RULE } from "./apps.ts";
import { appLimit } from "./limits.ts";
import { type Context, fault, ofJson } from "./readers.ts";
import { pinnedTool, returnUrl, toolPattern } from "./values.ts";

/** The longest address of a page, in characters. */
const LONGEST_URL = 2000;

function name(text: string, context: Context): string {
  if (text.length > 2 * LONGEST_NAME || shownName(text, "") === "") {
    return fault(context, `must be a name of at most ${LONGEST_NAME} characters`);
  }
  return shownName(text, "");
}

function pageUrl(text: string, context: Context): string {
  const url = parseUrl(text);
  const isPage = url?.protocol === "https:" && url.username === "" && url.password === "";
  if (!isPage || text.length > LONGEST_URL) return fault(context, "must be an https URL");
  return url.href;
}

function returnAddress(text: string, context: Context): string {
  if (text.length <= LONGEST_RETURN_TO) return returnUrl(text, context);
  return fault(context, `is longer than ${LONGEST_RETURN_TO} characters`);
}

/** What the name of a service or a provider looks like. */
const SERVICE = /^[a-z][a-z0-9_-]{0,63}$/;

const members = once(() => ({
  name: z.string().transform(name).optional(),
  operator: z.string().transform(name).optional(),
  privacyUrl: z.string().transform(pageUrl).optional(),
  returnUrls: z.array(z.string().transform(returnAddress)).max(SETTINGS_LIMITS.returnUrls)
    .optional(),
  tools: z.array(z.string().transform(pinnedTool)).max(SETTINGS_LIMITS.tools).optional(),
  returnTo: z.string().transform(returnAddress).optional(),
  handOffOnly: z.boolean().optional(),
  services: z.array(z.string().regex(SERVICE, "must be names of services or providers"))
    .max(SETTINGS_LIMITS.services).optional(),
}));

/** What an operator may set of an app in the console, but for its picture. */
export const AppParts = once(() => z.strictObject(members()));

/** The same as `APPS` has it. */
const EnvApp = once(() => {
  const { name, operator, privacyUrl, returnUrls } = members();
  return z.strictObject({
    name,
    operator,
    privacy: privacyUrl,
    logo: z.string().transform(picture).optional(),
    return_urls: returnUrls,
    tools: z.array(z.string().transform(toolPattern)).max(SETTINGS_LIMITS.tools).optional(),
    deny_tools: z.array(z.string().transform(toolPattern)).max(SETTINGS_LIMITS.tools).optional(),
    read_only: z.boolean().optional(),
    limits: z.partialRecord(z.enum(APP_LIMITS), z.string().transform(appLimit)).optional(),
  });
});

/** A `data:` URI: what a program fetches from elsewhere at its start may be gone then. */
function picture(
  text: string,
  context: Context,
): { ref: LogoRef; bytes: Uint8Array<ArrayBuffer> } {
  const [, base64] = /^data:image\/(?:png|jpeg|webp);base64,([A-Za-z0-9+/]{1,65536}={0,2})$/
    .exec(text) ?? [];
  if (base64 === undefined) return fault(context, `${LOGO_RULE}, as a data: URI in base64`);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = bytesOfBase64(base64);
  } catch {
    return fault(context, "is not base64");
  }
  const ref = logoRefOf(bytes);
  return ref === undefined ? fault(context, LOGO_RULE) : { ref, bytes };
}

/** `{"voice": {"name": "Voice", "operator": "Example Inc.", "privacy": "https://…"}}` */
export const envApps = ofJson((json, context): ConfiguredApp[] => {
  const result = z.record(z.string(), EnvApp()).safeParse(json);
  if (!result.success) {
    const known = Object.keys(EnvApp().shape);
    return fault(context, result.error.issues.map((issue) => issueWords(issue, known)).join("; "));
  }
  return Object.entries(result.data).map(([realm, app]) => {
    // Not quoted: somebody may have put a key here.
    if (!REALM.test(realm)) return fault(context, "a member is not the name of an API key");
    const { name, operator, privacy, logo, return_urls, limits, ...named } = app;
    const face = { name, operator, privacyUrl: privacy, logo: logo?.ref };
    return {
      realm,
      ...face,
      returnUrls: return_urls,
      ...toolsOf(named),
      limits,
      picture: logo?.bytes,
    };
  });
});

/** Tools that are all named stay a list of names, which others can be compared with. */
function toolsOf(
  { tools, deny_tools: deny, read_only: readOnly }: {
    tools?: string[] | undefined;
    deny_tools?: string[] | undefined;
    read_only?: boolean | undefined;
  },
): Pick<ConfiguredApp, "tools" | "policy"> {
  const isNamed = tools?.every((tool) => !tool.includes("*")) ?? true;
  const allow = isNamed ? undefined : tools;
  const isLimited = allow !== undefined || deny !== undefined || readOnly === true;
  return {
    tools: isNamed ? tools : undefined,
    policy: isLimited ? { allow, deny, readOnly } : undefined,
  };
}
