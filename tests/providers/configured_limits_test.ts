/** Every member of an entry in `PROVIDERS` has its limits, and is taken up to there. */

import { assert, assertMatch, assertThrows } from "@std/assert";
import { LONGEST_NAME } from "../../broker/core/shown_name.ts";
import { parseProviderSpecs } from "../../providers/configured.ts";

const BASE = { name: "acme" };
const ADDRESS = "https://acme.example/x";
const OAUTH = { ...BASE, authorization_endpoint: ADDRESS, token_endpoint: ADDRESS };
const CLIENT = {
  ...BASE,
  credential: "client_credentials",
  client_page: ADDRESS,
  token_endpoint: ADDRESS,
};
const KEY = { ...BASE, credential: "api_key", key_page: ADDRESS, verify_endpoint: ADDRESS };

const text = (length: number) => "x".repeat(length);
const list = <T>(count: number, of: T) => Array.from({ length: count }, () => of);
const record = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, value]));

/** Where it stands, a member's values that are taken, and those that are not. */
type Limit = [entry: object, member: string, taken: unknown[], beyond: unknown[]];

/** A text of so many characters; `as`: where it stands in its member. */
function texts(
  entry: object,
  member: string,
  longest: number | undefined,
  { shortest = 1, as = (value: string): unknown => value } = {},
): Limit {
  const last = longest === undefined ? [] : [as(text(longest))];
  const beyond = longest === undefined ? [] : [as(text(longest + 1))];
  const least = shortest === 0 ? [""] : [text(shortest)];
  const less = shortest === 0 ? [] : [text(shortest - 1)];
  return [entry, member, [...last, ...least.map(as)], [...beyond, ...less.map(as)]];
}

const inList = (value: string) => [value];
const inRecord = (value: string) => ({ m: value });
const service = (more: object) => [{ name: "acme_mail", scopes: ["mail"], ...more }];
const grant = (more: object) => [{ member: "error", equals: "over", ...more }];

const LIMITS: Limit[] = [
  texts(OAUTH, "title", 80),
  texts(OAUTH, "scopes", undefined, { as: inList }),
  texts(OAUTH, "identity_scopes", undefined, { as: inList }),
  texts(OAUTH, "scope_separator", 3),
  [OAUTH, "dead_grants", [
    grant({}),
    list(20, grant({})[0]),
    ...[400, 499].map((status) => grant({ status })),
  ], [
    list(21, grant({})[0]),
    ...[399, 500, 400.5].map((status) => grant({ status })),
    [{ member: "error" }],
  ]],
  ...["member", "equals", "contains"].map((part) =>
    texts(OAUTH, "dead_grants", 200, { as: (value) => grant({ [part]: value }) })
  ),
  texts(OAUTH, "userinfo_body", 2000, { shortest: 0 }),
  [OAUTH, "callback_extra", [list(1, "a")], [["1a"], [text(65)], list(1_000, "a")]],
  [OAUTH, "extra", [record(1, "a")], [record(1_000, "a"), { "1a": "a" }]],
  texts(OAUTH, "extra", 200, { as: inRecord }),
  texts(OAUTH, "userinfo_extra", 200, { as: inRecord }),
  [OAUTH, "hosts", [list(50, "acme.example")], [list(51, "acme.example"), ["*.com"], ["a/b"]]],
  texts(OAUTH, "scope_prefix", 200),
  [OAUTH, "proxy_headers", [list(50, "Acme-Version")], [list(51, "Acme-Version")]],
  [OAUTH, "services", [service({})], [
    service({ scopes: [] }),
    service({ scopes: list(51, "mail") }),
    service({ more_scopes: list(201, "mail") }),
    list(21, 0).map((_, at) => ({ name: `acme_${at}`, scopes: ["mail"] })),
  ]],
  texts(OAUTH, "services", 80, { as: (title) => service({ title }) }),
  texts(OAUTH, "services", 200, { as: (scope) => service({ scopes: [scope] }) }),
  texts(OAUTH, "services", 200, { as: (scope) => service({ more_scopes: [scope] }) }),
  ...[CLIENT, KEY].flatMap((entry): Limit[] => [
    texts(entry, "title", 80),
    [entry, "proxy_headers", [list(50, "Acme-Version")], [list(51, "Acme-Version")]],
  ]),
  texts(CLIENT, "client_how", LONGEST_NAME, { shortest: 0 }),
  texts(CLIENT, "grant_type", 200),
  texts(CLIENT, "token_parameters", 500, { as: (audience) => ({ audience }) }),
  [CLIENT, "token_parameters", [{ audience: "a" }], [
    ...["grant_type", "client_id", "client_secret", "scope", "Audience"].map((name) => ({
      [name]: "a",
    })),
  ]],
  texts(CLIENT, "scopes", undefined, { as: inList }),
  texts(CLIENT, "scope_separator", 3),
  [CLIENT, "hosts", [list(50, "acme.example")], [list(51, "acme.example")]],
  texts(KEY, "key_how", LONGEST_NAME, { shortest: 0 }),
  texts(KEY, "key_pattern", 200),
  [KEY, "key_pattern", ["[a-z]+"], ["[a-z"]],
];

