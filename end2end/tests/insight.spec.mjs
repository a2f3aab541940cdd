// What a member looks at: the overview with its snippets, connect sessions and the audit log; with scripts on and off, and
// the snippets really run.

import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { connectQuietly, goToConsent } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { NOBODY, addApplication, expect, open, said, signIn, test } from "../support/test.mjs";

const run = promisify(execFile);
const main = (page) => page.getByRole("main");
const counted = (page) => expect(main(page).getByText(/^Counted/).last()).toBeVisible();

/** Opens a page; with scripts it waits until they have taken it over. */
const visit = (page, address, scripts) => (scripts ? open(page, address) : page.goto(address));

/** Goes to the provider, and gives up in the browser that went there. */
async function giveUp(server, playwright, session) {
  const visitor = await playwright.request.newContext({ maxRedirects: 0, extraHTTPHeaders: { origin: server.url } });
  const begun = await visitor.post(session.url, { form: {} });
  expect(begun.headers().location).toContain("/oauth/authorize");
  expect((await visitor.post(`${server.url}/connect/result/${session.id}`, { form: { done: "1" } })).status()).toBe(303);
  await visitor.dispose();
}

/** Opens a page until the rounds have counted what happened. A round that took a second is followed by a pause of 50. */
async function openCounted(page, address) {
  await expect(async () => {
    await page.goto(address);
    await expect(main(page).locator(".chart-legend")).toContainText(/[1-9]\d* failed/, { timeout: 100 });
  }).toPass({ timeout: 150_000 });
}

/** How each language's snippets are run: the file's name and the command. */
const LANGUAGES = {
  curl: ["snippet.sh", "bash"],
  typescript: ["snippet.mjs", process.execPath],
  python: ["snippet.py", "python3"],
};

async function runSnippet(page, language, label, env) {
  const [file, command] = LANGUAGES[language];
  const text = await page.getByRole("region", { name: label, exact: true }).textContent();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keybearer-snippet-"));
  fs.writeFileSync(path.join(folder, file), text);
  const { stdout } = await run(command, [path.join(folder, file)], { env: { ...process.env, ...env } });
  fs.rmSync(folder, { recursive: true });
  return stdout;
}

for (const language of Object.keys(LANGUAGES)) {
  test(`the snippets in ${language} connect an account and fetch a token`, async ({ server, playwright, newVisitor, signedIn }) => {
    const application = addApplication(server, `Snippets in ${language}`);
    await application.backend.setUp("sandbox", await server.sandbox.addClient());
    const { secret } = server.run(["api-key", "add", "--application", application.id, "--name", "Snippets"]);
    const env = { KEYBEARER_API_KEY: secret, no_proxy: "*" };
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: false });
    await page.goto(`${application.path}?language=${language}`);
    expect(await page.content()).not.toContain(secret);
    const opened = await runSnippet(page, language, "Open a connect session", env);
    const [link] = opened.match(/http:\/\/localhost:\d+\/connect\/\w+/);
    await connectQuietly(server, playwright, link);
    const token = await runSnippet(page, language, "Fetch a token", env);
    expect(token).toMatch(/eyJ[\w-]+\./);
    await page.reload();
    await expect(main(page).getByRole("link", { name: "Active accounts" })).toBeVisible();
  });
}

test("a new application says what is next, step by step", async ({ server, page, playwright }, testInfo) => {
  const application = addApplication(server, "New");
  server.run(["api-key", "add", "--application", application.id, "--name", "Spare"]);
  await open(page, application.path);
  await expect(page.getByRole("link", { name: "Choose a provider" })).toHaveAttribute("data-look", "primary");
  await expect(main(page).locator('[data-look="primary"]')).toHaveCount(1);
  await expectGoodLooks(page, testInfo, "overview-new");
  await application.backend.setUp("sandbox", await server.sandbox.addClient());
  await page.reload();
  const trial = page.getByRole("button", { name: "Create connect link" });
  await expect(trial).toHaveAttribute("data-look", "primary");
  await open(page, `${application.path}?language=rust`);
  await expect(page.getByRole("link", { name: "Rust", exact: true })).toHaveAttribute("aria-current", "page");
  await trial.click();
  const link = await page.getByRole("textbox", { name: "Connect link" }).inputValue();
  await expectGoodLooks(page, testInfo, "overview-trial");
  await connectQuietly(server, playwright, link);
  await open(page, application.path);
  await expect(main(page).getByText("Nothing needs attention")).toBeVisible();
  await expect(page.getByRole("heading", { name: "From here to a token" })).toBeVisible();
});

