// The scopes of a provider config: what is expected and granted, who must re-authorize, and the reference; with scripts on
// and off.

import fs from "node:fs";
import { connectQuietly } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { NOBODY, addApplication, expect, open, said, signIn, test } from "../support/test.mjs";

const main = (page) => page.getByRole("main");
const renewals = (page) => page.getByRole("list", { name: "Accounts that lack scopes" }).getByRole("listitem");
const rows = (page) => page.getByRole("table", { name: "Scopes" }).getByRole("row");
const counted = (page) => main(page).getByRole("status").filter({ hasText: /\d+ scopes/ });

/** Opens a page; with scripts it waits until they have taken it over. */
const visit = (page, address, scripts) => (scripts ? open(page, address) : page.goto(address));

for (const scripts of [true, false]) {
  const mode = `scripts ${scripts ? "on" : "off"}`;
  const suffix = scripts ? "" : "-noscript";

  test(`before anything is expected the page says what to do, ${mode}`, async ({ server, newVisitor, signedIn }, testInfo) => {
    const application = addApplication(server, "First use");
    await application.backend.setUp("zoom", await server.sandbox.addClient());
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    await visit(page, `${application.path}/providers/zoom`, scripts);
    await page.getByRole("link", { name: "Reference, grants and who must re-authorize" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Scopes" })).toBeVisible();
    await expect(main(page).getByText(/^Unknown: name the scopes that your app has there/)).toBeVisible();
    await expect(counted(page)).toHaveText("251 scopes, the first 40 below");
    await expectGoodLooks(page, testInfo, `scopes-first-use${suffix}`);
    await page.getByRole("link", { name: "Name scopes" }).click();
    await expect(page).toHaveURL(/\/providers\/zoom#scopes$/);
  });

  test(`the reference is searched and narrowed, ${mode}`, async ({ furnished, newVisitor, signedIn }, testInfo) => {
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    const address = `${furnished.path}/providers/zoom/scopes`;
    await visit(page, address, scripts);
    const narrow = async () => scripts || (await page.getByRole("button", { name: "Filter" }).click());
    await page.getByLabel("Search").fill("recording:read:admin transcript");
    await narrow();
    await expect(page).toHaveURL(/q=recording/);
    await expect(rows(page).filter({ hasText: "cloud_recording:read" }).first()).toBeVisible();
    await expect(rows(page).filter({ hasText: "meeting:read:meeting" })).toHaveCount(0);
    await page.getByLabel("Search").fill("");
    await page.getByLabel("State").selectOption({ label: "Expected" });
    await narrow();
    await expect(page).toHaveURL(/grant=requested/);
    await expect(rows(page).filter({ hasText: "Expected, granted" })).toHaveCount(1);
    await expect(rows(page).filter({ hasText: "Expected, not granted" })).toContainText(["meeting:write:meeting"]);
    await expect(counted(page)).toHaveText("2 of 251 scopes");
    await page.getByLabel("Product").selectOption({ label: "Groups" });
    await narrow();
    await expect(page.getByRole("heading", { name: "No scope fits" })).toBeVisible();
    await visit(page, `${address}?q=nothing+like+it`, scripts);
    await expectGoodLooks(page, testInfo, `scopes-no-match${suffix}`);
    await page.getByRole("link", { name: "Clear filters" }).click();
    await expect(counted(page)).toHaveText("251 scopes, the first 40 below");
    await page.getByRole("link", { name: "Show all 251" }).click();
    await expect(page).toHaveURL(/all=1/);
    await expect(rows(page).filter({ hasText: "team_chat:write:reminder" })).toBeVisible();
  });

  test(`whoever lacks a scope gets a reconnect link, ${mode}`, async ({ server, playwright, newVisitor, signedIn }, testInfo) => {
    const application = addApplication(server, "Lacking");
    const { backend } = application;
    await backend.setUp("zoom", await server.sandbox.addClient(), { scopes: ["user:read:user", "meeting:write:meeting"] });
    const people = [
      [{ id: "user_1", name: "Ada Lovelace" }, "ada@example.com"],
      [{ id: `customer-${"0123456789".repeat(6)}`, name: "Wolfeschlegelsteinhausenbergerdorff Hubert of an unusually long name" }, "grace@example.com"],
    ];
    for (const [end_user, user] of people) {
      const { url } = await backend.invite({ end_user, providers: ["zoom"] });
      await connectQuietly(server, playwright, url, { user });
    }
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    const address = `${application.path}/providers/zoom/scopes?grant=granted`;
    await visit(page, address, scripts);
    await expect(main(page).getByText(/^2 active accounts lack a scope that you expect/)).toBeVisible();
    await expect(renewals(page)).toHaveCount(2);
    await expectGoodLooks(page, testInfo, `scopes-lacking${suffix}`);
    await renewals(page).filter({ hasText: "user_1" }).getByRole("button", { name: "Create reconnect link" }).click();
    await expect(page.getByRole("textbox", { name: "Reconnect link for user_1" })).toHaveValue(/\/connect\//);
    await expect(page.getByRole("textbox")).toHaveCount(1);
    if (scripts) await expectGoodLooks(page, testInfo, "scopes-one-link");
    await page.getByRole("button", { name: "Create 2 links" }).click();
    const links = page.getByRole("list", { name: "2 reconnect links" }).getByRole("listitem");
    await expect(links).toHaveCount(2);
    await expectGoodLooks(page, testInfo, `scopes-links${suffix}`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download CSV" }).click()]);
    expect(download.suggestedFilename()).toBe("reconnect-links.csv");
    const lines = fs.readFileSync(await download.path(), "utf8").trimEnd().split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe("end_user,connected_account,link,ends");
    const link = lines.find((line) => line.includes('"user_1"')).split('","')[2];
    await (await newVisitor()).goto(link);
  });
}

test("all scopes at once look good", async ({ furnished, page }, testInfo) => {
  test.slow();
  await open(page, `${furnished.path}/providers/zoom/scopes?all=1`);
  await expect(rows(page)).toHaveCount(251 + 8 + 1);
  await expectGoodLooks(page, testInfo, "scopes-many");
});

test("a provider without a reference shows what is expected and granted", async ({ furnished, page }, testInfo) => {
  await open(page, `${furnished.path}/providers/sandbox/scopes`);
  await expect(page.getByRole("heading", { level: 1, name: "Scopes" })).toBeVisible();
  await expectGoodLooks(page, testInfo, "scopes-no-reference");
});

test("a viewer sees who lacks a scope and makes no links; an unknown key is not found", async ({ server, furnished, newVisitor, watch }, testInfo) => {
  watch.allow(said(404));
  const viewer = { email: "viewer-of-scopes@example.com", password: "a long password of a viewer" };
  server.run(["member", "add", "--email", viewer.email, "--role", "viewer"], viewer.password);
  const page = await newVisitor({ storageState: NOBODY });
  await signIn(page, viewer);
  await open(page, `${furnished.path}/providers/zoom/scopes?grant=requested`);
  await expect(renewals(page).first()).toBeVisible();
  await expect(main(page).getByRole("button", { name: /link/ })).toHaveCount(0);
  await expect(main(page).getByRole("link", { name: "Edit scopes" })).toHaveCount(0);
  await expectGoodLooks(page, testInfo, "scopes-viewer");
  await page.goto(`${furnished.path}/providers/nothing/scopes`);
  await expectGoodLooks(page, testInfo, "scopes-not-found");
});
