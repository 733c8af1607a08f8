/**
 * What services are called to people.
 *
 * @module
 */

interface Titled {
  title: string;
  services: { name: string; title: string }[];
}

/** "Gmail and Google Calendar", or the provider's name where nothing is named. */
export function titleOf(server: Titled, services: string[], lang: string): string {
  const titles = titlesOf(server, services);
  return titles.length === 0 ? server.title : new Intl.ListFormat(lang).format(titles);
}

/** More than these stand in nobody's way: the words say all. */
const MOST_MARKS = 4;

/** Whose marks stand on a page about some services; the provider's where nothing is named. */
export function marksOf(
  server: Titled & { name: string },
  services: string[],
): { name: string; title: string }[] {
  const named = server.services.filter(({ name }) => services.includes(name));
  return named.length === 0 ? [server] : named.slice(0, MOST_MARKS);
}

/** The titles of some services, in the provider's order. */
export function titlesOf({ services: all }: Titled, services: string[]): string[] {
  return all.filter(({ name }) => services.includes(name)).map(({ title }) => title);
}
