/**
 * What tools an app may use, by patterns: whatever it asks for, and whoever asks
 * it. In a pattern `*` stands for any characters.
 *
 * @module
 */

/** By the names of tools; what is in both is not allowed. */
export interface ToolPolicy {
  /** Absent: all. */
  allow?: readonly string[] | undefined;
  deny?: readonly string[] | undefined;
  /** Only what changes nothing. */
  readOnly?: boolean | undefined;
}

/** Whether a tool may be used that goes by any of these names. */
export function permits(
  { allow, deny = [], readOnly }: ToolPolicy,
  tool: { names: readonly string[]; readOnly: boolean },
): boolean {
  const isOneOf = (patterns: readonly string[]) =>
    patterns.some((pattern) => tool.names.some((name) => matches(pattern, name)));
  return (allow === undefined || isOneOf(allow)) && !isOneOf(deny) &&
    (readOnly !== true || tool.readOnly);
}

/** Whether a name may be called, whatever tool that is. */
export function permitsName(policy: ToolPolicy, name: string): boolean {
  return permits(policy, { names: [name], readOnly: true });
}

/** Whether any tool may be used whose name begins so. */
export function permitsPrefix({ allow }: ToolPolicy, prefix: string): boolean {
  return allow?.some((pattern) => {
    const [head = ""] = pattern.split("*");
    return head.length < pattern.length && prefix.startsWith(head) || pattern.startsWith(prefix);
  }) ?? true;
}

/** Whether no tool may be used whose name begins so. */
export function deniesPrefix({ deny = [] }: ToolPolicy, prefix: string): boolean {
  return deny.some((pattern) => {
    const [head = "", ...rest] = pattern.split("*");
    return rest.length > 0 && rest.every((part) => part === "") && prefix.startsWith(head);
  });
}

/** Of ends and parts in between; no regular expression that takes ever longer. */
function matches(pattern: string, name: string): boolean {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined) return pattern === name;
  if (!name.startsWith(head) || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - tail.length;
}
