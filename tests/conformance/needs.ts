/**
 * What scenarios take for granted beyond the protocol: the suite's own fixture
 * tools, and features that a server may have or not. Where that is missing, a
 * scenario is not applicable, whether it happens to fail or to pass.
 *
 * @module
 */

/** Something that a server need not have. */
export type Need =
  /** What this server will not have, and why. */
  | { reason: string }
  | { tool: string }
  | { capability: string }
  | { extension: string }
  | { annotation: string }
  | { header: string };

/** What the server under test has. */
export interface Facts {
  tools: string[];
  /** The answer to `tools/list` as text. */
  listing: string;
  /** Of `initialize`; extensions under `extensions`. */
  capabilities: Record<string, unknown>;
  /** Of the answer to `initialize`, in lower case. */
  headers: string[];
}

const tool = (name: string): Need => ({ tool: name });
const sampling: Need = { reason: "a client's model is not lent to upstream servers" };
const roots: Need = { reason: "a client's folders are not shown to upstream servers" };
const subscriptions: Need = { reason: "no subscriptions: a resource is read when it is wanted" };
const flat: Need = {
  reason: "a tool's input has no allOf or if at its top here: APIs behind clients refuse it",
};
const people: Need = { reason: "an upstream is reached for a person, who signs in there" };
const bearer: Need = { reason: "towards upstreams there are bearer tokens alone" };
const resources: Need = { capability: "resources" };
const prompts: Need = { capability: "prompts" };
const sessions: Need = { header: "mcp-session-id" };

const SCENARIOS: Record<string, Need> = {
  "logging-set-level": { capability: "logging" },
  "completion-complete": { capability: "completions" },
  "tools-call-simple-text": tool("test_simple_text"),
  "tools-call-image": tool("test_image_content"),
  "tools-call-audio": tool("test_audio_content"),
  "tools-call-embedded-resource": tool("test_embedded_resource"),
  "tools-call-mixed-content": tool("test_multiple_content_types"),
  "tools-call-with-logging": tool("test_tool_with_logging"),
  "tools-call-error": tool("test_error_handling"),
  "tools-call-with-progress": tool("test_tool_with_progress"),
  "tools-call-sampling": sampling,
  "tools-call-elicitation": tool("test_elicitation"),
  "elicitation-sep1034-defaults": tool("test_elicitation_sep1034_defaults"),
  "elicitation-sep1330-enums": tool("test_elicitation_sep1330_enums"),
  "json-schema-2020-12": flat,
  "json-schema-2020-12-preservation": flat,
  "http-custom-header-server-validation": { annotation: "x-mcp-header" },
  "server-session-lifecycle": sessions,
  "server-sse-polling": sessions,
  "sep-2164-resource-not-found": resources,
  "resources-subscribe": subscriptions,
  "resources-unsubscribe": subscriptions,
  "input-required-result-basic-elicitation": tool("test_input_required_result_elicitation"),
  "input-required-result-basic-sampling": sampling,
  "input-required-result-basic-list-roots": roots,
  "input-required-result-request-state": tool("test_input_required_result_request_state"),
  // Asks for sampling and roots beside a form.
  "input-required-result-multiple-input-requests": sampling,
  "input-required-result-multi-round": tool("test_input_required_result_multi_round"),
  "input-required-result-missing-input-response": tool("test_input_required_result_elicitation"),
  "input-required-result-non-tool-request": prompts,
  "input-required-result-result-type": tool("test_input_required_result_elicitation"),
  "input-required-result-tampered-state": tool("test_input_required_result_tampered_state"),
  // Its client declares sampling alone.
  "input-required-result-capability-check": sampling,
  "input-required-result-ignore-extra-params": tool("test_input_required_result_elicitation"),
  "input-required-result-validate-input": tool("test_input_required_result_elicitation"),
};

/** For all scenarios whose names begin so. */
const FAMILIES: [prefix: string, Need][] = [
  // What a client may have beside signing a person in.
  ["auth/client-credentials", people],
  ["auth/enterprise-managed-authorization", people],
  ["auth/wif-jwt-bearer", people],
  ["auth/dpop", bearer],
  ["resources-", resources],
  ["prompts-", prompts],
  ["tasks-", { extension: "io.modelcontextprotocol/tasks" }],
  ["sep-2640-skills-", { extension: "io.modelcontextprotocol/skills" }],
];

/** Single checks of scenarios that apply otherwise. */
const CHECKS: Record<string, Need> = {
  // Both by a tool that needs sampling.
  "sep-2575-server-rejects-undeclared-capability": sampling,
  "sep-2575-missing-capability-http-400": sampling,
  "sep-2575-http-server-no-independent-requests-on-stream": tool("test_streaming_elicitation"),
  "sep-2575-server-no-log-without-loglevel": tool("test_logging_tool"),
  "sep-2575-server-sends-prompts-list-changed-on-subscription": prompts,
  "sep-2549-prompts-list-caching-hints": prompts,
  "sep-2549-resources-list-caching-hints": resources,
  "sep-2549-resources-templates-list-caching-hints": resources,
  "sep-2549-resources-read-caching-hints": resources,
};

/** What a scenario needs and this server has not. */
export function missingFor(scenario: string, revision: string, facts: Facts): string | undefined {
  // In 2026-07-28 several streams are several requests, and need no session.
  const need = scenario === "server-sse-multiple-streams" && revision < "2026"
    ? sessions
    : SCENARIOS[scenario] ?? FAMILIES.find(([prefix]) => scenario.startsWith(prefix))?.[1];
  return missing(need, facts);
}

/** What a single check needs and this server has not. */
export function missingForCheck(id: string, facts: Facts): string | undefined {
  return missing(CHECKS[id], facts);
}

function missing(need: Need | undefined, { tools, listing, capabilities, headers }: Facts) {
  if (need === undefined) return undefined;
  if ("reason" in need) return need.reason;
  if ("tool" in need) {
    return tools.includes(need.tool) ? undefined : `no fixture tool ${need.tool}`;
  }
  if ("capability" in need) {
    return need.capability in capabilities ? undefined : `no ${need.capability} here`;
  }
  if ("annotation" in need) {
    return listing.includes(need.annotation) ? undefined : `no tool with ${need.annotation}`;
  }
  if ("header" in need) {
    return headers.includes(need.header) ? undefined : "no sessions here: every request is alone";
  }
  const { extensions = {} } = capabilities as { extensions?: Record<string, unknown> };
  return need.extension in extensions ? undefined : `no extension ${need.extension} here`;
}
