/**
 * Clients of providers: what stands where an id or a secret should, and is
 * something else of the same console. Nothing of a value is repeated.
 *
 * @module
 */

import { lookUp } from "../../core/lists.ts";
import { variable } from "../../core/variable.ts";
import type { ProviderConfig } from "../providers.ts";
import type { Doubt } from "./doubt.ts";

type Look = [looks: RegExp, found: string, cure: string];

const COPY = "Copy it anew from where the app was registered";
/** In any secret. */
const SECRETS: Look[] = [
  [
    /[*\u2022]{4,}|\.{3}$|\u2026$/,
    "is masked, as pages show secrets.",
    `${COPY}, or make a new one.`,
  ],
  [/^\s*\{/, "is a whole file of JSON.", "Set its client_secret alone."],
  [/^-----BEGIN/, "is a private key.", `${COPY}: the client secret is a short text.`],
];
/** As they look there (seen November 2026). */
const IDS: Record<string, Look[]> = {
  github: [
    [/^\d+$/, "is the app's number (App ID), not its client id.", "It begins with Ov23 or Iv."],
  ],
  google: [[
    /^(?!.*\.apps\.googleusercontent\.com$)/,
    "is no client id of Google's: these end in .apps.googleusercontent.com.",
    'Copy it whole, of an OAuth client of the kind "Web application".',
  ]],
  slack: [[/^A[0-9A-Z]{8,}$/, "is the app's id (App ID), not its client id.", "It is 123.456."]],
};
const OF_PROVIDERS: Record<string, Look[]> = {
  github: [[
    /^(gh[pousr]_|github_pat_)/,
    "is a token of GitHub's, not a client secret.",
    `${COPY}: it is 40 characters.`,
  ]],
  google: [[/^AIza/, "is an API key of Google's, not a client secret.", `${COPY}.`]],
  slack: [[/^xox|^xapp-/, "is a token of Slack's, not a client secret.", `${COPY}: it is in hex.`]],
  linear: [[/^lin_/, "is a key of Linear's API, not a client secret.", `${COPY}.`]],
};
/** Whose ids look like nothing else. */
const OWNERS: [owner: string, RegExp][] = [
  ["google", /\.apps\.googleusercontent\.com$/],
  ["github", /^(Ov23|Iv23|Iv1\.)/],
];

/** Doubts about all of them; those at addresses of the operator's own may look as they like. */
export function pastedDoubts(providers: ReadonlyMap<string, ProviderConfig>): Doubt[] {
  const real = [...providers].filter(([, { baseUrl, clientId }]) =>
    baseUrl === undefined && clientId !== ""
  );
  return [...real.flatMap(([name, client]) => lookDoubts(name, client)), ...twice(real)];
}

function lookDoubts(name: string, { clientId, clientSecret }: ProviderConfig): Doubt[] {
  const [id, secret] = [variable(name, "CLIENT_ID"), variable(name, "CLIENT_SECRET")];
  const owner = OWNERS.find(([, looks]) => looks.test(clientId))?.[0];
  if (owner !== undefined && owner !== name && !name.startsWith(`${owner}_`)) {
    const found = `is a client id of ${owner}'s.`;
    return [{ variable: id, found, cure: `Set that of ${name}.`, isFault: true }];
  }
  const first = (each: string, text: string, looks: Look[]): Doubt[] => {
    const look = looks.find(([pattern]) => pattern.test(text));
    return look === undefined
      ? []
      : [{ variable: each, found: look[1], cure: look[2], isFault: true }];
  };
  return [
    ...first(id, clientId, lookUp(IDS, name) ?? []),
    ...first(secret, clientSecret, [...lookUp(OF_PROVIDERS, name) ?? [], ...SECRETS]),
  ];
}

/** No two providers give out the same secret. */
function twice(providers: [string, ProviderConfig][]): Doubt[] {
  const owners = new Map<string, string>();
  return providers.flatMap(([name, { clientSecret }]) => {
    if (clientSecret === "") return [];
    const first = owners.get(clientSecret);
    owners.set(clientSecret, first ?? name);
    // A GitHub App is a client of its own, and may be set as both.
    if (first === undefined || name.startsWith(first) || first.startsWith(name)) return [];
    const each = variable(name, "CLIENT_SECRET");
    const found = `is the same as ${variable(first, "CLIENT_SECRET")}.`;
    return [{ variable: each, found, cure: `Copy that of ${name}.`, isFault: true }];
  });
}
