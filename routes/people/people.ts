/**
 * What people open in their browsers: errors there are pages.
 *
 * @module
 */

import { type Area, sayPage } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { countAddress } from "../http/limited.ts";
import { connectRoutes } from "./connect.ts";
import { activityRoutes } from "./activity.ts";
import { overviewRoutes } from "./console/overview.ts";
import { peopleConsoleRoutes } from "./console/people.ts";
import { setupRoutes } from "./console/setup.ts";
import { appsRoutes } from "./console/apps.ts";
import { providersRoutes } from "./console/providers.ts";
import { eventsConsoleRoutes } from "./console/events.ts";
import { serversRoutes } from "./console/servers.ts";
import { logoRoutes } from "./logo.ts";
import { setUpRoutes } from "./set_up_page.ts";
import { homeRoutes } from "./home.ts";
import { signInRoutes } from "./sign_in.ts";
import { faviconRoutes } from "./favicon.ts";
import { youRoutes } from "./you.ts";

/** Pages for people, and the forms on them. */
export function peopleArea(deps: AppDeps): Area {
  return {
    sayError: sayPage(deps, {
      connecting: (c) => c.req.path.startsWith("/auth/"),
      // Whoever gave an MCP client the public address alone.
      hint: (c) => c.req.path === "/" ? `The MCP address is ${deps.publicUrl}/mcp` : undefined,
    }),
    count: (c) => countAddress(c, deps),
    routes: [
      ...connectRoutes(deps),
      ...signInRoutes(deps),
      ...homeRoutes(deps),
      ...youRoutes(deps),
      ...activityRoutes(deps),
      ...setUpRoutes(deps),
      ...overviewRoutes(deps),
      ...setupRoutes(deps),
      ...peopleConsoleRoutes(deps),
      ...appsRoutes(deps),
      ...providersRoutes(deps),
      ...serversRoutes(deps),
      ...eventsConsoleRoutes(deps),
      ...logoRoutes(deps),
      ...faviconRoutes,
    ],
  };
}
