/**
 * A token path as a first sketch of a broker has it, on Cloudflare's runtime: the
 * person is in the body, the token in KV as plain JSON; nobody asks who calls.
 *
 * @module
 */

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/token/")) return new Response("ok");
    const service = url.pathname.split("/")[2];
    const { user_id: person } = await request.json();
    const stored = await env.KV.get(`${person}_${service}_token`, "json");
    if (Date.now() > stored.expires_at) return new Response("refresh", { status: 503 });
    const { access_token, expires_at } = stored;
    return new Response(JSON.stringify({ access_token, expires_at }));
  },
};
