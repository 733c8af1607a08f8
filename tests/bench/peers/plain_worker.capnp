using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "main", esModule = embed "plain_worker.js")],
      compatibilityDate = "2026-01-01",
      bindings = [(name = "KV", kvNamespace = "kv")],
    )),
    (name = "kv", worker = (
      modules = [(name = "main", esModule = embed "kv_service.js")],
      compatibilityDate = "2026-01-01",
      bindings = [(name = "INITIAL", json = embed "initial_kv.json")],
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
