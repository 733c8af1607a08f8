import { assertEquals, assertThrows } from "@std/assert";
import type { ProviderApi } from "../../../broker/core/provider_api.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { targetUrl } from "../../../routes/api/proxy_target.ts";

const PROXY = "http://localhost:8000/proxy/acme";
const API = "https://api.acme.example/v1";

/** A provider whose module makes an address of a path in a way of its own. */
function providerWith(
  apiUrl: (path: string) => string,
  apiHosts?: string[],
): ProviderApi {
  return {
    name: "acme",
    title: "Acme",
    apiUrl: (path) => new URL(apiUrl(path)),
    apiHosts,
    apiHeaders: {},
    authorize() {},
  };
}

Deno.test("targetUrl() goes below the API's address, with the query as it came", () => {
  const provider = providerWith((path) => API + path);
  assertEquals(
    targetUrl(`${PROXY}/notes/1?q=%2F..`, provider, undefined).href,
    `${API}/notes/1?q=%2F..`,
  );
});

Deno.test("targetUrl() sends no token elsewhere, whatever a provider's module makes of a path", () => {
  const elsewhere = [
    "https://evil.example/v1",
    "https://api.acme.example.evil.example/v1",
    "https://api.acme.example:8443/v1",
    "http://api.acme.example/v1",
    "https://eve@api.acme.example/v1",
    "https://:secret@api.acme.example/v1",
    "https://api.acme.example@evil.example/v1",
  ];
  for (const other of elsewhere) {
    // The address of `/` is the right one: a path alone leads astray.
    const provider = providerWith((path) => (path === "/" ? API : other) + path);
    for (const hosts of [undefined, ["api.acme.example"]]) {
      const refused = () =>
        targetUrl(`${PROXY}/notes`, { ...provider, apiHosts: hosts }, undefined);
      assertEquals(assertThrows(refused, Refusal).reason.code, "invalid_request");
    }
  }
});

Deno.test("targetUrl() goes to each host that the provider names, and to no other", () => {
  const upload = "https://upload.acme.example";
  const hosts = ["api.acme.example", "upload.acme.example"];
  const at = (host: string) => providerWith((path) => (path === "/" ? API : host) + path, hosts);
  assertEquals(targetUrl(`${PROXY}/file`, at(upload), undefined).href, `${upload}/file`);
  assertThrows(
    () => targetUrl(`${PROXY}/file`, at("https://files.acme.example"), undefined),
    Refusal,
  );
});
