/**
 * The console's page of MCP servers, and what its forms change and let in.
 *
 * @module
 */

import type { Route } from "../../http/area.ts";
import { queryOf } from "../../http/body.ts";
import type { AppDeps } from "../../http/deps.ts";
import { refuse } from "../../http/errors.ts";
import { sayText } from "../../http/page/words/say.ts";
import { askSure, changesOf, consoleGet, consolePost } from "./guard.ts";

const SERVERS = "/console/servers";

/** Its routes. */
export function serversRoutes(deps: AppDeps): Route[] {
  const { settings } = deps;
  const changed = changesOf(settings);

  return [
    consoleGet(deps, SERVERS, async (c, { frame }) => {
      const [{ upstreams: servers, knownUpstreams: known, version: seen }, reviews] = await Promise
        .all([settings.view(), deps.review().then((review) => review.all())]);
      const { serversPage } = await import("./servers.tsx");
      return c.html(serversPage({
        ...frame,
        ...{ servers, known, seen },
        reviews: new Map(reviews.map((review) => [review.upstream, review])),
      }));
    }),

    consolePost(deps, SERVERS, () => SERVERS, async (_, changing) => {
      const { name = "", title = "", url = "" } = changing.form.texts;
      const { upstreams } = await settings.view();
      // People would be led to another server by a name that they know.
      if (upstreams.some((server) => server.name === name)) {
        refuse({ code: "invalid_request", detail: "There is a server of this name already." });
      }
      const change = {
        kind: "upstream",
        name,
        title: title.trim() || undefined,
        url: url.trim() || undefined,
      } as const;
      return await changed(changing, change, `${SERVERS}#${encodeURIComponent(name)}`);
    }),

    consoleGet(deps, `${SERVERS}/remove`, async (c, looking) => {
      const { name = "" } = queryOf(c.req.raw);
      const { upstreams, version: seen } = await settings.view();
      const { console } = looking.frame.words;
      const server = upstreams.find((one) => one.name === name)?.title ?? name;
      return await askSure(c, looking, {
        part: "servers",
        title: sayText(console.removeServerTitle, { server }),
        text: console.removeServerWhat,
        fields: { name },
        button: console.remove,
        back: SERVERS,
        seen,
      });
    }),

    consolePost(deps, `${SERVERS}/remove`, () => SERVERS, (_, changing) => {
      const { name = "" } = changing.form.texts;
      return changed(changing, { kind: "upstream_removed", name }, SERVERS);
    }),

    consolePost(deps, `${SERVERS}/accept`, () => SERVERS, async (_, { form, told }) => {
      const { upstream = "", tool, digest = "" } = form.texts;
      const review = await deps.review();
      const isIn = await review.accept({ upstream, tool, digest });
      return told(`${SERVERS}#${encodeURIComponent(upstream)}`, isIn ? "accepted" : "acceptGone");
    }),
  ];
}