for (const scripts of [true, false]) {
  test(`the overview shows figures and what needs attention, scripts ${scripts ? "on" : "off"}`, async ({ furnished, newVisitor, signedIn }, testInfo) => {
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    await openCounted(page, `${furnished.path}?window=7d&language=python`);
    await expect(main(page).getByRole("link", { name: "7 days" })).toHaveAttribute("aria-current", "page");
    await expect(main(page).getByRole("img", { name: /^Refreshes\. \d+ refreshes succeeded and \d+ failed\.$/ })).toBeVisible();
    await expect(main(page).getByRole("heading", { name: /refuses the credentials of zoom-rejected/ })).toBeVisible();
    await main(page).getByText("Show as a table").click();
    await expect(page.getByRole("table", { name: "Refreshes" }).getByRole("row")).toHaveCount(29);
    await page.getByRole("link", { name: "Correct the credentials" }).first().click();
    await expect(page).toHaveURL(/\/providers\/zoom-rejected$/);
    await openCounted(page, furnished.path);
    await counted(page);
    if (scripts) {
      await main(page).getByRole("link", { name: "30 days" }).click();
      await expect(page).toHaveURL(/window=30d/);
      await expect(main(page).getByRole("link", { name: "30 days" })).toHaveAttribute("aria-current", "page");
      await open(page, furnished.path);
      await expectGoodLooks(page, testInfo, "overview-live");
      await open(page, "/applications");
      await expectGoodLooks(page, testInfo, "applications");
    }
  });

  test(`connect sessions are narrowed and say what happened, scripts ${scripts ? "on" : "off"}`, async ({ furnished, newVisitor, signedIn }, testInfo) => {
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    const list = `${furnished.path}/connect-sessions`;
    await visit(page, list, scripts);
    await page.getByLabel("Outcome").selectOption({ label: "Failed" });
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/outcome=failed/);
    await expect(page.getByRole("table", { name: "Connect sessions" }).getByRole("row")).toHaveCount(2);
    await page.getByRole("link", { name: "user_5" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "user_5" })).toBeVisible();
    await expect(page.getByRole("heading", { name: /The end user declined at/ })).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "connect-session-failed");
    await visit(page, `${list}?end_user=nobody`, scripts);
    await expect(page.getByRole("heading", { name: "No connect session fits" })).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "connect-sessions-none");
    await visit(page, list, scripts);
    if (scripts) await expectGoodLooks(page, testInfo, "connect-sessions");
  });

  test(`a session that nobody came back from names the likely causes, scripts ${scripts ? "on" : "off"}`, async ({ server, playwright, newVisitor, signedIn }, testInfo) => {
    const application = addApplication(server, "Nobody returns");
    await application.backend.setUp("zoom", await server.sandbox.addClient());
    const session = await application.backend.invite({ end_user: { id: "user_42" }, providers: ["zoom"] });
    await goToConsent(await newVisitor(), session.url);
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    await visit(page, `${application.path}/connect-sessions/${session.id}`, scripts);
    await expect(page.getByRole("heading", { name: "The end user is at Zoom" })).toBeVisible();
    await page.getByRole("button", { name: "Create a new link" }).click();
    await expect(page.getByRole("textbox", { name: "Connect link" })).toHaveValue(/\/connect\//);
    if (scripts) await expectGoodLooks(page, testInfo, "connect-session-open");
    const given = await application.backend.invite({ end_user: { id: "user_43" }, providers: ["zoom"] });
    await giveUp(server, playwright, given);
    await visit(page, `${application.path}/connect-sessions?outcome=failed`, scripts);
    await expect(page.getByRole("row").filter({ hasText: "Nobody came back" })).toHaveCount(1);
    await page.getByRole("link", { name: "user_43" }).click();
    await expect(page.getByText(/^Nobody has ever come back from Zoom with the client/)).toBeVisible();
    const causes = main(page).getByRole("listitem").filter({ hasText: "What to do" });
    await expect(causes.first()).toContainText("Invalid redirect url");
    if (scripts) await expectGoodLooks(page, testInfo, "connect-session-nobody-returns");
    const returned = await application.backend.invite({ end_user: { id: "user_44" }, providers: ["zoom"] });
    await connectQuietly(server, playwright, returned.url);
    await visit(page, `${application.path}/connect-sessions/${given.id}`, scripts);
    await expect(page.getByText(/^Others have come back from Zoom/)).toBeVisible();
    await expect(causes.first()).toContainText("You cannot authorize");
  });

  test(`the audit log is narrowed, paged and told in words, scripts ${scripts ? "on" : "off"}`, async ({ furnished, newVisitor, signedIn }, testInfo) => {
    test.slow();
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    const log = `${furnished.path}/events`;
    await visit(page, log, scripts);
    if (scripts) await expectGoodLooks(page, testInfo, "events");
    await page.getByLabel("About").selectOption({ label: "Connected accounts" });
    await page.getByLabel("Outcome").selectOption({ label: "Other than OK" });
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/group=connected_accounts/);
    await page.getByRole("link", { name: "Lost a connected account" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Lost a connected account" })).toBeVisible();
    await expect(page.getByText(furnished.accounts.lost, { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "All events of it" }).click();
    await expect(page).toHaveURL(new RegExp(`id=${furnished.accounts.lost}`));
    await expect(page.getByRole("row").filter({ hasText: "Connected an account" })).toHaveCount(1);
    await visit(page, `${log}?group=connect_sessions`, scripts);
    await page.getByRole("link", { name: "Created a connect session" }).first().click();
    await expect(page.getByRole("heading", { name: "Personal fields" })).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "event");
    await visit(page, `${log}?id=nothing_like_it`, scripts);
    await expect(page.getByRole("heading", { name: "No event fits" })).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "events-none");
    await visit(page, "/settings/events?group=sign_ins", scripts);
    await page.getByRole("link", { name: "Signed in" }).first().click();
    await expect(page.getByText("127.0.0.1", { exact: false }).first()).toBeVisible();
    await visit(page, "/settings/events", scripts);
    if (scripts) await expectGoodLooks(page, testInfo, "organization-events");
  });
}

