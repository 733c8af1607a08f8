/**
 * What services are called to people.
 *
 * @module
 */

interface Titled {
  title: string;
  services: { name: string; title: string }[];
}

const list = new Intl.ListFormat("en");

/** "Gmail and Google Calendar", or the provider's name where nothing is named. */
export function titleOf(server: Titled, services: string[]): string {
  const titles = titlesOf(server, services);
  return titles.length === 0 ? server.title : list.format(titles);
}

/** The titles of some services, in the provider's order. */
export function titlesOf({ services: all }: Titled, services: string[]): string[] {
  return all.filter(({ name }) => services.includes(name)).map(({ title }) => title);
}
