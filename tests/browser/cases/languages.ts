import { expectAccessible } from "../accessible.ts";
import { signIn, withPage } from "../harness.ts";
import { shots } from "../shots.ts";
import { USER } from "../../support/gateway.ts";

/** Of each language, with what its pages begin. Its words are longer than those in English. */
const HEADINGS: Record<string, Record<"signIn" | "home" | "link" | "gone", string>> = {
  de: {
    signIn: "Bei Switchboard anmelden",
    home: "Deine Dienste",
    link: "Gmail verbinden?",
    gone: "Hier ist nichts",
  },
  es: {
    signIn: "Iniciar sesión en Switchboard",
    home: "Tus servicios",
    link: "¿Conectar Gmail?",
    gone: "Aquí no hay nada",
  },
};

for (const [language, headings] of Object.entries(HEADINGS)) {
  Deno.test(`pages in "${language}" are in that language, fit and can be read`, async () => {
    await withPage({ language, statuses: [404] }, async ({ page, gateway }) => {
      const see = async (name: string, heading: string) => {
        await page.getByRole("heading", { level: 1, name: heading }).waitFor();
        await expectAccessible(page);
        await shots(page, `${language}_${name}`);
      };
      await page.goto(gateway.url);
      await see("sign_in", headings.signIn);
      await signIn(page);
      await page.waitForURL(`${gateway.url}/`);
      await see("home", headings.home);
      const body = { user_id: USER, service: "gmail" };
      await page.goto((await gateway.api("/links", { body })).json.url);
      await see("link", headings.link);
      await page.goto(`${gateway.url}/nowhere`);
      await see("nowhere", headings.gone);
    });
  });
}