/** Members that stand for a place in an address. */
const PLACED = { ...OAUTH, api_url: "https://{shop}.acme.example/", hosts: ["*.acme.example"] };
const param = (more: object) => ({ shop: { title: "Shop", pattern: "[a-z]+", ...more } });
const TENANTS = { ...OAUTH, userinfo_endpoint: ADDRESS, api_url: "https://acme.example/{site}/" };
const tenants = (more: object) => ({ name: "site", ...more });

LIMITS.push(
  texts(PLACED, "params", 80, { as: (title) => param({ title }) }),
  texts(PLACED, "params", 500, { as: (pattern) => param({ pattern }) }),
  [PLACED, "params", [param({})], [param({ pattern: "[a-z" })]],
  ...["list", "usual", "id", "label"].map((part) =>
    texts(TENANTS, "tenants", 200, { as: (value) => tenants({ [part]: value }) })
  ),
  texts(TENANTS, "tenants", 200, {
    shortest: 0,
    as: (value) => tenants({ only: { kind: value } }),
  }),
  [TENANTS, "tenants", [tenants({ header: "Acme-Site" })], [
    ...["Content-Site", "Sec-Site", "Acmesite", `Acme-${text(60)}`].map((header) =>
      tenants({ header })
    ),
  ]],
);

Deno.test("each member of an entry is taken up to its limit, and named where it is beyond", () => {
  for (const [entry, member, taken, beyond] of LIMITS) {
    const parse = (value: unknown) =>
      parseProviderSpecs(JSON.stringify([{ ...entry, [member]: value }]), []);
    for (const value of taken) {
      try {
        parse(value);
      } catch (error) {
        const said = (error as Error).message;
        assert(false, `${member} ${JSON.stringify(value).slice(0, 60)}: ${said}`);
      }
    }
    for (const value of beyond) {
      const { message } = assertThrows(() => parse(value), TypeError);
      assertMatch(message, RegExp(member), JSON.stringify(value).slice(0, 60));
    }
  }
});

Deno.test("entries are a list, and each name is taken once", () => {
  for (const wrong of ["{", "{}", "null", '"x"', "7"]) {
    assertThrows(() => parseProviderSpecs(wrong, []), TypeError);
  }
  const mail = service({});
  const entries: [entries: object[], taken: string[]][] = [
    [[OAUTH], ["acme"]],
    [[OAUTH, OAUTH], []],
    [[{ ...OAUTH, services: mail }], ["acme_mail"]],
    [[{ ...OAUTH, services: service({ name: "acme" }) }], []],
  ];
  for (const [given, taken] of entries) {
    const parse = () => parseProviderSpecs(JSON.stringify(given), taken);
    assertMatch(assertThrows(parse, TypeError).message, /the name is taken/);
  }
});
