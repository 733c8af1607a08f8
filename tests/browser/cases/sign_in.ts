import { assertEquals } from "@std/assert";
import { expectAccessible } from "../accessible.ts";
import { signIn, withPage } from "../harness.ts";
import { expectKeyboard } from "../keyboard.ts";
import { shots } from "../shots.ts";

Deno.test("a person signs in, and comes to their own page", async () => {
  await withPage({}, async ({ page, gateway }) => {
    await page.goto(gateway.url);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expectAccessible(page);
    await expectKeyboard(page);
    await shots(page, "sign_in");
    await signIn(page);
    await page.waitForURL(`${gateway.url}/`);
    await page.getByText("Signed in as").waitFor();
    await expectAccessible(page);
    await expectKeyboard(page);
    await shots(page, "dashboard");
    assertEquals(page.url(), `${gateway.url}/`);
  });
});
