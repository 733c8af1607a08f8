/**
 * `deno task marks` writes down the marks of the services that are known by
 * name, as the package simple-icons draws them: it is to be run where a service
 * was added. The package is fetched for that alone.
 *
 * What it draws is dedicated to the public (CC0 1.0), but for icons that say
 * otherwise, which are not taken. The marks stay their owners': they stand here
 * for nothing but to show which service is meant.
 *
 * @module
 */

import { officialServers } from "../providers/discovered/official.ts";
import { knownModules } from "../providers/known.ts";
import { lookUp } from "../broker/core/lists.ts";

const SOURCE = { package: "simple-icons/icons.json", config: "tests/marks/packages.json" };

/** Icons of another name than the service has. */
const ICONS: Record<string, string> = {
  calendar: "googlecalendar",
  drive: "googledrive",
  fortytwo: "42",
  twitter: "x",
};

/** One mark, of one brand. */
export interface BrandMark {
  /** Whose it is. */
  title: string;
  /** `#rrggbb` */
  color: string;
  /** In a square of 24 by 24. */
  path: string;
}

/** What stands in `broker/core/marks/brands.json`. */
export interface Brands {
  /** By the icon's name; several services may have one. */
  brands: Record<string, BrandMark>;
  /** Which one a service has; the others have letters. */
  services: Record<string, string>;
}

/** All services that are known by name: of ours, and of their own servers. */
export function knownServices(): string[] {
  const own = knownModules.flatMap(({ services }) => services);
  return [...new Set([...own, ...officialServers.map(({ name }) => name)])].toSorted();
}

/** What is to be written down. */
export async function brandMarks(): Promise<Brands> {
  const names = knownServices();
  const slugs = [...new Set(names.map(iconOf))].toSorted();
  const icons = await readIcons(slugs);
  const found = slugs.flatMap((slug, at) => {
    const icon = icons[at];
    return icon === null || icon === undefined ? [] : [[slug, markOf(slug, icon)] as const];
  });
  const brands = Object.fromEntries(found);
  return {
    brands,
    services: Object.fromEntries(
      names.map((name) => [name, iconOf(name)]).filter(([, slug]) => Object.hasOwn(brands, slug!)),
    ),
  };
}

/** A service of another kind (`notion_key`, `linear_mcp`) is still the same brand's. */
function iconOf(name: string): string {
  const bare = name.replace(/_(?:mcp|key|client|app)$/, "");
  return lookUp(ICONS, bare) ?? bare;
}

interface Icon {
  title: string;
  hex: string;
  svg: string;
  license?: { type: string } | undefined;
}

function markOf(slug: string, { title, hex, svg, license }: Icon): BrandMark {
  if (license !== undefined && license.type !== "CC0-1.0") {
    throw new Error(`${slug} may be used under ${license.type} only: give it letters`);
  }
  const [, path] =
    /^<svg [^>]*viewBox="0 0 24 24"[^>]*><title>[^<]*<\/title><path d="([^"]+)"\/><\/svg>$/
      .exec(svg.trim()) ?? [];
  // It is put into pages as it is.
  if (path === undefined || !/^[MmLlHhVvCcSsQqTtAaZzEe0-9 .,+-]+$/.test(path)) {
    throw new Error(`${slug} is not drawn with one path`);
  }
  return { title, color: `#${hex.toLowerCase()}`, path };
}

async function readIcons(slugs: string[]): Promise<(Icon | null)[]> {
  const args = [
    ...["run", "--allow-read", "--allow-env", "--quiet", "--config", SOURCE.config],
    ...["tests/marks/icons.ts", SOURCE.package, ...slugs],
  ];
  const cwd = new URL("../", import.meta.url);
  const how = { args, cwd, env: { NO_COLOR: "1" } };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), how).output();
  if (!success) throw new Error(`Cannot read icons: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const file = new URL("../broker/core/marks/brands.json", import.meta.url);
  await Deno.writeTextFile(file, JSON.stringify(await brandMarks()));
}
