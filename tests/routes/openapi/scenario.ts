/**
 * The examples of `/openapi.json`, made: a backend connects a user, does what
 * one does with that, and deletes the user, each request with its answer.
 *
 * @module
 */

import { type Example, EXAMPLE_URL } from "../../../routes/openapi/example.ts";
import { digestHex } from "../../../tasks/key.ts";
import { type Gateway, startGateway, USER } from "../../support/gateway.ts";
import { handedOff } from "../../support/hand_off.ts";
import { ADAS, startKeyServer } from "../../support/key_server.ts";

/** Where the examples stand. */
export const examplesFile = new URL("../../../routes/openapi/examples.json", import.meta.url);

/** In the place of times: one at which the rest of the README's examples were made. */
const AT = 1795411800000;
const VERSION = "0.2.0";
const RETURN_TO = "https://app.example.com/connected";
/** Members whose values are secret, or of no meaning and different each time. */
const SECRET = ["access_token", "refresh_token", "token", "code", "key"];
/** The key of a backend that draws a page of one service, which makes a short list. */
const CALENDAR_KEY = "test-calendar-key";

type Call = Pick<Example, "method" | "path" | "body"> & {
  key?: string;
  headers?: Record<string, string>;
};

/** Makes all requests, in an order in which they work. */
export async function examples(): Promise<Record<string, Example[]>> {
  await using acme = startKeyServer();
  const env = {
    PROVIDERS: JSON.stringify([acme.spec]),
    RETURN_URLS: "https://app.example.com/",
    API_KEYS: `voice:sha256:${digestHex("test-voice-key")},` +
      `page:sha256:${digestHex(CALENDAR_KEY)}:calendar`,
  };
  await using gateway = await startGateway({ env });
  const made: Record<string, Example[]> = {};
  const make = async (id: string, call: Call) => {
    const { method, path, body, key, headers } = call;
    const { status, json, text } = await gateway.api(path, {
      method,
      ...(body !== undefined && { body }),
      ...(key !== undefined && { key }),
      ...(headers && { headers }),
    });
    const example = plain(gateway, {
      method,
      path,
      headers: {
        ...(id !== "getHealth" && { Authorization: "Bearer $API_KEY" }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      status,
      answer: json ?? text,
    });
    (made[id] ??= []).push(example);
  };
  const user_id = USER;
  const of = `user_id=${USER}`;

  const link = { user_id, service: "github", return_to: RETURN_TO };
  await make("createLink", { method: "POST", path: "/links", body: link });
  const unknown = { user_id, service: "gitbuh" };
  await make("createLink", { method: "POST", path: "/links", body: unknown });
  const code = await handedOff(gateway, link);
  await make("claimLink", { method: "POST", path: "/links/claim", body: { user_id, code } });
  await make("claimLink", { method: "POST", path: "/links/claim", body: { user_id, code } });
  const body = { user_id };
  await make("getToken", { method: "POST", path: "/token/github", body });
  await make("getToken", { method: "POST", path: "/token/calendar", body });
  await gateway.connect("calendar");
  await make("listServices", { method: "GET", path: `/services?${of}`, key: CALENDAR_KEY });
  await make("listConnections", { method: "GET", path: `/connections?${of}` });
  const secret = { user_id, service: "acme", key: ADAS };
  await make("connectBySecret", { method: "POST", path: "/connections", body: secret });
  const held = {
    user_id: "user_456",
    service: "google",
    account: { id: "108204268033311374519", label: "grace@example.com" },
    refresh_token: "1//0g-held",
    scope: "openid https://www.googleapis.com/auth/calendar.events",
  };
  await make("importConnections", {
    method: "POST",
    path: "/connections/import?verify=none",
    body: [held],
  });
  await make("chooseDefaultAccount", {
    method: "POST",
    path: "/connections/github/default",
    body: { user_id, account: "octocat" },
  });
  await make("proxy", {
    method: "GET",
    path: "/proxy/github/user",
    headers: { "X-User-Id": USER },
  });
  const wanted = { user_id, services: ["github"], read_only: true, expires_in: 3600 };
  await make("createSession", { method: "POST", path: "/sessions", body: wanted });
  await make("listSessions", { method: "GET", path: `/sessions?${of}` });
  await make("endSessions", { method: "DELETE", path: `/sessions?${of}` });
  await gateway.broker.idle();
  await make("readAudit", { method: "GET", path: `/audit?${of}&limit=1` });
  await make("readEvents", { method: "GET", path: "/events?limit=1" });
  await make("getUser", { method: "GET", path: `/users/${USER}` });
  await make("endConnection", { method: "DELETE", path: `/connections/calendar?${of}` });
  await make("deleteUser", { method: "DELETE", path: `/users/${USER}` });
  await make("createLink", { method: "POST", path: "/links", body: link });
  await make("getHealth", { method: "GET", path: "/health" });
  return made;
}

/** Without what is secret, and without what is different each time. */
function plain({ url, emulators }: Gateway, example: Example): Example {
  const text = JSON.stringify(example, (name, value) => {
    if (typeof value === "number" && value > 1e12) return AT;
    if (name === "answer" && value?.node_id !== undefined) return shortened(value);
    if (typeof value !== "string") return value;
    if (SECRET.includes(name)) return "…";
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return new Date(AT).toISOString();
    if (name === "svg") return "<svg …";
    if (name === "version") return VERSION;
    if (name === "cursor") return "00000000000000420000";
    if (name === "request_id") return "q3m7d0c9x-1v8kz2f";
    if (name === "id" && /^[\w-]{16,}$/.test(value) && !/^\d+$/.test(value)) return "9xk3mJ0s";
    return value.replace(/([?&]link=)[^&. ]+/g, "$1…").replace(/^goog_.*/, "108204268033311374519");
  });
  return JSON.parse(
    text.replaceAll(url, EXAMPLE_URL).replaceAll(emulators.github, "https://api.github.com"),
  );
}

/** GitHub says forty things of an account. */
function shortened({ login, id, type, name }: Record<string, unknown>) {
  return { login, id, type, name };
}
