/**
 * Scopes that providers look into before just anybody may grant them. Nobody is
 * asked: what an app was allowed is shown to its owner alone.
 *
 * @module
 */

import { unique } from "../../broker/core/lists.ts";
import type { Provider } from "../../providers/provider.ts";
import { type Finding, findingsAbout } from "./finding.ts";
import type { SetUp } from "./redirects.ts";

const { note } = findingsAbout("scopes");

/**
 * https://support.google.com/cloud/answer/13464325 and
 * https://developers.google.com/identity/protocols/oauth2/production-readiness/restricted-scope-verification
 */
const RESTRICTED =
  /^https:\/\/mail\.google\.com\/$|\/auth\/(gmail\.(readonly|compose|insert|modify|metadata|settings\.\w+)|drive(\.(readonly|activity|activity\.readonly|metadata|metadata\.readonly|scripts))?)$/;
const SENSITIVE = /\/auth\/(gmail\.send|calendar(\.\w+)*|contacts(\.\w+)*|spreadsheets|documents)$/;

/** What people of other providers stumble over; see the README, "Configuration". */
const OTHERS: [provider: string, found: string, cure: string][] = [
  [
    "slack",
    "the app needs its user token scopes set, and outside Slack's Marketplace reads once a minute.",
    "Add the scopes of the README, under User Token Scopes, and install the app anew.",
  ],
  [
    "asana",
    'the app needs "Full permissions", or links with scope=asana.tasks.',
    "Choose it in the app's OAuth settings.",
  ],
  [
    "github",
    "organizations may keep OAuth apps out until an owner approves them.",
    "An owner approves it under the organization's Third-party access.",
  ],
];

/** Pure. An emulator looks into nothing. */
export function scopeFindings(setUps: Pick<SetUp, "provider" | "baseUrl">[]): Finding[] {
  return setUps.filter(({ baseUrl }) => baseUrl === undefined).flatMap(({ provider }) => {
    if (provider.name === "google") return googleFindings(provider);
    return OTHERS.filter(([name]) => name === provider.name).map(([name, found, cure]) =>
      note(`${name}: ${found}`, cure)
    );
  });
}

function googleFindings({ services, knownEnds }: Provider): Finding[] {
  const all = unique(services.flatMap(({ scopes, moreScopes = [] }) => [...scopes, ...moreScopes]));
  const short = (scopes: string[]) => scopes.map((scope) => scope.replace(/^.*\/auth\//, ""));
  const restricted = short(all.filter((scope) => RESTRICTED.test(scope)));
  const sensitive = short(all.filter((scope) => SENSITIVE.test(scope)));
  return [
    knownEnds?.max?.reason === "test_mode"
      ? note(
        "google: is in test mode, by GOOGLE_TESTING: each connection ends 7 days after the sign-in, " +
          "and its app is told a day ahead.",
        "Once it is published (Audience, in the Google Cloud console), take GOOGLE_TESTING out.",
      )
      : note(
        "google: an app in test mode lets in its test users alone, and Google ends each of their " +
          "connections after 7 days.",
        "Publish it (Audience, in the Google Cloud console), or make it internal to your " +
          "Workspace. Until then set GOOGLE_TESTING=on, so that apps are told ahead.",
      ),
    ...(restricted.length + sensitive.length === 0 ? [] : [note(
      `google: restricted scopes are ${restricted.join(", ") || "none"}, sensitive ones ` +
        `${
          sensitive.join(", ") || "none"
        }: published without Google's review, it warns people, and ` +
        "100 of them can connect in all.",
      "Ask for verification before others use it; restricted ones need a security assessment each " +
        "year. Internal apps need neither.",
    )]),
  ];
}
