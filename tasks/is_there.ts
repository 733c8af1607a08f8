/**
 * Whether there is something by a name.
 *
 * @module
 */

/** Follows links. Throws where that cannot be told, such as in a folder that is closed. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
