/**
 * The server over a catalogue. What answers calls is loaded with the first one.
 *
 * @module
 */

import { andThen } from "../broker/core/awaitable.ts";
import { atOnce, lazily } from "../broker/core/lazily.ts";
import { ABILITIES } from "./abilities.ts";
import { type Capabilities, type Definition, FEATURE_LISTS, type McpDeps } from "./definition.ts";
import { instructionsFor } from "./instructions.ts";

/** Requests that are answered with what the server has, in one revision or another. */
const GREETINGS = ["initialize", "server/discover"];
const LISTS = Object.keys(FEATURE_LISTS);
const EVERYTHING: Capabilities = {
  tools: {},
  ...Object.fromEntries(ABILITIES.map((name) => [name, {}])),
};

/** The server over a catalogue; one for all callers, since it keeps nothing of them. */
export function defineServer(deps: McpDeps): Definition {
  const { serverInfo, catalogue, features } = deps;
  return {
    serverInfo,
    async instructions({ caller }, methods) {
      if (!GREETINGS.some((method) => methods.has(method))) return undefined;
      const services = catalogue.services(caller.filter);
      const held = await deps.accounts?.accounts(caller);
      return services.length === 0 || held === undefined
        ? deps.instructions
        : instructionsFor(services, held);
    },
    async capabilities({ caller }, methods) {
      if (features === undefined) return { tools: {} };
      const isGreeting = GREETINGS.some((method) => methods.has(method));
      if (!isGreeting && !LISTS.some((method) => methods.has(method))) return EVERYTHING;
      const { known, areAll } = await features.abilities(caller);
      if (!isGreeting && !areAll) return EVERYTHING;
      return { tools: {}, ...Object.fromEntries([...known].map((name) => [name, {}])) };
    },
    listFeatures: async ({ caller }, kind) => await features?.list(kind, caller) ?? [],
    async request({ caller }, { method, params, capabilities, signal }) {
      if (features === undefined) {
        const { errorReply } = await import("./feature_reply.ts");
        return errorReply(-32601, "Method not found");
      }
      const visitor = { ...caller, capabilities };
      switch (method) {
        case "prompts/get":
          return await features.getPrompt(visitor, params, signal);
        case "resources/read":
          return await features.read(visitor, params, signal);
        case "completion/complete":
          return await features.complete(visitor, params, signal);
      }
    },
    list: ({ caller }) => catalogue.list(caller),
    listing: ({ caller }) => catalogue.listing(caller),
    call: (visit, call) =>
      andThen(atOnce(calls), ({ answerCall }) => answerCall(deps, visit, call)),
  };
}

/** Loaded with the first call: who lists needs none of it. */
const calls = lazily(() => import("./answered_call.ts"));
