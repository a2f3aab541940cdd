// Without a pointer: everything is reached by Tab and pressed by Enter or Space, and the focus is never lost.

import { connectQuietly } from "../support/connect.mjs";
import { Portal } from "../support/portal.mjs";
import { NOBODY, expect, open, test } from "../support/test.mjs";

const MOST_STOPS = 80;

/** Presses Tab until `target` has the focus; on the way the focus is always somewhere and always seen. */
async function tabTo(page, target) {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press("Tab");
    if (await hasFocus(target)) return expectVisibleFocus(page);
  }
  throw new Error(`${target} is not reached by Tab`);
}

function hasFocus(target) {
  return target.evaluateAll((elements) => elements.some((element) => element === document.activeElement));
}

/** The outline may be that of the card or row whose link has the focus. */
async function expectVisibleFocus(page) {
  const outlines = await page.evaluate(() => {
    const found = [];
    const note = (element, pseudo) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element, pseudo);
      found.push({ outlineStyle, outlineWidth, boxShadow });
    };
    for (let at = document.activeElement; at && at !== document.body && found.length < 8; at = at.parentElement) {
      note(at);
      note(at, "::after");
    }
    return found;
  });
  const visible = outlines.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
  expect(visible, JSON.stringify(outlines)).toBe(true);
}

async function expectFocusKept(page) {
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
}

test("the first stop skips to the content", async ({ page }) => {
  await open(page, "/applications");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("a provider is set up", async ({ page, application, client }) => {
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers`);
  await tabTo(page, page.getByRole("link", { name: "Add provider" }));
  await page.keyboard.press("Enter");
  await portal.at("Add provider");
  await tabTo(page, page.getByLabel("Search"));
  await page.keyboard.type("zoom");
  await tabTo(page, page.getByRole("link", { name: "Zoom", exact: true }));
  await page.keyboard.press("Enter");
  await portal.at("Set up Zoom");
  await tabTo(page, page.getByLabel("Client ID"));
  await page.keyboard.type(client.client_id);
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Client Secret")).toBeFocused();
  await page.keyboard.type(client.client_secret);
  await page.keyboard.press("Enter");
  await portal.at("Zoom");
  await portal.hears("Zoom is saved: the credentials are accepted.");
});

test("a connected account is revoked, and Escape gives the focus back before that", async ({ page, application, backend, server, playwright }) => {
  const session = await backend.invite();
  await connectQuietly(server, playwright, session.url);
  const portal = new Portal(page);
  await portal.open(`${application.path}/connected-accounts`);
  await tabTo(page, page.getByRole("link", { name: "user_42" }));
  await page.keyboard.press("Enter");
  await portal.at("Ada Lovelace");

  const revoke = page.getByRole("link", { name: "Revoke", exact: true });
  await tabTo(page, revoke);
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Revoke Zoom account of Ada Lovelace?" });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(revoke).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(question).toBeVisible();
  await page.keyboard.press("Shift+Tab");
  await expect(question.getByRole("button", { name: "Revoke account" })).toBeFocused();
  await page.keyboard.press("Enter");
  await portal.hears("The account is revoked, here and at the provider.");
  await expect(portal.property("State")).toHaveText("Revoked");
  await expectFocusKept(page);
});

test("a form that was refused has its first mistake focused", async ({ page, application, watch }) => {
  watch.allow(/status of 422/);
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/new/zoom`);
  await tabTo(page, page.getByRole("button", { name: "Save", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Client ID")).toBeFocused();
});

test("menus open by Enter and close by Escape", async ({ page }) => {
  await open(page, "/applications");
  const menu = page.locator("summary").filter({ hasText: "owner@example.com" });
  await tabTo(page, menu);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
  await expect(menu).toBeFocused();
});

test.describe("an end user", () => {
  test.use({ storageState: NOBODY });

  test("connects an account", async ({ page, backend }) => {
    const { url } = await backend.invite();
    await page.goto(url);
    await tabTo(page, page.getByRole("button", { name: "Continue" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: /^Allow / })).toBeVisible();
    await tabTo(page, page.getByRole("button", { name: "Allow" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Zoom is connected" })).toBeVisible();
  });
});
