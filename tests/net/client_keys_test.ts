import { assertEquals } from "@std/assert";
import { createDocumentFetch, type DocumentOptions } from "../../net/client_document.ts";
import { assertRefused, openGateway } from "../support/attacks.ts";
import { createAuthority } from "../support/certificate.ts";
import { exchange, obtainCode } from "../support/mcp_client.ts";
import {
  asserting,
  assertion,
  documentClient,
  documentOf,
  newKey,
  type TestKey,
} from "../support/proving_client.ts";
import { HOST, TlsServer, write } from "../support/tls_server.ts";

const authority = await createAuthority();

/** An answer to the question for the keys. */
type KeysAnswer = (keys: string, server: TlsServer) => string;

function http(status: string, body: string, more: string[] = []): string {
  const type = "Content-Type: application/json";
  const length = `Content-Length: ${new TextEncoder().encode(body).length}`;
  return [`HTTP/1.1 ${status}`, type, length, ...more, "", body].join("\r\n");
}

/** A host with a document, whose keys are answered as the test wants. */
function startHost(key: TestKey, answer: KeysAnswer, jwksUri?: string): Promise<TlsServer> {
  const keys = JSON.stringify({ keys: [key.publicJwk] });
  const server = TlsServer.start({
    authority,
    host: HOST,
    behave: async (connection, request) => {
      const { url } = await server;
      const jwks_uri = jwksUri ?? url.replace("client.json", "jwks.json");
      const document = documentOf({ client_id: url, jwks_uri });
      const isKeys = request.startsWith("GET /jwks.json ");
      const text = isKeys ? answer(keys, await server) : http("200 OK", JSON.stringify(document));
      await write(connection, text);
    },
  });
  return server;
}

/** The answer of the token endpoint to a right assertion, and what the host was asked. */
async function proveWith(
  answer: KeysAnswer,
  { jwksUri, ...options }: DocumentOptions & { jwksUri?: string } = {},
) {
  const key = await newKey();
  await using server = await startHost(key, answer, jwksUri);
  const fetchDocument = createDocumentFetch({
    caCerts: [authority.cert],
    isAllowed: (address) => address === "127.0.0.1",
    resolve: (name) => Promise.resolve([name === HOST ? "127.0.0.1" : "10.0.0.1"]),
    ...options,
  });
  await using gateway = await openGateway({ fetchDocument });
  const client = documentClient(server.url);
  const code = await obtainCode(gateway, client);
  const proof = asserting(await assertion(gateway, key, { id: client.id }));
  const token = await exchange(gateway, client, code, proof);
  const paths = server.requests.map((request) => request.split(" ")[1]);
  return { token, paths };
}

Deno.test("a client's keys are fetched over TLS, as its document is", async () => {
  const { token, paths } = await proveWith((keys) => http("200 OK", keys));
  assertEquals([token.status, paths], [200, ["/client.json", "/jwks.json"]]);
});

Deno.test("keys that redirect, to wherever, are not followed", async () => {
  const targets = [
    "https://127.0.0.1/jwks.json",
    "http://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/jwks.json",
    "/other.json",
  ];
  for (const target of targets) {
    for (const status of ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"]) {
      const { token, paths } = await proveWith((keys) =>
        http(status, keys, [`Location: ${target}`])
      );
      assertRefused(token, "invalid_client");
      assertEquals(paths, ["/client.json", "/jwks.json"]);
    }
  }
});

Deno.test("keys in this program's own network are not asked for", async () => {
  const addresses = [
    "https://internal.example/jwks.json",
    "https://127.0.0.2/jwks.json",
    "https://[::1]/jwks.json",
    "https://169.254.169.254/jwks.json",
  ];
  for (const jwksUri of addresses) {
    const { token, paths } = await proveWith((keys) => http("200 OK", keys), { jwksUri });
    assertRefused(token, "invalid_client");
    assertEquals(paths, ["/client.json"]);
  }
});

Deno.test("keys that are too long, of another type, or no JSON, are no keys", async () => {
  const answers: KeysAnswer[] = [
    (keys) => http("200 OK", keys + " ".repeat(64 * 1024)),
    (keys) => http("200 OK", keys).replace("application/json", "text/html"),
    () => http("200 OK", "{"),
    () => http("200 OK", "[]"),
    () => http("200 OK", `{"keys":{}}`),
    () => http("200 OK", `{"keys":[${"[".repeat(100)}${"]".repeat(100)}]}`),
    (keys) => http("404 Not Found", keys),
    () => http("200 OK", JSON.stringify({ keys: Array(51).fill({ kty: "RSA" }) })),
  ];
  for (const answer of answers) {
    assertRefused((await proveWith(answer)).token, "invalid_client");
  }
});
