// The reference for developers: plain pages for everybody, in every size and theme, with nothing from elsewhere.

import { expectGoodLooks } from "../support/looks.mjs";
import { NOBODY, expect, test } from "../support/test.mjs";

test.use({ storageState: NOBODY, javaScriptEnabled: false });

const PAGES = [
  { name: "API reference", path: "/docs" },
  { name: "Problems", path: "/docs/problems" },
];

for (const { name, path } of PAGES) {
  test(`${name}: for everybody, in both sizes and themes`, async ({ page, server }, testInfo) => {
    // axe takes its time over some 4,000 elements, four times.
    test.setTimeout(300_000);
    const elsewhere = [];
    page.on("request", (request) => request.url().startsWith(server.url) || elsewhere.push(request.url()));
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expectGoodLooks(page, testInfo, `docs-${name}`);
    expect(elsewhere.filter((url) => !url.startsWith("data:"))).toEqual([]);
  });
}

test("contents lead to operations, and operations to what their problems mean", async ({ page }) => {
  await page.goto("/docs");
  await page.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Fetches a token", exact: true }).click();
  await expect(page).toHaveURL(/\/docs#fetchToken$/);
  const operation = page.locator("#fetchToken");
  await expect(operation.getByRole("heading", { name: "Fetches a token" })).toBeInViewport();
  await expect(operation.getByText("tokens:read")).toBeVisible();
  await expect(operation.getByRole("rowheader", { name: /^access_token/ })).toBeVisible();
  await operation.getByRole("link", { name: "needs_reconnect" }).click();
  await expect(page).toHaveURL(/\/docs\/problems#needs_reconnect$/);
  await expect(page.locator("#needs_reconnect").getByText("What to do:")).toBeInViewport();
});

test("every link within the reference leads somewhere", async ({ page, request }) => {
  for (const { path } of PAGES) {
    await page.goto(path);
    const links = await page.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    const missing = [];
    for (const anchor of links.filter((href) => href.startsWith("#"))) {
      if ((await page.locator(anchor).count()) !== 1) missing.push(anchor);
    }
    expect(missing).toEqual([]);
    for (const href of new Set(links.filter((href) => href.startsWith("/") && href !== "/").map((href) => href.split("#")[0]))) {
      expect((await request.get(href)).status(), href).toBe(200);
    }
  }
});
