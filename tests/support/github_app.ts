/**
 * GitHub for tests of a GitHub App: people sign in at once, it knows which
 * installations each may see, and takes statements that the app's key signed.
 *
 * @module
 */

import { generateKeyPairSync } from "node:crypto";
import { importSPKI, jwtVerify } from "jose";
import { serve } from "./serve.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** As GitHub gives it, and as others write the same key. */
export const PRIVATE_KEY = String(pair.privateKey.export({ type: "pkcs1", format: "pem" }));
export const PKCS8_KEY = String(pair.privateKey.export({ type: "pkcs8", format: "pem" }));
const PUBLIC_KEY = String(pair.publicKey.export({ type: "spki", format: "pem" }));

/** An owner's id is that of the installation, and so much more. */
export const OWNERS = 1_000_000;

/** A running double. */
export interface GitHubApp extends AsyncDisposable {
  url: string;
  /** Method and path of each request, in order. */
  asked: string[];
  /** The scope that each browser was sent with. */
  scopes: (string | null)[];
  /** What the signed-in person may see: installation ids by owner. */
  visible: [owner: string, id: number][];
  /** Stand before these in the list. */
  odd: unknown[];
  /** What the person may in each of its repositories; `null`: repositories that they do not see. */
  repositories: ({ admin: boolean } | null)[];
  /** In the organization; `null`: the app may not ask. */
  role: "admin" | "member" | null;
  /** Who signs in. */
  userId: number;
  /** Of tokens of installations, by path, in the place of an answer. */
  answer?: (() => Response) | undefined;
  /** Tokens that were ended. */
  ended: string[];
  /** Statements that were taken, as their claims. */
  statements: Record<string, unknown>[];
  /** Of the next token, ms from now. */
  lifeMs: number;
  /** Sent along with the code. */
  alongside: Record<string, string>;
  /** For a gateway. */
  env: Record<string, string>;
}

/** `now`: by which its tokens end. */
export function startGitHubApp(now: () => number = Date.now): GitHubApp {
  let issued = 0;
  const good = new Set<string>();
  const double: Omit<GitHubApp, "url" | "env" | typeof Symbol.asyncDispose> = {
    asked: [],
    scopes: [],
    visible: [["Acme-Inc", 42]],
    odd: [],
    repositories: [{ admin: true }],
    role: "admin",
    userId: 583231,
    ended: [],
    statements: [],
    lifeMs: 3_600_000,
    alongside: {},
  };
  const bearerOf = (request: Request) =>
    request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
  const isStatement = async (request: Request) => {
    try {
      const key = await importSPKI(PUBLIC_KEY, "RS256");
      const { payload } = await jwtVerify(bearerOf(request), key, {
        issuer: "Iv1.app",
        maxTokenAge: 600,
      });
      double.statements.push(payload);
      return true;
    } catch {
      return false;
    }
  };
  const { port, close } = serve(async (request) => {
    const { pathname, searchParams, origin } = new URL(request.url);
    double.asked.push(`${request.method} ${pathname}`);
    switch (pathname) {
      case "/login/oauth/authorize": {
        double.scopes.push(searchParams.get("scope"));
        const back = new URL(searchParams.get("redirect_uri")!);
        back.searchParams.set("state", searchParams.get("state")!);
        back.searchParams.set("code", `code-${++issued}`);
        for (const [name, value] of Object.entries(double.alongside)) {
          back.searchParams.set(name, value);
        }
        return Response.redirect(back);
      }
      case "/login/oauth/access_token": {
        const token = `ghu_${++issued}`;
        good.add(token);
        return Response.json({ access_token: token, scope: "", token_type: "bearer" });
      }
      case "/applications/Iv1.app/token":
        double.ended.push((await request.json()).access_token);
        return new Response(null, { status: 204 });
      case "/user/installations": {
        if (!good.has(bearerOf(request))) return Response.json({}, { status: 401 });
        const [size, page] = ["per_page", "page"].map((name) => Number(searchParams.get(name)));
        const all = double.visible.slice((page! - 1) * size!, page! * size!);
        const installations = all.map(([login, id]) => ({
          id,
          account: { id: id + OWNERS, login },
          app_id: 7,
        }));
        const listed = page === 1 ? [...double.odd, ...installations] : installations;
        return Response.json({ total_count: double.visible.length, installations: listed });
      }
      case "/user":
        return Response.json({ id: double.userId, login: "octocat" });
      case "/user/memberships/orgs/Acme-Inc":
        return double.role === null
          ? Response.json({ message: "Resource not accessible by integration" }, { status: 403 })
          : Response.json({ state: "active", role: double.role });
      case "/user/installations/42/repositories": {
        if (!good.has(bearerOf(request))) return Response.json({}, { status: 401 });
        const seen = double.repositories.filter((each) => each !== null);
        const [size, page] = ["per_page", "page"].map((name) => Number(searchParams.get(name)));
        return Response.json({
          total_count: seen.length,
          repositories: seen.slice((page! - 1) * size!, page! * size!)
            .map((permissions) => ({ permissions })),
        });
      }
      case "/app":
        if (!await isStatement(request)) return Response.json({}, { status: 401 });
        return Response.json({ slug: "helper", html_url: `${origin}/apps/helper` });
      case "/installation/token": {
        double.ended.push(bearerOf(request));
        return new Response(null, { status: good.delete(bearerOf(request)) ? 204 : 401 });
      }
      case "/installation/repositories":
        if (!good.has(bearerOf(request))) return Response.json({}, { status: 401 });
        return Response.json({
          total_count: double.repositories.length,
          repositories: [{
            full_name: "Acme-Inc/site",
            private: true,
            html_url: "https://github.com/Acme-Inc/site",
          }],
        });
    }
    if (/^\/app\/installations\/\d+\/access_tokens$/.test(pathname)) {
      if (double.answer !== undefined) return double.answer();
      if (!await isStatement(request)) return Response.json({}, { status: 401 });
      const token = `ghs_${++issued}`;
      good.add(token);
      const expires_at = new Date(now() + double.lifeMs).toISOString();
      return Response.json({ token, expires_at, permissions: {} }, { status: 201 });
    }
    return Response.json({ message: "Not Found" }, { status: 404 });
  });
  const url = `http://127.0.0.1:${port}`;
  return Object.assign(double, {
    url,
    env: {
      GITHUB_APP_CLIENT_ID: "Iv1.app",
      GITHUB_APP_CLIENT_SECRET: "the-apps-secret",
      GITHUB_APP_PRIVATE_KEY: PRIVATE_KEY,
      GITHUB_APP_BASE_URL: url,
    },
    [Symbol.asyncDispose]: close,
  });
}
