/**
 * Where people sign in.
 *
 * @module
 */

/** The page that leads back to a path of ours, with its query. */
export function signInPath(returnTo: string): string {
  return `/sign-in?${new URLSearchParams({ return_to: returnTo })}`;
}
