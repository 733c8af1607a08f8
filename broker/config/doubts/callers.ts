/**
 * Who may call, sign in and change settings, and whether anybody can.
 *
 * @module
 */

import { OIDC } from "../../core/oidc.ts";
import { isLoopback } from "../../core/addresses.ts";
import { OPERATOR } from "../../core/events.ts";
import { nearest } from "../../core/near.ts";
import { hexOfBytes } from "../../core/random_secret.ts";
import { takenNames } from "../names.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** SHA-256 of nothing: the variable that was hashed was not set. */
const OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** Of the playground's key, which the README names. */
const OF_PLAYGROUND = "ea323e534ca0f365953d66367d6b31699c754ec2e755b2678f50444a548d19d8";
/** Whoever has an address there is nobody in particular. */
const EVERYBODYS =
  /@(gmail|googlemail|outlook|hotmail|live|yahoo|icloud|gmx|proton|protonmail)\.[a-z.]{2,6}$/i;
/** What a service is called; anything else may be a secret that was pasted. */
const WORD = /^[a-z][a-z0-9_-]{0,31}$/;

/** Doubts about callers. */
export function callerDoubts(doubted: Doubted): Doubt[] {
  return [
    ...nobody(doubted),
    ...keys(doubted),
    ...receivers(doubted),
    ...signIn(doubted),
    ...operators(doubted),
  ];
}

function nobody({ config }: Doubted): Doubt[] {
  const { apiKeys, signInAllow, operators } = config;
  if (apiKeys.length > 0) return [];
  const isNobody = signInAllow.length === 0 && operators.length === 0;
  return [{
    variable: "API_KEYS",
    found: isNobody
      ? "is not set, and neither are SIGN_IN_ALLOW and OPERATORS: nobody may call, or sign in."
      : "is not set: no backend may call, only people who sign in.",
    cure: "`deno task key voice` makes a key for the backend voice, and prints its line.",
    isFault: isNobody,
    byConsole: true,
  }];
}

function keys({ config, known }: Doubted): Doubt[] {
  const { apiKeys, providers, upstreams } = config;
  const there = new Set([
    ...known.filter(({ name }) => providers.has(name)).flatMap((
      one,
    ) => [one.name, ...one.services]),
    ...upstreams.map(({ name }) => name),
  ]);
  const all = new Set([...takenNames(known), ...there]);
  const doubt = (found: string, cure: string, isFault: boolean): Doubt => ({
    ...{ variable: "API_KEYS", found, cure, isFault, byConsole: true },
  });
  const doubts: Doubt[] = [];
  const realms = new Map<string, string>();
  for (const { realm, services, sha256 } of apiKeys) {
    const hex = hexOfBytes(sha256);
    const other = realms.get(hex);
    realms.set(hex, realm);
    if (other !== undefined) {
      const found = `${other} and ${realm} are one and the same key, and so only one of the two.`;
      doubts.push(doubt(found, "Make a key for each: `deno task key <name>`.", true));
    }
    if (hex === OF_NOTHING) {
      const found = `the digest of ${realm} is that of an empty text.`;
      doubts.push(doubt(found, `Make a key: \`deno task key ${realm}\`.`, true));
    }
    if (hex === OF_PLAYGROUND && !isLoopback(new URL(config.publicUrl).hostname)) {
      const found = `${realm} is the playground's key, which everybody knows.`;
      doubts.push(doubt(found, `Make a key: \`deno task key ${realm}\`.`, true));
    }
    if (services === undefined) continue;
    for (const service of services.filter((service) => !all.has(service))) {
      const shown = WORD.test(service) ? `"${service}"` : "a word";
      const near = nearest(service, all);
      doubts.push(doubt(
        `${realm} is limited to ${shown}, and there is no such service.`,
        near === undefined
          ? `Known are services, providers and MCP servers.`
          : `Did you mean "${near}"?`,
        true,
      ));
    }
    const absent = services.filter((service) => all.has(service) && !there.has(service));
    if (absent.length === 0) continue;
    doubts.push(doubt(
      `${realm} is for ${absent.join(", ")}, not set up here.`,
      "Set the provider's client id and secret, or take the name out.",
      absent.length === services.length,
    ));
  }
  return doubts;
}

/** Of an app that is not there nothing happens, and nobody would hear of a name that was misspelt. */
function receivers({ config: { events, apiKeys } }: Doubted): Doubt[] {
  const realms = apiKeys.map(({ realm }) => realm);
  return events.filter(({ name }) => name !== OPERATOR && !realms.includes(name)).map(
    ({ name }) => {
      const near = nearest(name, new Set(realms));
      return {
        variable: "EVENTS",
        found: `has a receiver for ${name}, and no API key is called so.`,
        cure: near === undefined
          ? `Make a key: \`deno task key ${name}\`.`
          : `Did you mean "${near}"?`,
        isFault: false,
        byConsole: true,
      };
    },
  );
}

function signIn({ config, known }: Doubted): Doubt[] {
  const { signInAllow, providers } = config;
  if (signInAllow.length === 0) return [];
  const doubts: Doubt[] = [];
  const can = known.filter(({ signsIn }) => signsIn === true).map(({ name }) => name);
  if (config.oidc === undefined && !can.some((name) => providers.has(name))) {
    doubts.push({
      variable: "SIGN_IN_ALLOW",
      found: "lets people in, and no provider is set up that anybody signs in with.",
      cure: `Set the client id and secret of one of these: ${can.join(", ")}; or OIDC_ISSUER.`,
      isFault: true,
      byConsole: true,
    });
  }
  const open = signInAllow.filter((pattern) =>
    pattern === "*" || /^\*/.test(pattern) && EVERYBODYS.test(pattern)
  );
  if (open.length > 0) {
    doubts.push({
      variable: "SIGN_IN_ALLOW",
      found: `has ${
        open.map((pattern) => `"${pattern}"`).join(", ")
      }: anybody in the world may sign in.`,
      cure: "Name addresses, or a domain of your own: *@example.com.",
      isFault: false,
    });
  }
  return doubts;
}

function operators({ config, known }: Doubted): Doubt[] {
  const names = [...new Set(config.operators.map(({ provider }) => provider))];
  const doubts = names.flatMap((name): Doubt[] => {
    if (name === OIDC && config.oidc !== undefined) return [];
    const provider = known.find((one) => one.name === name);
    if (provider?.signsIn !== true) {
      const can = known.filter(({ signsIn }) => signsIn === true).map((one) => one.name);
      return [{
        variable: "OPERATORS",
        found: `names people by ${name}, with which nobody signs in.`,
        cure: `Name them by one of these: ${can.join(", ")}.`,
        isFault: true,
      }];
    }
    if (config.providers.has(name)) return [];
    return [{
      variable: "OPERATORS",
      found: `names people by ${name}, which is not set up: they cannot sign in.`,
      cure: `Set the client id and secret of ${name}.`,
      isFault: true,
      byConsole: true,
    }];
  });
  if (names.length > 0) return doubts;
  return [{
    variable: "OPERATORS",
    found: "is not set: the console is closed to everybody.",
    cure: "Name who runs it, as google:me@example.com, or run `deno task admin setup`.",
    isFault: false,
    byConsole: true,
  }];
}
