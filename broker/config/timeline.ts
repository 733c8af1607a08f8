/**
 * What Deno Deploy says of where a program runs there. Each timeline, that is
 * production, each branch and each build's preview, has a URL and a database of
 * its own (docs.deno.com/deploy/reference/timelines, read November 2026).
 *
 * @module
 */

import { type Env, isOnDeploy } from "./env.ts";

/** A part of a host name. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Where production is reached by the platform's own name; `undefined` where that is not known. */
function productionUrl(env: Env): string | undefined {
  const app = env.DENO_DEPLOY_APPLICATION_SLUG ?? env.DENO_DEPLOY_APP_SLUG ?? "";
  const org = env.DENO_DEPLOY_ORGANIZATION_SLUG ?? env.DENO_DEPLOY_ORG_SLUG ?? "";
  return SLUG.test(app) && SLUG.test(org) ? `https://${app}.${org}.deno.net` : undefined;
}

/** Whether this is the production timeline. */
function isProduction({ DENO_TIMELINE }: Env): boolean {
  return DENO_TIMELINE === "production";
}

/** Env, with `PUBLIC_URL` put in where it is left out and the platform says it. */
export function withPublicUrl(env: Env): Env {
  if (env.PUBLIC_URL || !isOnDeploy(env) || !isProduction(env)) return env;
  const url = productionUrl(env);
  return url === undefined ? env : { ...env, PUBLIC_URL: url };
}

/** Whether the platform says where production is, so that `PUBLIC_URL` can be left out there. */
export function saysPublicUrl(env: Env): boolean {
  return withPublicUrl({ ...env, PUBLIC_URL: undefined }).PUBLIC_URL !== undefined;
}

/**
 * What is special about a timeline that is not production, in words for its operator; `undefined`
 * for production, and outside of Deploy.
 */
export function timelineWords(env: Env): string | undefined {
  if (!isOnDeploy(env) || !env.DENO_TIMELINE || isProduction(env)) return undefined;
  const [kind] = env.DENO_TIMELINE.split("/", 1);
  const [what, url] = kind === "git-branch"
    ? ["a branch's timeline", "https://<app>--<branch>.<org>.deno.net"]
    : ["a preview", "https://<app>-<revision>.<org>.deno.net"];
  return `This is ${what}: it has its own URL (${url}) and its own, empty database. People, apps' ` +
    "users and MCP clients of production are not known here. Set PUBLIC_URL to that URL for this " +
    "context, and register its redirect URIs";
}
