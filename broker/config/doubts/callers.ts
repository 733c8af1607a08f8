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
import { digestHex } from "../../core/secrets.ts";
import { takenNames } from "../names.ts";
import { isGuessed } from "../values.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** SHA-256 of nothing: the variable that was hashed was not set. */
const OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** Of the playground's key, which the README names. */
const OF_PLAYGROUND = "ea323e534ca0f365953d66367d6b31699c754ec2e755b2678f50444a548d19d8";
/** Whoever has an address there is nobody in particular. */
const EVERYBODYS =
  /@((gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|aol|gmx|proton|protonmail|yandex|zoho|fastmail|hey|tutanota|t-online|freenet|orange|laposte|libero|naver|hanmail|qq|163|126|yeah|sina|foxmail)\.[a-z.]{2,6}|(me|mac|mail|pm|web|ya)\.(com|me|ru|de))$/i;
/** RFC 2606: nobody has an address there. */
const EXAMPLE = /@(.+\.)?(example(\.(com|net|org))?|test|invalid)$/i;
/** In `.env.example`'s words: it is somebody's. */
const OF_EXAMPLE = "me@gmail.com";
/** Under these everybody registers names of their own. */
const NO_DOMAIN = /@([a-z-]+|(co|com|net|org|ac|gov|edu|or|ne)\.[a-z]{2})$/i;
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
    if (isGuessed(sha256)) {
      const found =
        `the digest of ${realm} is none of any key, but the same few digits over and over.`;
      doubts.push(doubt(found, `Make a key: \`deno task key ${realm}\`.`, true));
    } else if (isWord(hex, realm)) {
      const found = `the key of ${realm} is a word that anybody guesses.`;
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

/** What people write in the place of a key until they have one, with a line break as `echo` adds it. */
const WORDS =
  "password passwd secret changeme change-me key apikey api-key api_key token test dev demo example " +
  "admin root 12345678 123456789 switchboard your-api-key your_api_key my-api-key my-secret-key x";

function isWord(hex: string, realm: string): boolean {
  const words = ["", realm, `${realm}-key`, `${realm}-secret`, ...WORDS.split(" ")];
  return words.some((word) =>
    (word !== "" && digestHex(word) === hex) || digestHex(`${word}\n`) === hex
  );
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
  const says = (found: string, cure: string, isFault: boolean) =>
    doubts.push({ variable: "SIGN_IN_ALLOW", found, cure, isFault });
  const named = (patterns: string[]) => patterns.map((pattern) => `"${pattern}"`).join(", ");
  const nobodys = signInAllow.filter((one) => one.startsWith("*@") && NO_DOMAIN.test(one));
  if (nobodys.length > 0) {
    says(
      `has ${named(nobodys)}, which is nobody's domain, and domains below one do not count.`,
      "Write the whole of what stands behind the @: *@acme.co.uk.",
      true,
    );
  }
  const examples = signInAllow.filter((one) => one.startsWith("*@") && EXAMPLE.test(one));
  if (examples.length > 0) {
    says(`has ${named(examples)}, of the example: nobody.`, "Name your own domain.", false);
  }
  if (signInAllow.includes(OF_EXAMPLE)) {
    says("has the example's address, which is a stranger's.", "Take it out.", true);
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
