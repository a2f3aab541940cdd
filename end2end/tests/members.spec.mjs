// Members, invitations and forgotten passwords: with scripts on and off, and as somebody who may only look.

import { expectGoodLooks } from "../support/looks.mjs";
import { Mail } from "../support/mail.mjs";
import { Server } from "../support/server.mjs";
import { NOBODY, OWNER, expect, hydrated, open, said, signIn, test } from "../support/test.mjs";

const MEMBERS = "/settings/members";
const PASSWORD = "a password of my own";

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.getByRole("link", { name, exact: true }).click();

/** Invites somebody and gives the link that is shown once. */
async function invite(page, email, role = "Developer") {
  await page.goto(`${MEMBERS}/invite`);
  if (await page.locator("script[nonce]").count()) await settled(page);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(role, { exact: true }).check();
  await press(page, "Invite");
  const shown = page.getByRole("textbox", { name: `Invitation link for ${email}` });
  await expect(shown).toBeVisible();
  return shown.inputValue();
}

/** Scripts on: waits until they have taken over. Scripts off: goes on at once. */
async function settled(page) {
  const scripts = await page.evaluate(() => true).catch(() => false);
  if (scripts && page.context().scripted !== false) await hydrated(page);
}

async function accept(page, link, password = PASSWORD) {
  await page.goto(link);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Accept invitation");
  await page.waitForURL("**/applications");
}

const unique = (name, testInfo) => `${name}-${testInfo.testId.slice(-6)}@example.com`;

for (const scripts of [true, false]) {
  test.describe(scripts ? "scripts on" : "scripts off", () => {
    test.use({ javaScriptEnabled: scripts });

    const goTo = async (page, address) => (scripts ? open(page, address) : page.goto(address));

    test("somebody is invited, joins, gets another role and is removed", async ({ page, newVisitor }, testInfo) => {
      page.context().scripted = scripts;
      const email = unique("grace", testInfo);
      const link = await invite(page, email);
      await goTo(page, MEMBERS);
      await expect(page.getByRole("table", { name: "Invitations" }).getByRole("link", { name: email })).toBeVisible();

      const guest = await newVisitor({ javaScriptEnabled: scripts });
      await goTo(guest, link);
      await expect(guest.getByRole("heading", { level: 1 })).toHaveText(/^Join /);
      await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await press(guest, "Accept invitation");
      await guest.waitForURL("**/applications");
      await expect(guest.getByText("You are a member now.")).toBeVisible();

      await goTo(page, MEMBERS);
      await page.getByRole("table", { name: "Members" }).getByRole("link", { name: email }).click();
      await expect(page.getByRole("heading", { level: 1, name: email })).toBeVisible();
      await page.getByLabel("Viewer", { exact: true }).check();
      await press(page, "Change role");
      await page.waitForURL(`**${MEMBERS}`);
      await expect(page.getByText("The role is viewer from now on.")).toBeVisible();
      await expect(page.getByRole("row", { name: email })).toContainText("Viewer");
      await goTo(guest, "/applications");
      await expect(guest.getByRole("link", { name: "New application" })).toHaveCount(0);

      await page.getByRole("link", { name: email }).click();
      await press(page, "End all sessions");
      await expect(page.getByText("Every session of this member has ended.")).toBeVisible();
      await guest.goto("/applications");
      await expect(guest).toHaveURL(/\/sign-in\?next=/);
      await guest.getByLabel("E-mail").fill(email);
      await guest.getByLabel("Password").fill(PASSWORD);
      await press(guest, "Sign in");
      await guest.waitForURL("**/applications");

      await follow(page, "Remove member");
      await expect(page.getByText("Every session ends at once")).toBeVisible();
      await press(page, "Remove member");
      await page.waitForURL(`**${MEMBERS}`);
      await expect(page.getByRole("link", { name: email })).toHaveCount(0);
      await guest.goto("/applications");
      await expect(guest).toHaveURL(/\/sign-in\?next=/);
    });

    test("an invitation is renewed and withdrawn", async ({ page, newVisitor, watch }, testInfo) => {
      watch.allow(said("(404|410)"));
      page.context().scripted = scripts;
      const email = unique("alan", testInfo);
      const first = await invite(page, email, "Viewer");
      await goTo(page, MEMBERS);
      await page.getByRole("link", { name: email }).click();
      await expect(page.getByRole("heading", { level: 1, name: email })).toBeVisible();
      await press(page, "Make a new link");
      const shown = page.getByRole("textbox", { name: `Invitation link for ${email}` });
      await expect(shown).toBeVisible();
      const second = await shown.inputValue();
      const guest = await newVisitor({ javaScriptEnabled: scripts });
      await guest.goto(first);
      await expect(guest.getByRole("heading", { name: "This invitation is not known" })).toBeVisible();
      await guest.goto(second);
      await expect(guest.getByRole("button", { name: "Accept invitation" })).toBeVisible();
      page.on("dialog", (dialog) => dialog.accept());
      await goTo(page, page.url() + "/withdraw");
      await press(page, "Withdraw invitation");
      await page.waitForURL(`**${MEMBERS}`);
      await expect(page.getByRole("link", { name: email })).toHaveCount(0);
      await guest.goto(second);
      await expect(guest.getByRole("heading", { name: "This invitation was withdrawn" })).toBeVisible();
    });

    test("mistakes keep what was typed", async ({ page, watch }) => {
      watch.allow(said(422));
      await goTo(page, `${MEMBERS}/invite`);
      await page.getByLabel("E-mail").fill("nobody");
      await page.getByLabel("Admin", { exact: true }).check();
      await press(page, "Invite");
      await expect(page.getByRole("alert")).toBeVisible();
      await expect(page.getByLabel("E-mail")).toHaveValue("nobody");
      await expect(page.getByLabel("Admin", { exact: true })).toBeChecked();
    });
  });
}

