// Scripts take the pages over: what they add is there, on every page that has something to interact with.

import { Portal } from "../support/portal.mjs";
import { expect, open, said, test } from "../support/test.mjs";

/** Marks the document; a page that is loaded anew has lost the mark. */
async function mark(page) {
  await page.evaluate(() => (window.marked = true));
  return () => page.evaluate(() => window.marked === true);
}

test("the catalogue narrows while one types, without a navigation", async ({ page, application }) => {
  await open(page, `${application.path}/providers/new`);
  const [stays, address] = [await mark(page), page.url()];
  await expect(page.getByRole("link", { name: "Sandbox", exact: true })).toBeVisible();
  await page.getByLabel("Search").pressSequentially("zoo");
  await expect(page.getByRole("link", { name: "Sandbox", exact: true })).toBeHidden();
  await expect(page.getByRole("link", { name: "Zoom", exact: true })).toBeVisible();
  await page.getByLabel("Search").fill("nothing like it");
  await expect(page.getByText("No provider fits")).toBeVisible();
  expect(page.url()).toBe(address);
  expect(await stays()).toBe(true);
});

test("categories are links that keep the page", async ({ page, application }) => {
  await open(page, `${application.path}/providers/new`);
  const stays = await mark(page);
  await page.getByRole("navigation", { name: "Category" }).getByRole("link", { name: "Communication" }).click();
  await expect(page).toHaveURL(/category=Communication$/);
  await expect(page.getByRole("link", { name: "Sandbox", exact: true })).toBeHidden();
  expect(await stays()).toBe(true);
});

test("links of the sidebar change the page without loading it", async ({ page, application }) => {
  const portal = new Portal(page);
  await portal.open(application.path);
  const stays = await mark(page);
  for (const name of ["OAuth providers", "Connected accounts", "Connect sessions", "API keys", "Branding", "Settings", "Overview"]) {
    await portal.go(name);
    const current = page.getByRole("navigation", { name: "Portal" }).getByRole("link", { name, exact: true });
    await expect(current).toHaveAttribute("aria-current", "page");
    await expect(page).toHaveTitle(`${name} · Acme · Keybearer`);
  }
  expect(await stays()).toBe(true);
});

test("copied text is what is shown, and it is said", async ({ page, context, application, backend }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await open(page, `${application.path}/providers/zoom`);
  await page.getByRole("button", { name: "Copy redirect URI" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
  expect(await clipboard()).toBe((await backend.call("GET", "provider-configs/zoom")).body.redirect_uri);
  await open(page, "/applications");
  await page.getByRole("row", { name: new RegExp(application.id) }).getByRole("button", { name: "Copy id of Acme" }).click();
  await expect.poll(clipboard).toBe(application.id);
});

test("a key is made, shown and listed on the same page", async ({ page, application }) => {
  const portal = new Portal(page);
  await portal.open(`${application.path}/api-keys`);
  const stays = await mark(page);
  await portal.mintKey("First");
  await expect(page.getByRole("row", { name: /First/ })).toBeVisible();
  await portal.mintKey("Second");
  await expect(page.getByRole("row", { name: /Second/ })).toBeVisible();
  expect(await stays()).toBe(true);
});

test("a revoked key is refused from then on", async ({ page, application, backend }) => {
  const portal = new Portal(page);
  await portal.open(`${application.path}/api-keys`);
  expect((await backend.call("GET", "application")).status).toBe(200);
  await page.getByRole("row", { name: /Backend/ }).getByRole("link", { name: "Revoke" }).click();
  await portal.at("Revoke “Backend”");
  await portal.press("Revoke key");
  await portal.at("API keys");
  await portal.hears("The key is revoked: it is refused from now on.");
  expect((await backend.call("GET", "application")).status).toBe(401);
});

test("settings change the name in the sidebar too, and return addresses come and go", async ({ page, application, watch }) => {
  watch.allow(said(422));
  const portal = new Portal(page);
  await portal.open(`${application.path}/settings`);
  const stays = await mark(page);
  await page.getByLabel("Name", { exact: true }).fill("Acme Two");
  await portal.press("Save");
  await portal.hears("The settings are saved.");
  await expect(page.getByRole("navigation", { name: "Portal" }).getByText("Acme Two").first()).toBeVisible();

  await page.getByLabel("New return address").fill("http://example.com/connected");
  await portal.press("Add");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("New return address")).toHaveValue("http://example.com/connected");
  await page.getByLabel("New return address").fill("https://example.com/connected");
  await portal.press("Add");
  await expect(page.getByRole("listitem").filter({ hasText: "https://example.com/connected" })).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: "https://example.com/connected" }).getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "https://example.com/connected" })).toBeHidden();
  expect(await stays()).toBe(true);
});

test("a connect link made on the overview works", async ({ page, application, backend, endUser }) => {
  expect(backend).toBeTruthy();
  const portal = new Portal(page);
  await portal.open(application.path);
  await page.getByLabel("End user id").fill("user_7");
  await portal.press("Create connect link");
  const link = await page.getByRole("textbox", { name: "Connect link" }).inputValue();
  await endUser.goto(link);
  await expect(endUser.getByText("Acme asks to connect an account of user_7.")).toBeVisible();
});

test("filters of connected accounts are in the address and survive a reload", async ({ page, furnished }) => {
  const portal = new Portal(page);
  await portal.open(`${furnished.path}/connected-accounts`);
  await page.getByLabel("Status").selectOption("Needs reconnect");
  await portal.press("Filter");
  await expect(page).toHaveURL(/status=needs_reconnect/);
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("user_2");
  await page.reload();
  await expect(rows).toHaveCount(2);
  await expect(page.getByLabel("Status")).toHaveValue("needs_reconnect");
});

test("the theme follows the choice at once and after a reload", async ({ page }) => {
  await open(page, "/applications");
  await page.getByText("owner@example.com").click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a page that is not there says so with status 404", async ({ page, watch }) => {
  watch.allow(said(404));
  expect((await open(page, "/applications/nothing/at/all")).status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("another organization's application is not there", async ({ page, watch }) => {
  watch.allow(said(404));
  const answer = await open(page, "/applications/app_00000000000000000000000000");
  expect(answer.status()).toBe(404);
  await expect(page.getByRole("alert")).toContainText("Not found");
});
