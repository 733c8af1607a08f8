import { assert, assertEquals } from "@std/assert";
import known from "../../broker/core/marks/brands.json" with { type: "json" };
import { officialServers } from "../../providers/discovered/official.ts";
import { allModules } from "../../start/all_providers.ts";
import { brandMarks } from "../../tasks/marks.ts";

const CURE = "marks are not those of the services and icons that are there: run `deno task marks`";

Deno.test("the marks that are written down are those of the services and the icons", async () => {
  assertEquals(known, await brandMarks(), CURE);
  for (const brand of Object.keys(known.brands)) {
    assert(Object.values(known.services).includes(brand), `nobody has the mark ${brand}`);
  }
});

Deno.test("no service has another brand's mark", () => {
  const titles = new Map(officialServers.map(({ name, title }) => [name, title]));
  const settings = { clientId: "i", clientSecret: "s", redirectUri: "https://a.example/c", fetch };
  for (const module of allModules("").modules) {
    for (const { name, title } of module.create(settings).services) titles.set(name, title);
  }
  for (const [name, brand] of Object.entries(known.services)) {
    const own = plain(titles.get(name) ?? "");
    const { title } = known.brands[brand as keyof typeof known.brands];
    assert(
      own.startsWith(plain(title)),
      `${name} is called ${titles.get(name)}, and has the mark of ${title}`,
    );
  }
});

function plain(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
