using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [
        (name = "main", esModule = embed "oauth_provider_worker.js"),
        (name = "@cloudflare/workers-oauth-provider", esModule =
          embed "../node_modules/@cloudflare/workers-oauth-provider/dist/oauth-provider.js"),
      ],
      compatibilityDate = "2026-01-01",
      compatibilityFlags = ["nodejs_compat"],
      bindings = [(name = "OAUTH_KV", kvNamespace = "kv")],
    )),
    (name = "kv", worker = (
      modules = [(name = "main", esModule = embed "kv_service.js")],
      compatibilityDate = "2026-01-01",
      bindings = [(name = "INITIAL", json = "{}")],
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
