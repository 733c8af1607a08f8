/**
 * Where the program is reached, where people are sent back to, and where it
 * keeps what it keeps.
 *
 * @module
 */

import { isLoopback, parseUrl } from "../../core/addresses.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** RFC 2606 and RFC 6761: nobody is there. */
const EXAMPLE = /(^|\.)(example|test|invalid)(\.(com|net|org))?$/;

/** Doubts about places. */
export function placeDoubts(doubted: Doubted): Doubt[] {
  return [
    ...publicDoubts(doubted),
    ...returnDoubts(doubted),
    ...storeDoubts(doubted),
    ...timeDoubts(doubted),
  ];
}

function publicDoubts({ env, config, onDeploy }: Doubted): Doubt[] {
  const { port, publicUrl } = config;
  const { protocol, hostname, port: publicPort } = new URL(publicUrl);
  const doubts: Doubt[] = [];
  const doubt = (variable: string, found: string, cure: string, isFault = false) =>
    doubts.push({ variable, found, cure, isFault });
  const isHere = isLoopback(hostname);
  if (onDeploy && isHere) {
    doubt(
      "PUBLIC_URL",
      "is this machine, and on Deno Deploy nobody reaches it there.",
      "Set it to the app's https address.",
      true,
    );
  }
  if (EXAMPLE.test(hostname)) {
    doubt("PUBLIC_URL", "is an example's host name.", "Set it to the address that people type in.");
  } else if (!isHere && /^[^.]+$|\.(local|internal|lan|home|corp|intranet)$/.test(hostname)) {
    doubt(
      "PUBLIC_URL",
      "is a name of a network of your own: Google takes no such redirect URI, and Claude, ChatGPT " +
        "and other clients on the internet do not reach it.",
      "Set a public host name, unless only people and clients inside are meant.",
    );
  }
  if (!onDeploy && isHere && env.HOST && !/^(127\.|::1$|localhost$)/.test(env.HOST)) {
    doubt(
      "PUBLIC_URL",
      "is this machine, and HOST lets others in, who are refused under any other name.",
      "Set PUBLIC_URL to the https address by which they come, or HOST to 127.0.0.1.",
    );
  }
  if (!isHere && publicPort !== "") {
    doubt(
      "PUBLIC_URL",
      `has the port ${publicPort}, and so have all redirect URIs.`,
      "Leave it out where people reach the program without.",
    );
  }
  if (!isHere && /^[\d.]+$|^\[/.test(hostname)) {
    doubt(
      "PUBLIC_URL",
      "is an IP address, which Google and others do not take in redirect URIs.",
      "Give the program a host name.",
    );
  }
  if (!onDeploy && port === 0) {
    doubt(
      "PORT",
      "is 0: the system takes another port with each start, which PUBLIC_URL cannot name.",
      "Set the port that PUBLIC_URL, or the proxy in front, leads to.",
      true,
    );
  } else if (!onDeploy && isHere && protocol === "http:" && Number(publicPort || 80) !== port) {
    doubt(
      "PORT",
      `is ${port}, and PUBLIC_URL says ${publicPort || 80}.`,
      "Make them the same, unless something between the two changes it.",
    );
  }
  if (!onDeploy && !isHere && !env.HOST) {
    doubt(
      "HOST",
      "is not set: the program listens on every address of this machine, in clear text.",
      "Set 127.0.0.1 where the proxy is on this machine; else close the port to all but the proxy.",
    );
  }
  if (onDeploy && env.HOST) doubt("HOST", "is not used on Deno Deploy.", "Leave it unset there.");
  return doubts;
}

function returnDoubts({ config }: Doubted): Doubt[] {
  const { apiKeys, publicUrl, returnUrls } = config;
  const doubts: Doubt[] = [];
  const all = [
    ...returnUrls.map((url) => ["RETURN_URLS", url] as const),
    ...apiKeys.flatMap(({ returnUrls = [] }) => returnUrls.map((url) => ["APPS", url] as const)),
  ];
  for (const [variable, text] of all) {
    const url = parseUrl(text);
    if (text.includes("*") || text.includes("%2A")) {
      const found = "has a * in an address, which is no wildcard: it matches nothing.";
      const cure = "End it in /, and all below is allowed; name each host.";
      doubts.push({ variable, found, cure, isFault: true });
    }
    if (url && isLoopback(url.hostname) && !isLoopback(new URL(publicUrl).hostname)) {
      const found = "leads to each person's own machine, while PUBLIC_URL is for everybody.";
      doubts.push({ variable, found, cure: "Leave it out in production.", isFault: false });
    }
    if (url?.origin === publicUrl) {
      const found = "names this program itself: people are sent back to your app, not to here.";
      doubts.push({ variable, found, cure: "Name the address of your app.", isFault: true });
    }
  }
  if (returnUrls.length > 0 && apiKeys.length === 0) {
    const found = "is set, and there is no API key: nobody makes links that lead back.";
    const cure = "`deno task key voice` makes a key for the backend voice.";
    doubts.push({ variable: "RETURN_URLS", found, cure, isFault: false, byConsole: true });
  }
  return doubts;
}

function storeDoubts({ env, onDeploy }: Doubted): Doubt[] {
  const doubts: Doubt[] = [];
  const doubt = (variable: string, found: string, cure: string, isFault = true) =>
    doubts.push({ variable, found, cure, isFault });
  const { KV_PATH: path, DATA_DIR: folder } = env;
  const isRemote = path !== undefined && /^https?:/i.test(path);
  if (path === ":memory:") {
    doubt("KV_PATH", "is memory: every connection is lost at the next start.", "Name a file.");
  }
  if (onDeploy && path !== undefined && !isRemote) {
    doubt(
      "KV_PATH",
      "is a file, and the disk of Deno Deploy is emptied with each start.",
      "Leave it unset, and assign a KV database to the app.",
    );
  }
  if (isRemote && !env.DENO_KV_ACCESS_TOKEN) {
    doubt(
      "DENO_KV_ACCESS_TOKEN",
      "is not set, and KV_PATH is a remote KV.",
      "Set the access token of that KV.",
    );
  }
  const where = path ?? folder ?? "";
  if (!onDeploy && /^\/(tmp|var\/tmp|dev\/shm|run)\//.test(`${where}/`)) {
    doubt(
      path === undefined ? "DATA_DIR" : "KV_PATH",
      "is in a folder that systems empty by themselves.",
      "Name a folder that is kept, and backed up.",
      false,
    );
  }
  if (/^~|^\$/.test(where)) {
    doubt(
      path === undefined ? "DATA_DIR" : "KV_PATH",
      "begins with ~ or $, which a shell would put something in for; here it is a folder's name.",
      "Write the path out, from / on.",
    );
  }
  if (!isRemote && where !== where.trim()) {
    doubt(
      path === undefined ? "DATA_DIR" : "KV_PATH",
      "has a space at an end, which is a part of the name.",
      "Write it without.",
    );
  }
  if (path !== undefined && folder !== undefined) {
    doubt("DATA_DIR", "is not used, since KV_PATH is set.", "Leave one of them out.", false);
  }
  return doubts;
}

/** What systemd waits for a service to end, unless it is told otherwise (TimeoutStopSec). */
const USUAL_STOP_MS = 90_000;

function timeDoubts(doubted: Doubted): Doubt[] {
  return [...grantDoubts(doubted), ...drainDoubts(doubted)];
}

function drainDoubts({ config: { drain: { delayMs, graceMs } } }: Doubted): Doubt[] {
  const all = delayMs + graceMs;
  return all < USUAL_STOP_MS ? [] : [{
    variable: "DRAIN_SECONDS",
    found:
      `and DRAIN_DELAY_SECONDS are ${all / 1000} s together, and systemd ends a service after ` +
      "90 s, Kubernetes after 30, Docker after 10, unless told otherwise.",
    cure:
      "Make them shorter, or TimeoutStopSec, terminationGracePeriodSeconds, stop_grace_period longer.",
    isFault: false,
  }];
}

function grantDoubts({ env }: Doubted): Doubt[] {
  const { GRANT_IDLE_DAYS: idle, GRANT_MAX_DAYS: max } = env;
  if (idle === undefined || max === undefined || Number(idle) < Number(max)) return [];
  return [{
    variable: "GRANT_IDLE_DAYS",
    found: "is not below GRANT_MAX_DAYS: nothing ends for not being used.",
    cure: "Make it smaller, or leave it unset (30).",
    isFault: false,
  }];
}
