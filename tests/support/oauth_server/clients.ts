/**
 * The double's clients: registered (RFC 7591), made by an operator, or known
 * by their own document.
 *
 * @module
 */

import type { Heard, Method, OAuthBehaviour, Registered } from "./behaviour.ts";

/** Who a request says that it is of (RFC 6749 §2.3.1). */
export interface Presented {
  id: string;
  secret?: string | undefined;
  method: Method;
}

/** RFC 7591 §3: what is registered, and the answer. */
export function register(
  { body }: Heard,
  behaviour: OAuthBehaviour,
  registrations: Registered[],
): Response {
  const error = behaviour.refuseRegistration?.(body);
  if (error !== undefined) return Response.json({ error }, { status: 400 });
  const method = body.token_endpoint_auth_method ?? "client_secret_basic";
  const id = `client-${registrations.length + 1}-${crypto.randomUUID()}`;
  const hasSecret = behaviour.alwaysSecret || method !== "none";
  const answer: Record<string, unknown> = {
    ...body,
    client_id: id,
    client_id_issued_at: Math.floor((behaviour.now?.() ?? Date.now()) / 1000),
    client_secret: hasSecret ? `secret-${crypto.randomUUID()}` : undefined,
    client_secret_expires_at: hasSecret ? 0 : undefined,
    token_endpoint_auth_method: method,
    ...behaviour.registration,
  };
  registrations.push({
    id: String(answer.client_id),
    secret: answer.client_secret as string | undefined,
    redirectUris: body.redirect_uris,
    scopes: typeof body.scope === "string" ? body.scope.split(" ") : undefined,
  });
  return Response.json(answer, { status: behaviour.registrationStatus ?? 201 });
}

/** A client by its id. */
export async function clientOf(
  id: string,
  { clients = {}, documents }: OAuthBehaviour,
  registrations: Registered[],
): Promise<Registered | undefined> {
  const made = clients[id];
  if (made !== undefined) return { id, ...made };
  if (!documents || !URL.canParse(id)) return registrations.find((each) => each.id === id);
  const document = await (await fetch(id)).json();
  if (document.client_id !== id) return undefined;
  return { id, redirectUris: document.redirect_uris, scopes: document.scope?.split(" ") };
}

export function presentedBy({ headers, body }: Heard): Presented {
  const [, basic] = /^Basic (.+)$/.exec(headers.get("Authorization") ?? "") ?? [];
  if (basic !== undefined) {
    const [id = "", secret = ""] = atob(basic).split(":").map((part) =>
      decodeURIComponent(part.replaceAll("+", " "))
    );
    return { id, secret, method: "client_secret_basic" };
  }
  const { client_id: id = "", client_secret: secret } = body;
  return { id, secret, method: secret === undefined ? "none" : "client_secret_post" };
}
