import { assertEquals, assertRejects } from "@std/assert";
import type { ProviderApi } from "../../../broker/core/provider_api.ts";
import type { TokenSet } from "../../../broker/core/connection.ts";
import { forward } from "../../../routes/api/proxy_forward.ts";
import type { AppDeps } from "../../../routes/http/deps.ts";
import { testWorld } from "../../support/world.ts";

Deno.test("for a caller that has hung up by then nothing is sent, and it is nobody's fault", async () => {
  const url = new URL("https://acme.example/x");
  const sent: URL[] = [];
  const deps = {
    world: testWorld(),
    fetch: (url: URL, { signal }: RequestInit) => {
      signal!.throwIfAborted();
      sent.push(url);
      return Promise.reject(new TypeError("broken off"));
    },
  } as unknown as AppDeps;
  const provider = { title: "Acme", authorize: () => {}, apiHeaders: {} } as unknown as ProviderApi;
  const tokens: TokenSet = { accessToken: "t", tokenType: "Bearer", issuedAt: 0, scopes: [] };
  const hangUp = new AbortController();
  const forwarded = forward(deps, {
    request: new Request(url, { signal: hangUp.signal }),
    provider,
    aimFor: () => ({ url, headers: {} }),
    tokensOf() {
      hangUp.abort();
      return Promise.resolve(tokens);
    },
  });
  const { name } = await assertRejects(() => forwarded, DOMException);
  assertEquals([name, sent], ["AbortError", []]);
});
