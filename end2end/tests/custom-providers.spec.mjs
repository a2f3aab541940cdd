// Providers that are not in the catalogue: found by their issuer or entered by hand, and entries that change later.

import { expectGoodLooks } from "../support/looks.mjs";
import { Portal } from "../support/portal.mjs";
import { expect, said, test } from "../support/test.mjs";

const CATALOGUE = "Custom OAuth 2.0 / OpenID Connect";

/** An app at the sandbox that may ask who somebody is. */
const openIdClient = (server) => {
  return server.sandbox.addClient({ any_redirect_uri: true, scopes: ["openid", "user:read:user"], scope_parameter: "honoured" });
};

/** From the catalogue to a review of what the sandbox announces. */
async function discover(page, application, issuer, scripts = true) {
  const portal = new Portal(page, { scripts });
  await portal.open(`${application.path}/providers/new`);
  await portal.follow(CATALOGUE, "Custom provider");
  await page.getByLabel("Issuer URL").fill(issuer);
  await portal.press("Discover");
  await expect(page.getByRole("heading", { name: "Review and save" })).toBeVisible();
  await portal.settle();
  return portal;
}

/** Saves it under a name, and sets it up with an app's credentials. */
async function setUp(portal, page, server, name) {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await portal.press("Save");
  await portal.at(`Set up ${name}`);
  const client = await openIdClient(server);
  await portal.fillCredentials(client);
  await page.getByLabel("Scopes you expect").fill("openid");
  await portal.press("Save");
  await portal.at(name);
  return client;
}

for (const scripts of [true, false]) {
  test(`a provider is found by its issuer, saved and set up with scripts ${scripts ? "on" : "off"}`, async ({ newVisitor, signedIn, application, server }, testInfo) => {
    const page = await newVisitor({ javaScriptEnabled: scripts, storageState: signedIn });
    const portal = await discover(page, application, server.sandbox.url, scripts);
    await expect(page.getByLabel("Token endpoint")).toHaveValue(`${server.sandbox.url}/oauth/token`);
    await expect(portal.property("PKCE methods")).toHaveText("S256");
    if (scripts) await expectGoodLooks(page, testInfo, "review");
    await setUp(portal, page, server, "Acme ID");
    await expect(page.getByText("Active, not verified yet").first()).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "provider");
    await portal.open(`${application.path}/providers/new`);
    await expect(page.getByRole("listitem").filter({ hasText: "Acme ID" })).toContainText("Added");
  });
}

