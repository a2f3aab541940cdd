// From an empty server to a token in a backend's hands, and to its end: once with scripts and once without.

import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { Backend } from "../support/backend.mjs";
import { connect, goToConsent, decide } from "../support/connect.mjs";
import { Portal } from "../support/portal.mjs";
import { picture } from "../support/screenshots.mjs";
import { OWNER, expect, said, test } from "../support/test.mjs";

const SCOPES = ["user:read:user", "meeting:read:list_meetings"];

/** Gathers the one-time values in the addresses that a browser visits. */
function gatherSecretsOf(page) {
  const found = new Set();
  page.on("request", (request) => {
    const url = new URL(request.url());
    for (const name of ["code", "state"]) {
      const value = url.searchParams.get(name);
      if (value) found.add(value);
    }
    const link = /^\/connect\/(?!result\/)(.+)/.exec(url.pathname);
    if (link) found.add(link[1]);
  });
  return found;
}

async function useToken(backend, account) {
  const { status, body } = await backend.token(account);
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: "Bearer", provider: "zoom", scopes: SCOPES });
  expect(body).not.toHaveProperty("refresh_token");
  const answer = await fetch(`${body.api_base_url}/users/me`, {
    headers: { authorization: `Bearer ${body.access_token}` },
  });
  expect(await answer.json()).toMatchObject({ email: "ada@example.com", display_name: "Ada Lovelace" });
  return body.access_token;
}

