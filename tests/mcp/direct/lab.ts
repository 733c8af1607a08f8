/**
 * A provider whose tools do all that a tool can do: they answer, refuse, break,
 * wait, want a connection, and have something odd to say.
 *
 * @module
 */

import { z } from "zod";
import { configuredModule, parseProviderSpecs } from "../../../providers/configured.ts";
import { ApiError, type ProviderModule, type Tool, tool } from "../../../providers/provider.ts";

/** What a test hears and says while a tool waits. */
export interface Lab {
  module: ProviderModule;
  /** Called when `lab_wait` or `lab_keep` has begun. */
  begun: () => unknown;
  /** Signals of the calls that waited, in order. */
  waited: AbortSignal[];
}

const SPEC = {
  name: "lab",
  title: "Lab",
  authorization_endpoint: "https://lab.example.com/authorize",
  token_endpoint: "https://lab.example.com/token",
};
const READS = { readOnly: true };
const Empty = z.strictObject({});
const Said = z.object({ said: z.string() });

/** Makes one; `ran` is told of each tool that runs, and with which arguments. */
export function createLab(ran: (name: string, args: unknown) => void): Lab {
  const lab: Lab = { module: undefined as never, begun: () => {}, waited: [] };
  const wait = async (signal: AbortSignal) => {
    lab.waited.push(signal);
    const { promise, reject } = Promise.withResolvers<never>();
    // In words of its own: each SDK has another reason, and the log says what a tool throws.
    const giveUp = () => reject(new Error("given up"));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    lab.begun();
    return await promise;
  };
  const common = { service: "lab", scopes: [], input: Empty, output: Said };
  let count = 0;
  const say = (said: string) => Promise.resolve({ text: said, data: { said } });
  const tools: Tool[] = [
    tool({
      ...common,
      name: "lab_echo",
      aliases: ["echo"],
      formerly: { lab_say: { args: { loud: true }, only: ["text"] } },
      title: "Echo",
      description: "Says it again. “Quoted” – and \ud83d\ude00",
      hints: READS,
      input: z.strictObject({
        text: z.string().min(1).max(40),
        times: z.int().min(1).max(3).optional(),
        loud: z.boolean().optional(),
        more: z.record(z.string(), z.unknown()).optional(),
      }),
      output: z.looseObject({ said: z.string(), more: z.unknown().optional() }),
      run: ({ text, times = 1, loud, more }) => {
        const said = (loud ? text.toUpperCase() : text).repeat(times);
        return Promise.resolve({ text: said, data: { said, more }, notes: loud ? ["Loud."] : [] });
      },
    }),
    tool({
      ...common,
      name: "lab_count",
      title: "Count",
      description: "Counts one further.",
      hints: { readOnly: false },
      // Not the count itself: each way of the same request counts for itself.
      run: () => say(++count > 0 ? "counted" : "never"),
    }),
    tool({
      ...common,
      name: "lab_set",
      title: "Set",
      description: "Sets it.",
      hints: { readOnly: false, idempotent: true, destructive: true },
      run: () => say("MCP error -32602: set"),
    }),
    tool({
      ...common,
      name: "lab_refuse",
      title: "Refuse",
      description: "Refuses.",
      hints: READS,
      run: () => {
        throw new ApiError({ kind: "rate_limited", message: "Not now.", retryAfter: 7 });
      },
    }),
    tool({
      ...common,
      name: "lab_page",
      title: "Page",
      description: "Wants a page to be opened.",
      hints: READS,
      run: () => {
        const page = { url: "https://lab.example.com/mend", title: "to mend it" };
        throw new ApiError({ kind: "forbidden", message: "Not allowed.", page });
      },
    }),
    tool({
      ...common,
      name: "lab_break",
      title: "Break",
      description: "Breaks.",
      hints: { readOnly: false },
      run: () => Promise.reject(new Error("broken in an odd way")),
    }),
    tool({
      ...common,
      name: "lab_connect",
      title: "Connect",
      description: "Needs a connection.",
      hints: READS,
      run: async (_args, { api }) => await say(await api.json("/x", z.string())),
    }),
    tool({
      ...common,
      name: "lab_wait",
      title: "Wait",
      description: "Waits.",
      hints: READS,
      run: async (_args, { signal }) => await wait(signal),
    }),
    tool({
      ...common,
      name: "lab_keep",
      title: "Keep",
      description: "Changes something, and waits.",
      hints: { readOnly: false },
      run: async (_args, { signal }) => await wait(signal),
    }),
  ];
  const told = (tool: Tool): Tool => ({
    ...tool,
    run(args, context) {
      ran(tool.name, args);
      return tool.run(args, context);
    },
  });
  const base = configuredModule(parseProviderSpecs(JSON.stringify([SPEC]), [])[0]!);
  lab.module = {
    ...base,
    needs: "client",
    create: (settings) => {
      const provider = base.create(settings);
      return { ...provider, tools: tools.map(told) };
    },
  };
  return lab;
}
