// Connected accounts in bulk: filters, chosen rows, what would be revoked, progress, file; with scripts on and off.

import { expectGoodLooks } from "../support/looks.mjs";
import { expect, test } from "../support/test.mjs";
import { Portal } from "../support/portal.mjs";

test("the list, its question, break glass and the organization look good", async ({ page, furnished }, testInfo) => {
  const portal = new Portal(page);
  const list = `${furnished.path}/connected-accounts`;
  const pages = [
    ["filtered", `${list}?q=user_&status=active&group=`],
    ["more filters", `${list}?reason=revoked_by_application&unused=never`],
    ["question", `${list}/revoke?provider=zoom`],
    ["nothing to revoke", `${list}/revoke?end_user=nobody`],
    ["break glass", `${list}/break-glass`],
    ["organization", "/settings/organization"],
  ];
  for (const [name, address] of pages) {
    await portal.open(address);
    await expectGoodLooks(page, testInfo, name);
  }
});

for (const scripts of [true, false]) {
  test.describe(scripts ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: scripts });

    test("chosen accounts are shown, confirmed and revoked, and the rest stay", async ({ page, server, playwright, application, backend }) => {
      const { connectQuietly } = await import("../support/connect.mjs");
      for (const [id, user] of [["user_1", "ada@example.com"], ["user_2", "grace@example.com"]]) {
        const session = await backend.invite({ end_user: { id }, providers: ["zoom"] });
        await connectQuietly(server, playwright, session.url, { user });
      }
      const portal = new Portal(page, { scripts });
      await portal.open(`${application.path}/connected-accounts`);
      await page.getByRole("checkbox", { name: "Choose user_1" }).check();
      await portal.press("Revoke chosen");
      await portal.at("Revoke 1 connected account?");
      await page.getByLabel("Type 1 to confirm").fill("2");
      await portal.press("Revoke account");
      await expect(page.getByRole("alert")).toContainText("Type 1 to confirm.");
      await page.getByLabel("Type 1 to confirm").fill("1");
      await portal.press("Revoke account");
      await portal.at("Bulk revocation");
      await expect(async () => {
        if (!scripts) await page.reload();
        await expect(page.getByRole("main")).toContainText("1 of 1 revoked", { timeout: 500 });
      }).toPass({ timeout: 15_000 });
      await portal.open(`${application.path}/connected-accounts?status=active`);
      await expect(page.getByRole("link", { name: "user_2", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "user_1", exact: true })).toBeHidden();
      const file = await page.request.get(`${application.path}/connected-accounts.csv?status=revoked`);
      expect(file.headers()["content-disposition"]).toContain("connected-accounts.csv");
      expect((await file.text()).trim().split("\r\n")).toHaveLength(2);
    });
  });
}
