/**
 * What is found in the database: whether its keys are here, and how its
 * connections stand.
 *
 * @module
 */

import { misconfigured, refusingClient } from "../../broker/tokens/provider_notes.ts";
import type { ProviderFault } from "../../broker/core/store.ts";
import { variable } from "../../broker/core/variable.ts";
import { findMissingKeys } from "../../vault/key_check.ts";
import type { KeyRing } from "../../vault/key_ring.ts";
import { createProviderStore } from "../../vault/provider_records.ts";
import type { Records } from "../../vault/records.ts";
import { countByKey } from "../../vault/rekey.ts";
import { listRetired } from "../../vault/retired_keys.ts";
import { type ProviderCount, surveyConnections } from "../../vault/survey.ts";
import type { Finding } from "./finding.ts";

/** A database, and what should open it. */
export interface VaultLook {
  records: Records;
  ring: KeyRing;
  /** Of the ring, the first one seals. */
  ids: string[];
  /** Providers that are set up. */
  providers: string[];
  now: number;
}

/** Looks at everything, and changes nothing. */
export async function vaultFindings(look: VaultLook): Promise<Finding[]> {
  const { records, ring } = look;
  return [
    ...await keyFindings(look),
    ...connectionFindings(await surveyConnections(records, ring), look.providers),
    ...await clientFindings(look),
  ];
}

/** Which providers have refused this program's client, or calls, of late, as running gateways noted it. */
async function clientFindings({ records, providers, now }: VaultLook): Promise<Finding[]> {
  const events = createProviderStore(records);
  const refusing = await refusingClient(events, providers, now);
  const faults = await misconfigured(events, providers, now);
  return [...refusing.map(clientFinding), ...faults.map(faultFinding)];
}

function faultFinding([provider, { at, detail }]: [string, ProviderFault]): Finding {
  return {
    what: "providers",
    state: "fault",
    found: `${provider} refused calls: ${detail}`,
    cure: `Mend it in the provider's console. It was last found at ${
      new Date(at).toISOString().slice(0, 16)
    }Z, and is told for an hour after that.`,
  };
}

function clientFinding(provider: string): Finding {
  const [id, secret] = ["CLIENT_ID", "CLIENT_SECRET"].map((each) => variable(provider, each));
  return {
    what: "providers",
    state: "fault",
    found: `${provider} does not accept this deployment's client.`,
    cure:
      `Compare ${id} and ${secret} with the provider's console: one of them is wrong, or was replaced there.`,
  };
}

async function keyFindings({ records, ring, ids }: VaultLook): Promise<Finding[]> {
  const [first = "", ...others] = ids;
  const counts = await countByKey(records);
  const findings: Finding[] = [];
  if ((await listRetired(records)).includes(first)) {
    findings.push({
      what: "keys",
      state: "fault",
      found: `${first}, which would seal, was retired: nothing can be stored.`,
      cure:
        "Put another key in front of ENCRYPTION_KEYS; a new one needs an id that was never used.",
    });
  }
  for (const { id } of await findMissingKeys(records, ring)) {
    const listed = ids.includes(id) ? "is another key by the same id" : "is not in ENCRYPTION_KEYS";
    findings.push({
      what: "keys",
      state: "fault",
      found: `${id}, which sealed ${counts.get(id) ?? 0} records, ${listed}.`,
      cure: `Put ${id} back, behind the key that seals. Where it is lost, see "connections".`,
    });
  }
  if (findings.length > 0) return findings;
  const old = others.filter((id) => counts.has(id));
  const found = `all that is stored opens; ${first} seals, and has sealed ${
    counts.get(first) ?? 0
  }.`;
  if (old.length === 0) return [{ what: "keys", state: "ok", found }];
  const left = old.map((id) => `${id} still opens ${counts.get(id)}`).join(", ");
  const cure = "`deno task rekey` seals everything under the first key.";
  return [{ what: "keys", state: "note", found: `${found} ${left}.`, cure }];
}

/** Pure. */
export function connectionFindings(counts: ProviderCount[], providers: string[]): Finding[] {
  const total = sum(counts.map(({ connections }) => connections));
  const waiting = sum(counts.map(({ byStatus }) => byStatus.reauthorization_required));
  const moved = sum(counts.map(({ byStatus }) => byStatus.moved));
  const findings: Finding[] = [{
    what: "connections",
    state: "ok",
    found: `${total}; ${waiting} wait for their person to connect again, ${moved} were moved out.`,
  }];
  const closed = counts.filter(({ unopened }) => Object.keys(unopened).length > 0);
  if (closed.length > 0) {
    const all = sum(closed.flatMap(({ unopened }) => Object.values(unopened)));
    const where = closed.map(({ provider, unopened }) => `${provider} ${underOf(unopened)}`);
    findings.push({
      what: "connections",
      state: "fault",
      found: `${all} of ${total} cannot be opened: ${where.join("; ")}.`,
      cure:
        "Put the missing key back into ENCRYPTION_KEYS. Where it is lost nothing opens them: each " +
        "is replaced when its person connects again, and DELETE /connections/{service} takes it away.",
    });
  }
  for (const { provider, connections } of counts) {
    if (providers.includes(provider)) continue;
    findings.push({
      what: "connections",
      state: "note",
      found:
        `${connections} are of ${provider}, which is not set up: kept, and nobody is served from them.`,
      cure: "Set its variables again.",
    });
  }
  return findings;
}

function underOf(unopened: Record<string, number>): string {
  return Object.entries(unopened).map(([id, count]) => `${count} under ${id}`).join(", ");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