test("a forgotten password is set by mail, and a mail that fails is told", async ({ newVisitor, database, watch }, testInfo) => {
  watch.allow(said(410));
  const mail = await Mail.start();
  const server = await Server.start({ database, environment: mail.environment });
  server.run(["member", "add", "--email", OWNER.email, "--role", "owner"], OWNER.password);
  const page = await newVisitor({ baseURL: server.url });
  await open(page, "/sign-in");
  await follow(page, "Forgot your password?");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Forgot your password?");
  await expectGoodLooks(page, testInfo, "forgot");
  await page.getByLabel("E-mail").fill(OWNER.email);
  await press(page, "Send link");
  await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
  await expectGoodLooks(page, testInfo, "forgot-sent");
  await expect.poll(() => mail.letters.length).toBe(1);
  const link = mail.link();
  await open(page, link);
  await expectGoodLooks(page, testInfo, "new-password");
  await page.getByLabel("New password").fill(PASSWORD);
  await press(page, "Set password");
  await page.waitForURL("**/sign-in");
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await page.goto(link);
  await expectGoodLooks(page, testInfo, "new-password-over");
  await signIn(page, { email: OWNER.email, password: PASSWORD });

  await open(page, `${MEMBERS}/invite`);
  await page.getByLabel("E-mail").fill("ada@example.com");
  await press(page, "Invite");
  await expect(page.getByText("The link is mailed to ada@example.com.")).toBeVisible();
  mail.refuses = true;
  page.on("dialog", (dialog) => dialog.accept());
  await open(page, `${MEMBERS}/invite`);
  await page.getByLabel("E-mail").fill("nobody@example.com");
  await press(page, "Invite");
  await expect(page.getByText("The mail could not be sent: the mail server refused it (550)")).toBeVisible();
  await expectGoodLooks(page, testInfo, "invite-mail-failed");
  await open(page, MEMBERS);
  await expect(page.getByRole("row", { name: "nobody@example.com" })).toContainText("mail not sent");
  await expectGoodLooks(page, testInfo, "members-mail");
  await follow(page, "nobody@example.com");
  await expect(page.getByText("Could not be sent")).toBeVisible();
  await expectGoodLooks(page, testInfo, "invitation-mail-failed");
  await server.stop();
  mail.stop();
});

