/**
 * `deno task admin revoke <realm:id>`: ends connections of one person as they
 * would themselves: at the provider, then here, and says which of the two
 * happened.
 *
 * @module
 */

import { endConnection } from "../../broker/connect/disconnect.ts";
import type { Revocation } from "../../broker/core/authorization_server.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { servicesOf } from "../../broker/core/scopes.ts";
import { type Args, type Command, EXIT } from "./command.ts";
import { type EndedConnection, endedLine, isUntold } from "./ended.ts";
import { confirmed, json, many, shown } from "./output.ts";
import { ADMIN, type Program, withProgram } from "./program.ts";
import { readSubject } from "./subject.ts";

export const command: Command = {
  usage: "revoke <realm:id> [--service <name>] [--account <id or label>] [--yes] [--json]",
  shape: { positionals: 1, values: ["service", "account"], switches: ["yes", "json"] },
  async run(args) {
    const subject = readSubject(args.positionals[0]!);
    return await withProgram((program) => revoke(program, subject, args));
  },
};

const BY_OPERATOR = { by: "operator" } as const;

/** A connection that is meant. */
interface Meant {
  provider: string;
  account: string;
  label?: string | undefined;
}

async function revoke(program: Program, subject: Subject, args: Args): Promise<number> {
  const meant = await meantBy(program, subject, args);
  if (meant.length === 0) {
    console.error("There is no such connection.");
    return EXIT.failed;
  }
  for (const { provider, account, label } of meant) {
    console.error(`${provider}, account ${shown(account)}${label ? ` (${shown(label)})` : ""}`);
  }
  const all = many(meant.length, "connection");
  if (!confirmed(`End ${all} of ${shown(subject)}?`, args.has("yes"))) return EXIT.failed;
  const ended: EndedConnection[] = [];
  for (const each of meant) ended.push(await endOne(program, subject, each));
  if (args.has("json")) console.log(json({ subject, connections: ended }, 2));
  else for (const each of ended) console.log(endedLine(each));
  return ended.some(isUntold) ? EXIT.partly : EXIT.done;
}

/** A service names all of its connection, which ends as a whole. */
async function meantBy(
  { vault: { store }, living }: Program,
  subject: Subject,
  args: Args,
): Promise<Meant[]> {
  const { opened, unopened } = await store.connections.survey(subject);
  const [service, account] = [args.value("service"), args.value("account")];
  const isAccount = ({ account: id, label }: Meant) =>
    account === undefined || id === account || label?.toLowerCase() === account.toLowerCase();
  // A provider that is not set up any more is still known by its own name.
  const all = [...opened.map(({ value }) => value), ...unopened.map(({ ref }) => ref)];
  const isOfProvider = all.some(({ provider }) => provider === service);
  const target = service === undefined || isOfProvider ? undefined : living.broker.resolve(service);
  return [
    ...opened.filter(({ value: { provider, tokens } }) =>
      service === undefined || provider === service ||
      (target?.server.name === provider &&
        (target.isProvider || servicesOf(target.server, tokens.scopes)
          .some(({ name }) => name === service)))
    ).map(({ value: { provider, account, label } }): Meant => ({ provider, account, label })),
    // What such a one is for nobody knows: it is named by its provider.
    ...unopened.filter(({ ref }) => service === undefined || ref.provider === service)
      .map(({ ref: { provider, account } }): Meant => ({ provider, account })),
  ].filter(isAccount);
}

/** Exactly this one: by its label another one could be taken for it. */
async function endOne(
  { vault: { store }, living, activity, world }: Program,
  subject: Subject,
  { provider, account, label }: Meant,
): Promise<EndedConnection> {
  const { connections, handoffs } = store;
  for (;;) {
    const { opened, unopened } = await connections.survey(subject, provider);
    const stored = opened.find(({ value }) => value.account === account);
    const closed = unopened.find(({ ref }) => ref.account === account);
    const server = serverOf(living, provider);
    let revocation: Revocation;
    if (stored !== undefined && server !== undefined) {
      revocation = await endConnection(
        { connections, handoffs, world },
        server,
        BY_OPERATOR,
        stored,
      );
    } else {
      const found = stored ?? closed;
      const ref = { subject, provider, account };
      if (found !== undefined && !await connections.delete(ref, found.version, BY_OPERATOR)) {
        continue;
      }
      revocation = { kind: "failed", reason: reasonFor({ isThere: !!found, isOpen: !!stored }) };
    }
    const what = "disconnected" as const;
    activity.note({
      at: world.now(),
      what,
      subject,
      actor: ADMIN,
      provider,
      account,
      outcome: "ok",
    });
    return { provider, account, label, revocation };
  }
}

function reasonFor({ isThere, isOpen }: { isThere: boolean; isOpen: boolean }): string {
  if (!isThere) return "it was ended by another request";
  return isOpen ? "this provider is not set up here any more" : "its tokens cannot be opened";
}

function serverOf(living: Program["living"], provider: string) {
  try {
    return living.broker.resolve(provider).server;
  } catch (error) {
    if (error instanceof Refusal && error.reason.code === "unknown_service") return undefined;
    throw error;
  }
}
