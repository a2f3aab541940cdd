// Connected accounts by the hundred: the list and its states, rows that are chosen, what would be revoked, progress, break
// glass with a second person, the file; with scripts on and off.

import { connectQuietly } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { Portal } from "../support/portal.mjs";
import { Server } from "../support/server.mjs";
import { OWNER, addApplication, expect, open, said, signIn, test } from "../support/test.mjs";

const PASSWORD = "correct horse battery";
const LONG = "Wolfeschlegelsteinhausenbergerdorff-Hubert-Blaine-the-elder-of-the-house-of-Hohenzollern-Sigmaringen";

/** Connects end users, a few at a time. */
async function connectAll(server, playwright, backend, endUsers) {
  const users = ["ada@example.com", "grace@example.com", "alan@example.com"];
  for (const [at, end_user] of endUsers.entries()) {
    const session = await backend.invite({ end_user, providers: ["sandbox"] });
    await connectQuietly(server, playwright, session.url, { user: users[at % users.length] });
  }
}

const numbered = (count) => Array.from({ length: count }, (_, at) => ({ id: `user_${String(at + 1).padStart(3, "0")}` }));

/** Goes to a page by the router, which asks the server functions for what it shows. */
async function goByRouter(page, address) {
  await page.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.querySelector("main").append(link);
    link.click();
    link.remove();
  }, address);
  await page.waitForURL((url) => url.pathname + url.search === address);
}

async function rows(page) {
  return page.getByRole("table", { name: "Connected accounts" }).getByRole("row").count();
}

test("the list, its filters, the question, break glass and the organization look good", async ({ page, furnished, watch }, testInfo) => {
  test.slow();
  const list = `${furnished.path}/connected-accounts`;
  for (const [name, address] of [
    ["filtered", `${list}?q=user_&status=active`],
    ["more-filters", `${list}?reason=refresh_rejected&unused=never&from=2020-01-01`],
    ["no-match", `${list}?reason=revoked_by_application&unused=365&group=${LONG}`],
    ["question", `${list}/revoke?provider=zoom`],
    ["question-chosen", `${list}/revoke?id=${furnished.accounts.active}`],
    ["nothing-to-revoke", `${list}/revoke?end_user=nobody`],
    ["break-glass", `${list}/break-glass`],
    ["organization", "/settings/organization"],
  ]) {
    await open(page, address);
    await expectGoodLooks(page, testInfo, name);
  }
  watch.allow(said("(403|422)"));
  await open(page, `${list}/revoke?provider=zoom`);
  await page.getByLabel(/^Type \d+ to confirm$/).fill("none");
  await page.getByRole("button", { name: /^Revoke \d+ accounts$/ }).click();
  await expect(page.getByRole("alert")).toContainText("Say why");
  await expectGoodLooks(page, testInfo, "question-refused");
});

test("a failing server says so in the list's place", async ({ page, furnished, watch }, testInfo) => {
  watch.allow(said(500));
  await open(page, furnished.path);
  await page.route(/\/api\/read_connected_accounts/, (route) => {
    return route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ internal: { request_id: "req_01jd8z6v3nf1rb2m5t7q9x0c4d" } }) });
  });
  await goByRouter(page, `${furnished.path}/connected-accounts`);
  await expect(page.getByRole("alert")).toContainText("req_01jd8z6v3nf1rb2m5t7q9x0c4d");
  await expectGoodLooks(page, testInfo, "list-failed");
});

test("a viewer looks, and is told who may revoke", async ({ server, newVisitor, furnished, watch }, testInfo) => {
  watch.allow(said(403));
  const email = `viewer-${testInfo.testId.slice(-6)}@example.com`;
  server.run(["member", "add", "--email", email, "--role", "viewer"], PASSWORD);
  const page = await newVisitor();
  await signIn(page, { email, password: PASSWORD });
  const list = `${furnished.path}/connected-accounts`;
  await open(page, list);
  const main = page.getByRole("main");
  await expect(main.getByRole("checkbox")).toHaveCount(0);
  await expect(main.getByRole("link", { name: /Export|Revoke/ })).toHaveCount(0);
  await expectGoodLooks(page, testInfo, "list-viewer");
  await open(page, `${list}/break-glass`);
  await expect(main.getByText("Admins and owners can revoke in bulk.")).toBeVisible();
  await expectGoodLooks(page, testInfo, "break-glass-viewer");
  expect((await open(page, `${list}/revoke?provider=zoom`)).status()).toBe(403);
  await expectGoodLooks(page, testInfo, "question-viewer");
  await open(page, "/settings/organization");
  await expect(main.getByText("Owners decide this.")).toBeVisible();
});

