/**
 * What became of a request that got no answer.
 *
 * @module
 */

/** Whether a connection came not about: then nothing was sent. Deno says so in words alone. */
export function isUnsent(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { message } = at;
    if (message.includes("client error (Connect)")) return true;
  }
  return false;
}
