/**
 * What is to be granted for what.
 *
 * https://docs.slack.dev/reference/scopes
 *
 * @module
 */

/** Reading channels, and who is in them. */
export const READ = [
  "channels:read",
  "groups:read",
  "channels:history",
  "groups:history",
  "users:read",
  "users:read.email",
];
/** What the service asks for where nothing else is said. */
export const DEFAULT = [...READ, "chat:write"];
const DIRECT = [
  "im:read",
  "im:history",
  "im:write",
  "mpim:read",
  "mpim:history",
  "mpim:write",
];
const SEARCH_PARTS = [
  "search:read.public",
  "search:read.private",
  "search:read.im",
  "search:read.mpim",
];
/** What tools ask for once it is needed: it opens the service as well. */
export const MORE = [...DIRECT, "search:read", ...SEARCH_PARTS, "reactions:write"];

/** Names for those who make links. */
export const SCOPE_NAMES: Record<string, string[]> = {
  slack: DEFAULT,
  "slack.readonly": READ,
  "slack.send": ["chat:write", "channels:read", "groups:read"],
  "slack.direct": [...DIRECT, "users:read", "chat:write"],
  "slack.search": ["search:read"],
  "slack.react": ["reactions:write"],
};

/** Each scope in words, for the people who grant it. */
export const SCOPE_TITLES: Record<string, string> = {
  "channels:read": "See the public channels",
  "groups:read": "See the private channels you are in",
  "im:read": "See whom you have direct messages with",
  "mpim:read": "See your group direct messages",
  "channels:history": "Read public channels",
  "groups:history": "Read the private channels you are in",
  "im:history": "Read your direct messages",
  "mpim:history": "Read your group direct messages",
  "chat:write": "Send messages in your name",
  "im:write": "Start direct messages in your name",
  "mpim:write": "Start group direct messages in your name",
  "reactions:write": "Add and remove your reactions",
  "search:read": "Search all messages that you can see",
  "search:read.public": "Search public channels",
  "search:read.private": "Search the private channels you are in",
  "search:read.im": "Search your direct messages",
  "search:read.mpim": "Search your group direct messages",
  "users:read": "See the people of your workspace",
  "users:read.email": "See their e-mail addresses",
};