for (const scripts of [true, false]) {
  test.describe(scripts ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: scripts });

    test("many accounts are paged both ways, narrowed, and revoked with progress", async ({ page, server, playwright, application }, testInfo) => {
      test.setTimeout(180_000);
      const { backend } = application;
      await backend.setUp("sandbox", await server.sandbox.addClient());
      await connectAll(server, playwright, backend, numbered(52));
      const long = { id: LONG.toLowerCase(), name: LONG.replaceAll("-", " "), email: `${LONG}@example.com`, group: "Acme Inc. & Co" };
      await connectAll(server, playwright, backend, [long]);
      const portal = new Portal(page, { scripts });
      const list = `${application.path}/connected-accounts`;
      await portal.open(list);
      await expect(page.getByText("53 accounts")).toBeVisible();
      expect(await rows(page)).toBe(51);
      if (scripts) await expectGoodLooks(page, testInfo, "many");
      await page.getByRole("link", { name: "Older" }).click();
      await expect(page.getByRole("link", { name: "user_001" })).toBeVisible();
      expect(await rows(page)).toBe(4);
      const older = page.url();
      await page.reload();
      await portal.settle();
      await expect(page.getByRole("link", { name: "user_001" })).toBeVisible();
      await page.getByRole("link", { name: "Newer" }).click();
      await expect(page.getByRole("link", { name: LONG.toLowerCase() })).toBeVisible();
      await page.goBack();
      await expect(page).toHaveURL(older);
      await expect(page.getByRole("link", { name: "user_001" })).toBeVisible();

      await portal.open(list);
      await page.getByText("More filters").click();
      await page.getByLabel("Group").fill("Acme Inc. & Co");
      await portal.press("Filter");
      await expect(page).toHaveURL(/group=Acme/);
      await expect(page.getByRole("link", { name: "Group: Acme Inc. & Co" })).toBeVisible();
      expect(await rows(page)).toBe(2);
      await page.getByRole("link", { name: "Clear filters" }).click();
      await expect(page.getByText("53 accounts")).toBeVisible();

      await page.getByLabel("Search").fill("USER_");
      await portal.press("Filter");
      await expect(page.getByText("52 accounts")).toBeVisible();
      await page.getByRole("link", { name: "Revoke all that fit" }).click();
      await portal.at("Revoke 52 connected accounts?");
      await page.getByLabel("Reason").fill("A trial that is over");
      await page.getByLabel("Type 52 to confirm").fill("52");
      await portal.press("Revoke 52 accounts");
      await portal.at("Bulk revocation");
      await expect(async () => {
        if (!scripts) await page.reload();
        await expect(page.getByRole("main")).toContainText("52 of 52 revoked", { timeout: 1_000 });
      }).toPass({ timeout: 60_000 });
      await portal.open(`${list}?status=active`);
      await expect(page.getByText("1 account", { exact: true })).toBeVisible();
      const file = await page.request.get(`${list}/export.csv?status=revoked`);
      expect(file.headers()["content-disposition"]).toContain("connected-accounts-app_");
      expect((await file.text()).trim().split("\r\n")).toHaveLength(53);
    });

    test("chosen accounts are shown, confirmed and revoked, and the rest stay", async ({ page, server, playwright, application, watch }, testInfo) => {
      watch.allow(said(422));
      const { backend } = application;
      await backend.setUp("sandbox", await server.sandbox.addClient());
      await connectAll(server, playwright, backend, numbered(2));
      const portal = new Portal(page, { scripts });
      await portal.open(`${application.path}/connected-accounts`);
      await expect(page.getByRole("button", { name: "Revoke chosen" })).toBeHidden();
      await portal.open(`${application.path}/connected-accounts/revoke?chosen=1`);
      await portal.at("Nothing to revoke");
      await portal.open(`${application.path}/connected-accounts`);
      await page.getByRole("checkbox", { name: "Choose user_001" }).check();
      if (scripts) await expectGoodLooks(page, testInfo, "chosen");
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
      }).toPass({ timeout: 60_000 });
      if (scripts) await expectGoodLooks(page, testInfo, "finished");
      await portal.open(`${application.path}/connected-accounts?status=active`);
      await expect(page.getByRole("link", { name: "user_002", exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: "user_001", exact: true })).toBeHidden();
    });

    test("break glass asks a second person, who confirms or refuses", async ({ newVisitor, database, playwright }, testInfo) => {
      test.setTimeout(120_000);
      const server = await Server.start({ database });
      const member = (email, role) => server.run(["member", "add", "--email", email, "--role", role], PASSWORD);
      member(OWNER.email, "owner");
      member("admin@example.com", "admin");
      const application = addApplication(server, "Acme");
      await application.backend.setUp("sandbox", await server.sandbox.addClient());
      await connectAll(server, playwright, application.backend, numbered(3));
      const visit = async (email) => {
        const page = await newVisitor({ baseURL: server.url, javaScriptEnabled: scripts });
        await signIn(page, { email, password: PASSWORD });
        return [page, new Portal(page, { scripts })];
      };
      const unscripted = ["second-person-asked", "second-person-to-confirm"];
      const looks = (page, name) => (scripts || unscripted.includes(name)) && expectGoodLooks(page, testInfo, name);
      const [ownersPage, owner] = await visit(OWNER.email);
      await owner.open("/settings/organization");
      await ownersPage.getByLabel("A second person must confirm").check();
      await owner.press("Save");
      await owner.hears("A second person now confirms bulk revocations.");

      const [page, admin] = await visit("admin@example.com");
      const ask = async (reason) => {
        await admin.open(`${application.path}/connected-accounts`);
        await admin.follow("Break glass");
        await page.getByLabel("Provider").selectOption({ label: "Sandbox" });
        await admin.press("Show what would be revoked");
        await admin.at(/^Revoke \d connected accounts\?$/);
        await page.getByLabel("Reason").fill(reason);
        await page.getByLabel(/^Type 3 to confirm$/).fill("3");
        await looks(page, `question-second-person-${reason.length}`);
        await admin.press("Ask a second person");
        await admin.at("Bulk revocation");
        await expect(page.getByText("Another admin or owner must confirm this.")).toBeVisible();
        await expect(page.getByRole("button", { name: "Confirm and revoke" })).toHaveCount(0);
        return new URL(page.url()).pathname;
      };
      const first = await ask("Only a try");
      await looks(page, "second-person-asked");
      await owner.open(first);
      await looks(ownersPage, "second-person-to-confirm");
      await expect(owner.property("Which")).toHaveText("Provider: sandbox");
      await owner.press("Refuse");
      await expect(ownersPage.getByText("Stopped", { exact: true }).first()).toBeVisible();
      await looks(ownersPage, "second-person-refused");

      const second = await ask("The client secret has leaked");
      await owner.open(`${application.path}/connected-accounts/break-glass`);
      await looks(ownersPage, "break-glass-second-person");
      await owner.open(second);
      await owner.press("Confirm and revoke");
      await expect(async () => {
        if (!scripts) await ownersPage.getByRole("link", { name: "Load it again" }).click({ timeout: 500 }).catch(() => {});
        await expect(ownersPage.getByRole("main")).toContainText("3 of 3 revoked", { timeout: 500 });
      }).toPass({ timeout: 60_000 });
      await expect(ownersPage.getByText("admin@example.com")).toBeVisible();
      if (scripts) await showProgress(page, application, second, testInfo);
      await server.stop();
    });
  });
}

/** Work under way, as a page that is asked in the midst of it gets it. */
async function showProgress(page, application, address, testInfo) {
  await open(page, `${application.path}/connected-accounts/break-glass`);
  await page.route(/\/api\/read_bulk_revocation/, async (route) => {
    const answer = await route.fetch();
    const read = await answer.json();
    Object.assign(read.here.bulk, { state: "running", accounts: 1204, revoked: 431, failed: 2, ended_at: null });
    const account = "ca_01jd8z6v3nf1rb2m5t7q9x0c4d";
    read.here.bulk.failures = [{ account, detail: "the database refused the row" }, { account, detail: "the database refused the row" }];
    await route.fulfill({ response: answer, json: read });
  });
  await goByRouter(page, address);
  await expect(page.getByText("431 of 1,204 revoked, 771 left, 2 failed")).toBeVisible();
  await expectGoodLooks(page, testInfo, "running");
}
