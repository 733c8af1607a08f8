/**
 * `deno task admin status`: how a deployment stands, in numbers. It names nobody.
 *
 * @module
 */

import type { ConnectionCount, CountStore, DeadReason } from "../../broker/core/counts.ts";
import { countByKey } from "../../vault/rekey.ts";
import { countAccess } from "../../vault/survey.ts";
import { listRetired } from "../../vault/retired_keys.ts";
import type { Records } from "../../vault/records.ts";
import { readSchema, SCHEMA_VERSION } from "../../vault/schema.ts";
import { listSealers } from "../../vault/sealers.ts";
import { allDead } from "./all_dead.ts";
import { type Args, type Command, EXIT } from "./command.ts";
import { json, many, shownTime } from "./output.ts";
import { type Program, withProgram } from "./program.ts";

export const command: Command = {
  usage: "status [--json]",
  shape: { positionals: 0, switches: ["json"] },
  run: (args) => withProgram((program) => status(program, args)),
};

type Status = Awaited<ReturnType<typeof statusOf>>;

async function status(program: Program, args: Args): Promise<number> {
  const found = await statusOf(program);
  if (args.has("json")) console.log(json(found, 2));
  else for (const line of linesOf(found)) console.log(line);
  return EXIT.done;
}

async function statusOf({ vault: { store, records, ring }, living, world }: Program) {
  const { isWhole, people, connections } = await store.counts.read();
  const view = await living.settings.view();
  const sealers = await listSealers(records, world.now());
  const sealed = await countByKey(records);
  const retired = await listRetired(records);
  const [sealing] = await ring.ids();
  return {
    // Else an older deployment's connections are still being counted.
    counted: isWhole,
    people,
    connections: connections.filter(({ service }) => service === undefined)
      .map(({ provider, state, count }) => ({ provider, status: state, count })),
    dead: await deadByReason(store.counts),
    access: await countAccess(records),
    apps: view.apps.map(({ realm, keys, services, fault }) => ({
      realm,
      keys: keys.map((key) =>
        key.source === "env"
          ? { source: key.source }
          : { source: key.source, id: key.id, made_at: key.made.at, made_by: key.made.by }
      ),
      services,
      fault,
    })),
    operators: view.operators.map(({ provider, source }) => ({ provider, source })),
    upstreams: view.upstreams.map(({ name, source, fault }) => ({ name, source, fault })),
    schema: await schemaOf(records),
    // This command is one of them while it looks, and leaves itself out.
    processes: sealers.filter(({ since }) => since < started).map((each) => ({
      key: each.key,
      opens: each.opens,
      since: each.since,
      schema: each.schema,
    })),
    keys: [...new Set([...await ring.ids(), ...sealed.keys()])].map((id) => ({
      id,
      records: sealed.get(id) ?? 0,
      seals: id === sealing,
      retired: retired.includes(id),
    })),
  };
}

const started = Date.now();

async function schemaOf(records: Records) {
  const { version, reads, upgrading } = (await readSchema(records)).value;
  return { version, reads, known: SCHEMA_VERSION, upgrading_to: upgrading?.to };
}

async function deadByReason(counts: CountStore): Promise<Partial<Record<DeadReason, number>>> {
  const reasons: Partial<Record<DeadReason, number>> = {};
  for await (const { reason } of allDead(counts)) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return reasons;
}

const STATES: Record<ConnectionCount["state"], string> = {
  active: "work",
  reauthorization_required: "have to be connected again",
  moved: "were moved out",
};

const REASONS: Record<DeadReason, string> = {
  grant_over: "ended at the provider",
  refused: "refused by the provider for more than a day",
  ended: "ended here",
  moved: "moved out",
};

function* linesOf(found: Status): Generator<string> {
  yield `people       ${found.people}${found.counted ? "" : " so far: they are being counted"}`;
  for (const { provider, status, count } of found.connections) {
    yield `connections  ${provider}: ${count} ${STATES[status]}`;
  }
  for (const [reason, count] of Object.entries(found.dead)) {
    yield `dead         ${count} ${REASONS[reason as DeadReason]}`;
  }
  const { grants, session_tokens, clients, sessions } = found.access;
  yield `access       ${many(grants, "grant")} of MCP clients and personal tokens, ` +
    `${many(session_tokens, "session token")}, ${many(clients, "registered client")}, ` +
    `${many(sessions, "browser")} signed in`;
  for (const { realm, keys, services, fault } of found.apps) {
    const each = keys.map((key) =>
      key.source === "env" ? "by API_KEYS" : `${key.id!.slice(0, 8)} made ${shownTime(key.made_at)}`
    );
    const may = services === undefined ? "" : `; for ${services.join(", ")}`;
    const keysOf = each.join(", ") || "none";
    yield `app          ${realm}: keys: ${keysOf}${may}${
      fault ? `; does not count: ${fault}` : ""
    }`;
  }
  for (const { name, source, fault } of found.upstreams) {
    yield `upstream     ${name}, by ${source}${fault ? `; does not count: ${fault}` : ""}`;
  }
  for (const { key, opens, since } of found.processes) {
    yield `process      since ${shownTime(since)}: seals with ${key}, opens with ${
      opens.join(", ")
    }`;
  }
  const { version, reads, upgrading_to: to } = found.schema;
  yield `form         ${version}${
    to ? `, on the way to ${to}` : ""
  }; programs that know ${reads} read it`;
  for (const { id, records, seals, retired } of found.keys) {
    yield `key          ${id}: ${many(records, "record")}${seals ? "; seals" : ""}${
      retired ? "; retired" : ""
    }`;
  }
}