test("an issuer that announces nothing says why, and what was typed stays", async ({ newVisitor, signedIn, application }, testInfo) => {
  const page = await newVisitor({ storageState: signedIn });
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/new/custom`);
  await expectGoodLooks(page, testInfo, "issuer");
  await page.getByLabel("Issuer URL").fill("https://127.0.0.1/tenant");
  await portal.press("Discover");
  await portal.settle();
  await expect(page.getByLabel("Issuer URL")).toHaveValue("https://127.0.0.1/tenant");
  await expect(page.getByLabel("Issuer URL")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText(/private or loopback address/)).toBeVisible();
  await expectGoodLooks(page, testInfo, "issuer-refused");
});

for (const scripts of [true, false]) {
  test(`an entry is written by hand with scripts ${scripts ? "on" : "off"}; a mistake keeps what was typed and names the line`, async ({ newVisitor, signedIn, application, watch }, testInfo) => {
    watch.allow(said(422));
    const page = await newVisitor({ javaScriptEnabled: scripts, storageState: signedIn });
    const portal = new Portal(page, { scripts });
    await portal.open(`${application.path}/providers/new/custom`);
    await page.getByRole("link", { name: "Enter everything by hand" }).click();
    await expect(page.getByLabel("Token endpoint")).toBeVisible();
    await portal.settle();
    await page.getByLabel("Name", { exact: true }).fill("By hand");
    await page.getByLabel("Authorization endpoint").fill("https://id.example.com/authorize");
    await page.getByLabel("Token endpoint").fill("http://id.example.com/token");
    await page.getByText("Advanced: every other field, in TOML").click();
    await page.getByLabel("Entry", { exact: true }).fill("[refresh]\nrotate = true\n");
    await portal.press("Save");
    await expect(page.getByRole("alert")).toContainText("must be https");
    await expect(page.getByLabel("Token endpoint")).toHaveValue("http://id.example.com/token");
    await page.getByLabel("Token endpoint").fill("https://id.example.com/token");
    await portal.press("Save");
    await expect(page.getByRole("alert")).toContainText(/Line 2: There is no field rotate in refresh\. Known are rotates,/);
    await expect(page.getByLabel("Entry", { exact: true })).toHaveValue(/rotate = true/);
    if (scripts) await expectGoodLooks(page, testInfo, "by-hand-refused");
    await page.getByLabel("Entry", { exact: true }).fill("[refresh]\nrotates = false\n");
    await portal.press("Save");
    await portal.at("Set up By hand");

    await portal.open(`${application.path}/providers/new/custom-by-hand/entry`);
    await portal.at("By hand's entry");
    await expect(page.getByLabel("Entry", { exact: true })).toHaveValue(/rotates = false/);
    if (scripts) await expectGoodLooks(page, testInfo, "entry");
    await page.getByRole("link", { name: "Remove" }).click();
    await portal.press("Remove entry");
    await portal.at("Add provider");
    await expect(page.getByRole("link", { name: "By hand" })).toBeHidden();
  });
}

for (const scripts of [true, false]) {
  test(`an edited entry waits until it is adopted, with scripts ${scripts ? "on" : "off"}`, async ({ newVisitor, signedIn, application, server }, testInfo) => {
    const page = await newVisitor({ javaScriptEnabled: scripts, storageState: signedIn });
    const portal = await discover(page, application, server.sandbox.url, scripts);
    await setUp(portal, page, server, "Acme ID");
    await portal.press("Check again");
    await portal.hears("The issuer announces what it did before.");

    await portal.follow("Edit entry", "Acme ID's entry");
    await page.getByLabel("Token endpoint").fill("https://moved.example.com/token");
    await portal.press("Save");
    await portal.at("Acme ID");
    await expect(page.getByText("Nothing changes here until somebody adopts it.")).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "newer-entry");
    await portal.follow("Look at what changes", "What changes at Acme ID");
    await expect(portal.property("endpoints.token")).toContainText("https://moved.example.com/token");
    await expect(page.getByText(/your client secret go to the new endpoints at once/)).toBeVisible();
    if (scripts) await expectGoodLooks(page, testInfo, "adopt");
    await portal.press("Adopt the new entry");
    await portal.at("Acme ID");
    await portal.hears("The new entry is in force.");
    await expect(page.getByText("Nothing changes here until somebody adopts it.")).toBeHidden();
  });
}

test("the catalogue is searched while one types, and by its form without scripts", async ({ newVisitor, signedIn, application }, testInfo) => {
  const page = await newVisitor({ storageState: signedIn });
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/new`);
  await expectGoodLooks(page, testInfo, "catalogue");
  await page.getByLabel("Search").fill("zoo");
  await expect(page.getByRole("link", { name: "Zoom", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sandbox", exact: true })).toBeHidden();
  await expect(page.getByRole("link", { name: CATALOGUE })).toBeVisible();
  await portal.open(`${application.path}/providers/new?q=nothing%20of%20this%20name`);
  await expect(page.getByText("No provider fits")).toBeVisible();
  await expect(page.getByRole("link", { name: CATALOGUE })).toBeVisible();
  await expectGoodLooks(page, testInfo, "catalogue-no-match");

  const plain = await newVisitor({ javaScriptEnabled: false, storageState: signedIn });
  await plain.goto(`${application.path}/providers/new?category=Communication`);
  await plain.getByLabel("Search").fill("zoo");
  await plain.getByRole("button", { name: "Filter" }).click();
  await expect(plain).toHaveURL(/q=zoo.*category=Communication/);
  await expect(plain.getByRole("link", { name: "Zoom", exact: true })).toBeVisible();
});
