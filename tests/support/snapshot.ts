/**
 * What stands in KV, to show that nothing changed.
 *
 * @module
 */

/** What a program writes without being asked for anything. */
const BY_ITSELF: unknown[] = ["health", "sealers"];
/** That somebody has asked, however it ended: refused requests count, too. */
const ASKED = "limits";

/** Keys and versions of all records below a prefix. */
export async function snapshot(kv: Deno.Kv, prefix: Deno.KvKey = []): Promise<string[]> {
  const entries: string[] = [];
  for await (const { key, versionstamp } of kv.list({ prefix })) {
    if (!BY_ITSELF.includes(key[0]) && !key.includes(ASKED)) {
      entries.push(`${key.join("/")}@${versionstamp}`);
    }
  }
  return entries;
}

/** Every record as text, its bytes as characters: a secret that stands in clear anywhere is found. */
export async function keptText(kv: Deno.Kv): Promise<string[]> {
  const bytes = (_: string, part: unknown) =>
    part instanceof Uint8Array ? new TextDecoder("latin1").decode(part) : part;
  const kept: string[] = [];
  for await (const { key, value } of kv.list({ prefix: [] })) {
    kept.push(JSON.stringify([key, value], bytes));
  }
  return kept;
}
