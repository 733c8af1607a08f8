/**
 * What a provider's variables are called.
 *
 * @module
 */

/** `github` → `GITHUB_CLIENT_ID`. */
export function variable(provider: string, suffix: string): string {
  return `${provider.toUpperCase().replaceAll("-", "_")}_${suffix}`;
}