test("a developer adds Zoom, an end user connects, a backend gets a fresh token", async ({ freshServer, newVisitor }) => {
  test.setTimeout(180_000);
  const server = freshServer;
  const page = await newVisitor({
    baseURL: server.url,
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const portal = new Portal(page);
  const secrets = new Set([OWNER.password]);
  let app, client, key, link, session, account;

  await test.step("the first visitor signs up and creates an application", async () => {
    await portal.signUp(OWNER);
    app = await portal.createApplication("Acme");
    await portal.hears("Acme is created.");
  });

  await test.step("the catalogue leads to Zoom's set-up page", async () => {
    await portal.go("OAuth providers");
    await portal.follow("Add provider");
    await picture(page, "catalogue");
    await page.getByLabel("Search").fill("zoom");
    await expect(page.getByRole("link", { name: "Sandbox", exact: true })).toBeHidden();
    await portal.follow("Zoom", "Set up Zoom");
    expect(new URL(page.url()).pathname).toBe(`${app}/providers/new/zoom`);
  });

  await test.step("it shows the way through Zoom's pages and Zoom's properties", async () => {
    for (const step of ["Create a General App", "Name it and choose User-managed", "Paste the redirect URI twice", "Add scopes", "Copy the credentials"]) {
      await expect(page.getByRole("heading", { name: step })).toBeVisible();
    }
    await expect(page.getByText("OAuth Allow Lists", { exact: false }).first()).toBeVisible();
    await expect(portal.property("Provider id")).toHaveText("zoom");
    await expect(portal.property("Category")).toHaveText("Communication");
    await expect(portal.property("PKCE")).toContainText("confidential client");
    await expect(portal.property("Refresh tokens")).toContainText("Rotate");
    await expect(portal.property("Access token")).toContainText("1 hour");
    await expect(portal.property("Idle limit")).toContainText("90 days");
    await expect(portal.property("Scopes")).toContainText("never sent in the authorization URL");
    await expect(portal.property("Admin scopes")).toContainText(":admin");
    await expect(portal.property("Scope changes")).toContainText("authorize again");
  });

  await picture(page, "zoom-set-up");

  await test.step("the redirect URI is copied as it is shown", async () => {
    const shown = await portal.redirectUri().inputValue();
    expect(shown).toBe(`${server.url}/oauth/callback/${app.split("/").at(-1)}/zoom`);
    await portal.press("Copy redirect URI");
    await portal.hears("Copied");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
    client = await server.sandbox.addClient({ redirect_uris: [shown] });
    secrets.add(client.client_secret);
  });

  await test.step("credentials are pasted with spaces, which are removed and said, and Zoom is active", async () => {
    await portal.fillCredentials({ client_id: `  ${client.client_id} `, client_secret: ` ${client.client_secret}  ` });
    await expect(page.getByText("Spaces around what was pasted are removed when you save.")).toBeVisible();
    await portal.press("Save");
    await portal.at("Zoom");
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await portal.hears("Spaces around what was pasted are removed.");
    await expect(page.getByLabel("Client ID")).toHaveValue(client.client_id);
    await expect(page.getByLabel("Client Secret")).toHaveValue("");
    await picture(page, "zoom-active");
    await portal.go("OAuth providers");
    await expect(page.getByRole("row", { name: /Zoom/ }).getByText("Active", { exact: true })).toBeVisible();
  });

  await test.step("an API key is shown once", async () => {
    await portal.go("API keys");
    key = await portal.mintKey("Billing backend");
    secrets.add(key);
    await portal.open(`${app}/api-keys`);
    await expect(page.getByRole("row", { name: /Billing backend/ })).toBeVisible();
    expect(await page.content()).not.toContain(key);
  });

  const backend = new Backend(server, key);
  const endUser = await newVisitor({ baseURL: server.url, viewport: { width: 1280, height: 800 } });
  const seen = gatherSecretsOf(endUser);

  await test.step("the end user sees who asks for what, goes to the provider and allows", async () => {
    session = await backend.invite({ providers: ["zoom"] });
    expect(session.status).toBe("open");
    link = session.url;
    await endUser.goto(link);
    await expect(endUser.getByRole("heading", { name: "Connect Zoom to Acme" })).toBeVisible();
    await expect(endUser.getByText("Acme asks to connect an account of Ada Lovelace (ada@example.com).")).toBeVisible();
    await picture(endUser, "connect");
    await picture(endUser, "connect-phone", { viewport: { width: 375, height: 760 } });
    await goToConsent(endUser, link);
    const authorize = new URL(endUser.url());
    expect([...authorize.searchParams.keys()].sort()).toEqual(["client_id", "redirect_uri", "response_type", "state"]);
    await picture(endUser, "consent");
    await decide(endUser, "Allow");
    await expect(endUser.getByRole("heading", { name: "Zoom is connected" })).toBeVisible();
    expect(endUser.url()).toBe(`${server.url}/connect/result/${session.id}`);
  });

  await test.step("the backend reads the result and gets a token that works", async () => {
    const result = await backend.session(session.id);
    expect(result).toMatchObject({ status: "completed", results: [{ provider: "zoom", status: "connected" }] });
    expect(result).not.toHaveProperty("url");
    account = result.results[0].connected_account;
    const first = await useToken(backend, account);
    const hash = createHash("sha256").update(first).digest("hex");
    const { body } = await backend.call("POST", `connected-accounts/${account}/token`, { rejected_token_sha256: hash });
    expect(body.access_token).not.toBe(first);
    secrets.add(first).add(body.access_token);
    await useToken(backend, account);
  });

  await test.step("the portal lists the connected account and shows it in detail", async () => {
    // Uses are written a moment after they are made.
    const lastUse = async () => (await backend.call("GET", `connected-accounts/${account}`)).body.last_used_at;
    await expect.poll(lastUse).toEqual(expect.any(String));
    await portal.go("Connected accounts");
    const row = page.getByRole("row", { name: /user_42/ });
    await expect(row).toContainText("Ada Lovelace");
    await expect(row).toContainText("Zoom");
    await expect(row).toContainText("ada@example.com");
    await expect(row.getByText("Active", { exact: true })).toBeVisible();
    await expect(row).toContainText("user:read:user +1");
    await expect(row).toContainText("just now");
    await picture(page, "connected-accounts");
    await portal.follow("user_42", "Ada Lovelace");
    await expect(portal.property("State")).toHaveText("Active");
    for (const scope of SCOPES) await expect(portal.property("Scopes")).toContainText(scope);
    await expect(portal.property("Last refresh")).toHaveText(/just now|ago/);
    await expect(portal.property("Last use")).toHaveText(/just now|ago/);
    await picture(page, "connected-account");
    await picture(page, "connected-account-dark", { colorScheme: "dark" });
  });

  await test.step("it is refreshed by hand", async () => {
    await portal.press("Refresh now");
    await portal.hears(/The tokens are (refreshed|less than 30 seconds old and were kept)\./);
  });

  await test.step("it is revoked after a question, here and at the provider", async () => {
    await portal.open(`${app}/connected-accounts/${account}/revoke`);
    await portal.at("Revoke Zoom account of Ada Lovelace?");
    await expect(page.getByText(`Backends using ${account} get 410 at once.`)).toBeVisible();
    await portal.press("Revoke account");
    await portal.at("Ada Lovelace");
    await portal.hears("The account is revoked, here and at the provider.");
    await expect(portal.property("State")).toHaveText("Revoked");
    await expect(portal.property("At the provider")).toContainText("Revoked");
    const { status, body } = await backend.token(account);
    expect([status, body.code]).toEqual([410, "revoked"]);
  });

  await test.step("no secret is in the log or, in the clear, in the database", async () => {
    expect(seen.size, "link, state and code were seen").toBeGreaterThanOrEqual(3);
    const log = server.log();
    expect(log.length).toBeGreaterThan(1_000);
    const stored = fs
      .readdirSync(server.folder)
      .filter((name) => name.startsWith("keybearer.db"))
      .map((name) => fs.readFileSync(path.join(server.folder, name), "latin1"))
      .join("");
    for (const secret of [...secrets, ...seen]) {
      expect(log.includes(secret), `the log holds ${secret.slice(0, 8)}…`).toBe(false);
      expect(stored.includes(secret), `the database holds ${secret.slice(0, 8)}…`).toBe(false);
    }
    expect(log, "the log holds a token of the provider").not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
    expect(stored, "the database holds a token of the provider").not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
  });
});

test("the same story is possible with scripts off", async ({ freshServer, newVisitor, watch }) => {
  test.setTimeout(120_000);
  watch.allow(said(422));
  const server = freshServer;
  const withoutScripts = { baseURL: server.url, javaScriptEnabled: false };
  const page = await newVisitor(withoutScripts);
  const portal = new Portal(page, { scripts: false });

  await portal.signUp(OWNER);
  const app = await portal.createApplication("Acme");
  await portal.hears("Acme is created.");

  await portal.go("OAuth providers");
  await portal.follow("Add provider");
  await page.getByLabel("Search").fill("zoom");
  await portal.press("Filter");
  await expect(page.getByRole("link", { name: "Sandbox", exact: true })).toBeHidden();
  await portal.follow("Zoom", "Set up Zoom");
  const client = await server.sandbox.addClient({ redirect_uris: [await portal.redirectUri().inputValue()] });

  await portal.fillCredentials({ ...client, client_secret: ` ${client.client_secret.replace(/.$/, "#")} ` });
  await expectRefusal(portal, page, client);
  await portal.fillCredentials(client);
  await portal.press("Save");
  await portal.at("Zoom");
  await expect(page.getByText("Active", { exact: true })).toBeVisible();

  await portal.go("API keys");
  const key = await portal.mintKey("Billing backend");
  await portal.go("API keys");
  expect(await page.content()).not.toContain(key);

  const backend = new Backend(server, key);
  const session = await backend.invite({ providers: ["zoom"] });
  const endUser = await newVisitor(withoutScripts);
  await connect(endUser, session.url);
  await expect(endUser.getByRole("heading", { name: "Zoom is connected" })).toBeVisible();
  const [{ connected_account: account }] = (await backend.session(session.id)).results;
  await useToken(backend, account);

  await portal.go("Connected accounts");
  await portal.follow("user_42", "Ada Lovelace");
  await portal.press("Refresh now");
  await portal.hears(/The tokens are (refreshed|less than 30 seconds old and were kept)\./);
  await page.getByRole("link", { name: "Revoke", exact: true }).click();
  await portal.at("Revoke Zoom account of Ada Lovelace?");
  expect(new URL(page.url()).pathname).toBe(`${app}/connected-accounts/${account}/revoke`);
  await portal.press("Revoke account");
  await portal.at("Ada Lovelace");
  await expect(portal.property("State")).toHaveText("Revoked");
  expect((await backend.token(account)).status).toBe(410);
});

/** A wrong secret is refused in the provider's words, and what may come back is back. */
async function expectRefusal(portal, page, client) {
  await portal.press("Save");
  await portal.at("Set up Zoom");
  await expect(page.getByRole("alert")).toContainText("Invalid client_id or client_secret");
  await expect(page.getByLabel("Client ID")).toHaveValue(client.client_id);
  await expect(page.getByLabel("Client Secret")).toHaveValue("");
}
