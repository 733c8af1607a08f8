/**
 * A provider's token endpoint, in a process of its own: every refresh takes the
 * same time and is answered with tokens of an hour. `GET /count` says how many
 * there were.
 *
 * @module
 */

const [port = "", takesMs = "200"] = Deno.args;
let count = 0;

Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/count") return Response.json(count);
  if (pathname !== "/oauth2/token") return new Response("ok");
  const form = await request.formData();
  const number = ++count;
  await new Promise((resolve) => setTimeout(resolve, Number(takesMs)));
  return Response.json({
    access_token: `refreshed-${number}-${"x".repeat(150)}`,
    refresh_token: form.get("refresh_token"),
    token_type: "Bearer",
    expires_in: 3600,
    scope: "https://www.googleapis.com/auth/calendar",
  });
});