test("pages of the log lead both ways by address, and an export is a file", async ({ server, page }) => {
  const application = addApplication(server, "Many events");
  await application.backend.setUp("sandbox", await server.sandbox.addClient());
  for (let count = 0; count < 60; count++) {
    await application.backend.invite({ end_user: { id: `user_${count}` }, providers: ["sandbox"] });
  }
  await open(page, `${application.path}/events?group=connect_sessions`);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/group=connect_sessions&cursor=evt_/);
  await expect(page.getByRole("row")).toHaveCount(11);
  await page.reload();
  await expect(page.getByRole("row")).toHaveCount(11);
  await page.getByRole("link", { name: "Newer" }).click();
  await expect(page).toHaveURL(/direction=newer/);
  await expect(page.getByRole("row")).toHaveCount(51);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export CSV" }).click()]);
  expect(download.suggestedFilename()).toBe(`events-${application.id}.csv`);
  const lines = fs.readFileSync(await download.path(), "utf8").trimEnd().split("\r\n");
  expect(lines).toHaveLength(61);
});

test("a viewer reads the log without personal fields, exports and the organization's log", async ({ server, furnished, newVisitor, watch }, testInfo) => {
  watch.allow(said(403));
  const viewer = { email: "viewer-of-logs@example.com", password: "a long password of a viewer" };
  server.run(["member", "add", "--email", viewer.email, "--role", "viewer"], viewer.password);
  const page = await newVisitor({ storageState: NOBODY });
  await signIn(page, viewer);
  await open(page, `${furnished.path}/events?group=connect_sessions`);
  await expect(page.getByRole("link", { name: /^Export/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Created a connect session" }).first().click();
  await expect(page.getByText("Only admins and owners see them.")).toBeVisible();
  await page.goto("/settings/events");
  await expect(page.getByRole("heading", { name: "Your role does not reach" })).toBeVisible();
  await expectGoodLooks(page, testInfo, "organization-events-refused");
});
