/**
 * Every request of every tool is one that its vendor describes, and every
 * answer that the vendor describes is understood.
 *
 * The descriptions come from the package registry. Another version of one is
 * tried by `CONTRACT_PACKAGES`, see CONTRIBUTING.md.
 */

import { assert, assertEquals } from "@std/assert";
import { modulesWithTools } from "../support/own_tools.ts";
import { cases, KNOWN_FAULTS } from "./cases/cases.ts";
import { isOf } from "./cases/case.ts";
import { checkTool, type Finding } from "./checks.ts";
import { descriptionOf } from "./descriptions.ts";
import { judgeRequest } from "./judge.ts";
import packages from "./packages.json" with { type: "json" };
import { tableOf } from "./table.ts";
import type { Vendor } from "./vendor.ts";
import { vendors } from "./vendors/vendors.ts";
import { WRONG } from "./wrong_requests.ts";

const settings = { clientId: "x", clientSecret: "x", redirectUri: "http://localhost/cb", fetch };
const providers = modulesWithTools.map((module) => module.create(settings));
const owned = providers.flatMap((provider) => provider.tools.map((tool) => ({ provider, tool })));

const findings = new Map<string, Promise<Map<string, Finding>>>();

/** Once for a tool, whoever asks. */
function findingsOf(name: string): Promise<Map<string, Finding>> {
  const found = findings.get(name) ?? look(name);
  findings.set(name, found);
  return found;
}

async function look(name: string): Promise<Map<string, Finding>> {
  const { provider, tool } = owned.find(({ tool }) => tool.name === name)!;
  const vendor = vendorOf(tool.service);
  const ownCases = cases[name];
  assert(ownCases !== undefined, `${name} has no case in tests/contracts/cases/`);
  const description = await descriptionOf(vendor);
  return await checkTool({ vendor, description, provider, tool }, ownCases);
}

function vendorOf(service: string): Vendor {
  const vendor = vendors.find(({ services }) => services.includes(service));
  assert(vendor !== undefined, `nobody describes the service ${service}`);
  return vendor;
}

for (const { tool: { name } } of owned) {
  Deno.test(`${name} asks and understands as its vendor describes`, async () => {
    const known = KNOWN_FAULTS.filter((one) => isOf(one, name));
    const unknown: string[] = [];
    const met = new Set<string>();
    for (const [check, { faults }] of await findingsOf(name)) {
      for (const fault of faults) {
        const why = known.find((one) => one.check === check && fault.includes(one.fault));
        if (why === undefined) unknown.push(`${check}: ${fault}`);
        else met.add(why.fault);
      }
    }
    assertEquals(unknown, []);
    const mended = known.filter(({ fault }) => !met.has(fault));
    assertEquals(mended, [], "take what is mended from the list of known faults");
  });
}

Deno.test("every tool stands in the table of tools and checks", async () => {
  const rows = new Map<string, Map<string, Finding>>();
  for (const { tool } of owned) {
    const found = await findingsOf(tool.name).catch(() => undefined);
    if (found !== undefined) rows.set(tool.name, found);
  }
  console.log(tableOf(rows));
  assertEquals(owned.map(({ tool }) => tool.name).filter((name) => !rows.has(name)), []);
});

Deno.test("no case and no known fault is of a tool that does not exist", () => {
  const names = new Set(owned.map(({ tool }) => tool.name));
  assertEquals(Object.keys(cases).filter((name) => !names.has(name)), []);
  const ofNone = KNOWN_FAULTS.filter((one) => ![...names].some((name) => isOf(one, name)));
  assertEquals(ofNone, []);
});

Deno.test("whoever starts the program does not fetch what the vendors publish", async () => {
  for (const file of ["deno.json", "deno.lock"]) {
    const text = await Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
    const named = Object.keys(packages.imports).filter((name) =>
      text.includes(`"${name}@`) ||
      text.includes(`"npm:${name}@`)
    );
    assertEquals(named, [], file);
  }
});

for (const service of new Set(WRONG.map(([service]) => service))) {
  Deno.test(`a request that ${vendorOf(service).title} does not describe is found`, async () => {
    const vendor = vendorOf(service);
    const description = await descriptionOf(vendor);
    for (const [, line, json, fault] of WRONG.filter((row) => row[0] === service)) {
      const [method = "", url = ""] = line.split(" ");
      const headers = new Headers({ "Content-Type": "application/json" });
      const body = json === undefined ? undefined : JSON.stringify(json);
      const sent = { method, url: new URL(url), headers, body };
      const { faults } = vendor.judge?.(description, sent) ?? judgeRequest(description, sent);
      const isFound = fault === "" ? faults.length === 0 : faults.join("\n").includes(fault);
      assert(isFound, `${line} ${body ?? ""}: ${faults.join(", ") || "no fault was found"}`);
    }
  });
}
