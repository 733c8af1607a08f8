/**
 * What stands in KV, to show that nothing changed.
 *
 * @module
 */

/** Keys and versions of all records below a prefix. */
export async function snapshot(kv: Deno.Kv, prefix: Deno.KvKey = []): Promise<string[]> {
  const entries: string[] = [];
  for await (const { key, versionstamp } of kv.list({ prefix })) {
    if (key[0] !== "health") entries.push(`${key.join("/")}@${versionstamp}`);
  }
  return entries;
}
