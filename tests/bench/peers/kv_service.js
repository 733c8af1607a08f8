/**
 * What stands behind a KV binding of bare workerd: the binding asks it over HTTP.
 * Kept in memory, so that nobody's disk is measured.
 *
 * @module
 */

const values = new Map();

export default {
  async fetch(request, { INITIAL }) {
    if (values.size === 0) {
      for (const [name, value] of Object.entries(INITIAL)) values.set(name, JSON.stringify(value));
    }
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (request.method === "PUT") {
      values.set(key, await request.arrayBuffer());
      return new Response(null);
    }
    if (request.method === "DELETE") {
      values.delete(key);
      return new Response(null);
    }
    if (key === "") return Response.json({ keys: [], list_complete: true });
    const value = values.get(key);
    return new Response(value ?? null, { status: value === undefined ? 404 : 200 });
  },
};
