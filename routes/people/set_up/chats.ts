/**
 * Assistants in a browser and on phones, which sign people in by themselves
 * and have to reach the gateway from the internet.
 *
 * @module
 */

import type { Place, SetUp } from "./set_up.ts";

/** Claude and ChatGPT. */
export function chats({ mcpUrl }: Place): SetUp[] {
  const address = { title: "address", language: "text", text: mcpUrl } as const;
  return [
    {
      // The link: https://claude.com/docs/connectors/building/directory-vs-custom; the steps:
      // https://support.claude.com/en/articles/11175166. Both seen in November 2026.
      id: "claude",
      name: "Claude",
      signIn: "oauth",
      installUrl: `https://claude.ai/customize/connectors?${
        query({
          modal: "add-custom-connector",
          connectorName: "Switchboard",
          connectorUrl: mcpUrl,
        })
      }`,
      steps: ["claudeOpen", "claudeAdd", "claudeConnect", "claudeTeam", "reachable"],
      snippets: [address],
    },
    {
      // https://developers.openai.com/api/docs/guides/developer-mode, seen in November 2026. Some
      // accounts have the switch at "Security and login" and the apps at "Plugins" by now.
      id: "chatgpt",
      name: "ChatGPT",
      signIn: "oauth",
      installUrl: "https://chatgpt.com/#settings/Connectors",
      steps: ["chatgptMode", "chatgptCreate", "chatgptSignIn", "chatgptUse", "reachable"],
      snippets: [address],
    },
  ];
}

/** RFC 3986: with `%20` for a space, which every reader of a query understands. */
function query(values: Record<string, string>): string {
  return Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}
