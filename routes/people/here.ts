/**
 * Where a signed-in person is, for the frame of their pages.
 *
 * @module
 */

import type { AppDeps } from "../http/deps.ts";
import type { Here } from "../http/page/layout.tsx";
import type { Person } from "../http/session_cookie.ts";

/** A page of theirs. */
export function hereOf(
  { gateway }: Pick<AppDeps, "gateway">,
  { session }: Person,
  at: Here["at"],
): Here {
  return { label: session.label, at, isOperator: gateway.isOperator(session) };
}
