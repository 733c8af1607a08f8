/**
 * Lends a gateway token to the suite, which knows no authorization when it
 * tests a server. Everything else goes through as it is, `Host` and `Origin`
 * above all: some scenarios are about them.
 *
 * @module
 */

import http from "node:http";

/** A door to the gateway that needs no token. */
export interface Proxy extends AsyncDisposable {
  url: string;
}

/** Opens it on a free loopback port. */
export async function startProxy(target: string, token: string): Promise<Proxy> {
  const { port } = new URL(target);
  const server = http.createServer((request, response) => {
    const { method, url: path } = request;
    const headers = { authorization: `Bearer ${token}`, ...request.headers };
    const onward = http.request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return {
    url: `http://localhost:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