test("where everybody is invited, signing up names the command", async ({ newVisitor, database }, testInfo) => {
  const server = await Server.start({ database, environment: { KEYBEARER_SIGN_UP: "invite" } });
  const page = await newVisitor({ baseURL: server.url });
  await open(page, "/sign-up");
  await expect(page.getByText("keybearer member add --email you@example.com --role owner")).toBeVisible();
  await expectGoodLooks(page, testInfo, "sign-up-by-invitation");
  await server.stop();
});

test("a viewer looks at everything and is offered nothing else", async ({ page, newVisitor, furnished, server }, testInfo) => {
  const email = unique("viewer", testInfo);
  server.run(["member", "add", "--email", email, "--role", "viewer"], PASSWORD);
  await invite(page, unique("invited", testInfo));
  const viewer = await newVisitor();
  await signIn(viewer, { email, password: PASSWORD });
  const paths = ["", "/settings", "/providers", "/providers/zoom", "/connected-accounts", "/connect-sessions", "/api-keys"];
  const account = `/connected-accounts/${furnished.accounts.lost}`;
  for (const path of [...paths, account].map((path) => furnished.path + path).concat("/applications", MEMBERS)) {
    await open(viewer, path);
    const main = viewer.getByRole("main");
    await expect(main.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(main.locator('form[method="post"]'), path).toHaveCount(0);
    await expect(main.getByRole("link", { name: /^(New|Add|Invite|Remove|Revoke|Create)\b/ }), path).toHaveCount(0);
  }
  await expectGoodLooks(viewer, testInfo, "members-viewer");
  await open(viewer, `${MEMBERS}/invite`);
  await expect(viewer.getByRole("heading", { name: "Your role does not invite people" })).toBeVisible();
  await expectGoodLooks(viewer, testInfo, "invite-viewer");
});

test("the pages of members look good everywhere", async ({ page, newVisitor, server, watch }, testInfo) => {
  test.slow();
  watch.allow(said("(404|410|422)"));
  const looks = (who, name) => expectGoodLooks(who, testInfo, name);
  page.on("dialog", (dialog) => dialog.accept());
  const email = unique("dev", testInfo);
  server.run(["member", "add", "--email", email, "--role", "developer"], PASSWORD);
  await open(page, `${MEMBERS}/invite`);
  await looks(page, "invite");
  const link = await invite(page, unique("a-rather-long-address-of-somebody", testInfo), "Admin");
  await looks(page, "invite-made");
  await open(page, MEMBERS);
  await looks(page, "members");
  await page.getByRole("table", { name: "Invitations" }).getByRole("link").first().click();
  await expect(page.getByRole("button", { name: "Make a new link" })).toBeVisible();
  await looks(page, "invitation");
  await follow(page, "Withdraw invitation");
  await expect(page.getByRole("button", { name: "Withdraw invitation" })).toBeVisible();
  await looks(page, "invitation-withdraw");
  await open(page, MEMBERS);
  await page.getByRole("link", { name: email }).click();
  await expect(page.getByRole("button", { name: "Change role" })).toBeVisible();
  await looks(page, "member");
  await follow(page, "Remove member");
  await expect(page.getByRole("button", { name: "Remove member" })).toBeVisible();
  await looks(page, "member-remove");
  await open(page, MEMBERS);
  await page.getByRole("link", { name: OWNER.email }).click();
  await expect(page.getByText("The only owner")).toBeVisible();
  await looks(page, "member-only-owner");
  await open(page, link);
  await looks(page, "accept-signed-in");

  const guest = await newVisitor({ storageState: NOBODY });
  await open(guest, link);
  await looks(guest, "accept");
  await press(guest, "Accept invitation");
  await expect(guest.getByRole("alert")).toBeVisible();
  await looks(guest, "accept-refused");
  await accept(guest, link);
  const late = await newVisitor({ storageState: NOBODY });
  await open(late, link);
  await looks(late, "accept-used");
  await open(late, "/invitations/nothing");
  await looks(late, "accept-unknown");
  await open(late, "/reset-password");
  await expect(late.getByText("keybearer member reset-password --email you@example.com")).toBeVisible();
  await looks(late, "forgot-no-mail");
});
