/**
 * What stands in front of a running gateway, and does to requests what a proxy
 * does that is set up for pages: keeps long bodies and rare methods out, answers
 * from a cache or with pages of its own, asks for a login, hides who calls.
 *
 * @module
 */

import { type Finding, findingsAbout } from "./finding.ts";
import { type PublicLook, type Read, read } from "./asking.ts";

const WHAT = "public URL";
const { fault, note } = findingsAbout(WHAT);
/** The gateway takes 1 MiB at `/mcp`, as nginx does unless it is told otherwise. */
const LONG_BODY = 1_000_000;
/** RFC 5737: nobody has it, and no proxy. */
const NOBODYS_ADDRESS = "203.0.113.77";
const UNKNOWN = { Authorization: "Bearer switchboard-doctor-made-this-up" };
const JSON_TYPE = { "Content-Type": "application/json" };
const PASS_ON = "Let the proxy in front pass on all paths, methods and answers as they are.";

/** All of it; `first`: of an answer of `/health`. */
export async function wayFindings(look: PublicLook, first: Headers): Promise<Finding[]> {
  const all = await Promise.all([
    callers(look, first),
    longBody(look),
    arrives(look, "POST", "/oauth/token", "MCP clients cannot sign in"),
    arrives(look, "DELETE", "/connections/switchboard-doctor", "backends cannot disconnect"),
  ]);
  return [...cached(first), ...all.flat()];
}

/** Whether one address stands for all callers, or a caller says its own. */
async function callers(look: PublicLook, first: Headers): Promise<Finding[]> {
  const { header = "x-forwarded-for" } = look.proxies ?? {};
  const init = { headers: { "X-Forwarded-For": NOBODYS_ADDRESS, [header]: NOBODYS_ADDRESS } };
  const { json } = await read(look, `/health?caller=${NOBODYS_ADDRESS}`, init);
  const isSeen = look.url.startsWith("https:") || first.has("Via") || PROXIES.test(serverOf(first));
  switch (json?.caller) {
    case "proxy":
      return [{ what: WHAT, state: "ok", found: "who calls is told apart, by the proxy's word." }];
    case "said":
      return [fault(
        "who calls can say any address, and limits hold for nobody: the proxy passes on what " +
          "callers say in the header, or TRUSTED_PROXIES trusts the callers, too.",
        "nginx: `proxy_set_header X-Forwarded-For $remote_addr;`. Only the proxy's own addresses " +
          "belong in TRUSTED_PROXIES; where nothing stands in front, leave it unset.",
      )];
    case "unlisted":
      return [fault(
        "all callers count as one: they come from a private address that TRUSTED_PROXIES lacks.",
        "Add the address from which the proxy connects: 127.0.0.1,::1 on this machine, the " +
          "network of its container, such as 172.16.0.0/12, or that of the load balancer.",
      )];
    case "unnamed":
      return [fault(
        "all callers count as one: the proxy does not say who calls.",
        "nginx: `proxy_set_header X-Forwarded-For $remote_addr;`. Where it says so in another " +
          "header, name that in TRUSTED_PROXY_HEADER.",
      )];
    case "private":
      // By the gateway's own variables that is told already.
      return !isSeen || look.proxies !== undefined ? [] : [note(
        "all callers count as one: a proxy stands in front, and TRUSTED_PROXIES is not set.",
        "Set it to the address from which the proxy connects.",
      )];
    case "connection":
      return look.proxies !== undefined || !PROXIES.test(serverOf(first)) ? [] : [note(
        "callers are told apart by the address that connects, which may be the proxy's.",
        "Set TRUSTED_PROXIES of the gateway to the proxy's addresses.",
      )];
    default:
      return [];
  }
}

const PROXIES = /nginx|openresty|caddy|cloudflare|cloudfront|envoy|traefik|haproxy|apache|awselb/i;

function serverOf(headers: Headers): string {
  return headers.get("Server") ?? "";
}

async function longBody(look: PublicLook): Promise<Finding[]> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", x: "x".repeat(LONG_BODY) });
  const headers = { ...UNKNOWN, ...JSON_TYPE };
  const { status, json } = await read(look, "/mcp", { method: "POST", headers, body });
  return status !== 413 || json?.error !== undefined ? [] : [fault(
    "the proxy in front takes no bodies of 1 MB (status 413), and the gateway does.",
    "Let it take more (nginx: `client_max_body_size 0;`): the gateway has limits of its own.",
  )];
}

/** To whom nobody is, the gateway says what is wrong in JSON. */
async function arrives(
  look: PublicLook,
  method: string,
  path: string,
  so: string,
): Promise<Finding[]> {
  const { status, json } = await read(look, path, { method });
  const isKept = [403, 404, 405, 501].includes(status) || status >= 300 && status < 400;
  return typeof json?.error === "string" || !isKept
    ? []
    : [fault(`${method} ${path} does not arrive (status ${status}): ${so}.`, PASS_ON)];
}

/** The program says of it that nobody may keep it. */
function cached(headers: Headers): Finding[] {
  return isCached(headers)
    ? [fault(
      "/health comes out of a cache: what people and clients get may be another's, or old.",
      "Keep nothing whose answer says no-store; cache no host of this program.",
    )]
    : [];
}

/** Whether an answer was kept by something on the way (RFC 9111 §5.1, and what caches say). */
export function isCached(headers: Headers): boolean {
  const said = ["X-Cache", "CF-Cache-Status", "X-Cache-Status", "X-Proxy-Cache"]
    .map((name) => headers.get(name) ?? "").join(" ");
  return Number(headers.get("Age") ?? 0) > 0 || /\bhit\b/i.test(said);
}

/** Whoever answers in the gateway's place, where it shows; of no answer more is repeated. */
export function blockade({ status, headers }: Read, url: string): Finding | undefined {
  const pass = "Providers, MCP clients and backends cannot pass it: let this host through without.";
  const location = URL.parse(headers.get("Location") ?? "", url);
  const isLogin = location !== null && status >= 300 && status < 400 &&
    /\b(log-?in|sign-?in|sso|saml2?|oauth2?|auth|authorize|cdn-cgi\/access)\b/i.test(
      location.host + location.pathname,
    );
  if (isLogin) {
    return fault(`${url} leads to a login page of its own, at ${location.origin}.`, pass);
  }
  const challenge = headers.get("WWW-Authenticate") ?? "";
  if (status === 401 && /^(basic|digest|negotiate|ntlm)\b/i.test(challenge)) {
    return fault(`${url} asks for a password of its own (${challenge.split(" ", 1)[0]}).`, pass);
  }
  const isOfCloudflare = headers.has("CF-Mitigated") ||
    /cloudflare/i.test(serverOf(headers)) && (status === 403 || status === 503);
  if (isOfCloudflare) {
    return fault(
      `${url} is kept by Cloudflare, which wants to see a browser (status ${status}).`,
      "Programs call it: make a rule that skips bot checks and challenges for this host.",
    );
  }
  return undefined;
}
