// The form for a provider's credentials: what it refuses, what it only mentions, and what follows from each button.

import { connectQuietly } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { Portal } from "../support/portal.mjs";
import { expect, said, test } from "../support/test.mjs";

const REFUSED = /Zoom refuses these credentials: “Invalid client_id or client_secret[^”]*”\. Nothing is saved\./;

/** The set-up page of a new Zoom. */
async function setUp(page, application) {
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/new/zoom`);
  return portal;
}

const wrong = (secret) => secret.split("").reverse().join("");
const state = (page, word) => page.getByRole("main").getByText(word, { exact: true }).first();

test("a wrong secret is refused in the provider's words, can be saved anyway, and is put right later", async ({ page, application, client, watch }) => {
  watch.allow(said(422));
  const portal = await setUp(page, application);
  const secret = wrong(client.client_secret);
  await portal.fillCredentials({ ...client, client_secret: secret });
  await portal.press("Save");

  await expect(page.getByRole("alert")).toContainText(REFUSED);
  await expect(page.getByLabel("Client ID")).toHaveValue(client.client_id);
  const source = await page.content();
  expect(source).not.toContain(secret);

  await portal.press("Save anyway");
  await portal.at("Zoom");
  await expect(state(page, "Rejected")).toBeVisible();
  await expect(page.getByText(/^Invalid client_id or client_secret/)).toBeVisible();
  expect(await page.content()).not.toContain(secret);

  await page.getByLabel("Client Secret").fill(client.client_secret);
  await portal.press("Save");
  await expect(state(page, "Active")).toBeVisible();
  await portal.hears("Zoom is saved: the credentials are accepted.");
  expect(await page.content()).not.toContain(client.client_secret);
});

test("a refusal without scripts keeps the client id and never sends the secret back", async ({ newVisitor, signedIn, application, client, watch }) => {
  watch.allow(said(422));
  const page = await newVisitor({ javaScriptEnabled: false, storageState: signedIn });
  const portal = new Portal(page, { scripts: false });
  await portal.open(`${application.path}/providers/new/zoom`);
  const secret = wrong(client.client_secret);
  await portal.fillCredentials({ ...client, client_secret: secret });
  const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === "POST"), portal.press("Save")]);
  expect(answer.status()).toBe(422);
  expect(await answer.text()).not.toContain(secret);
  await expect(page.getByRole("alert")).toContainText(REFUSED);
  await expect(page.getByLabel("Client ID")).toHaveValue(client.client_id);

  await portal.press("Save anyway");
  await portal.at("Zoom");
  await expect(state(page, "Rejected")).toBeVisible();
});

test("an empty secret on edit keeps the stored one", async ({ page, application, client, backend }) => {
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/zoom`);
  await expect(page.getByText(`Stored, ends in ${client.client_secret.slice(-4)}. Leave empty to keep it.`)).toBeVisible();
  await page.getByLabel("Scopes you expect").fill("user:read:user");
  await portal.press("Save");
  await portal.hears("Zoom is saved.");
  await portal.press("Verify now");
  await portal.hears("Zoom accepts the credentials.");
  expect((await backend.call("GET", "provider-configs/zoom")).body.scopes).toEqual(["user:read:user"]);
});

test("swapped credentials are named before and after saving", async ({ page, application, client, watch }) => {
  watch.allow(said(422));
  const portal = await setUp(page, application);
  await portal.fillCredentials({ client_id: client.client_secret, client_secret: client.client_id });
  await expect(page.getByText("Client ID and Client Secret look swapped")).toBeVisible();
  await portal.press("Save");
  await expect(page.getByRole("alert")).toContainText("Client ID and Client Secret look swapped");
});

test("an unusual length is mentioned and no reason to refuse", async ({ page, application, server }) => {
  const client = await server.sandbox.addClient({ client_id: `short-${Date.now() % 100_000}`, any_redirect_uri: true });
  const portal = await setUp(page, application);
  await portal.fillCredentials(client);
  const length = `This Client ID has ${client.client_id.length} characters; Zoom's usually have 22.`;
  await expect(page.getByText(length)).toBeVisible();
  await portal.press("Save");
  await portal.at("Zoom");
  await portal.hears(length);
  await expect(state(page, "Active")).toBeVisible();
});

test("what is missing is said beside its field, which gets the focus", async ({ page, application, client, watch }) => {
  watch.allow(said(422));
  const portal = await setUp(page, application);
  await page.getByLabel("Client Secret").fill(client.client_secret);
  await portal.press("Save");
  await expect(page.getByRole("alert")).toContainText("Zoom is not saved");
  await expect(page.getByLabel("Client ID")).toBeFocused();
  await expect(page.getByLabel("Client ID")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Client ID")).toHaveAccessibleDescription(/Copy the Client ID from Zoom's page\./);
});

test("credentials are saved unverified while the provider is down, and verified later", async ({ page, application, client, server }) => {
  for (const grant_type of ["client_credentials", "authorization_code"]) {
    await server.sandbox.fault({ endpoint: "token", grant_type, client_id: client.client_id, kind: "status", status: 503 });
  }
  const portal = await setUp(page, application);
  await portal.fillCredentials(client);
  await portal.press("Save");
  await portal.at("Zoom");
  await expect(state(page, "Active, not verified yet")).toBeVisible();
  await portal.hears("It could not say whether the credentials are good.");

  await portal.press("Verify now");
  await portal.hears("Zoom accepts the credentials.");
  await expect(state(page, "Active")).toBeVisible();
});

test("a provider is disabled, enabled and removed with what it affects", async ({ page, application, backend, server, playwright }) => {
  const session = await backend.invite();
  await connectQuietly(server, playwright, session.url);
  const [{ connected_account: account }] = (await backend.session(session.id)).results;
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/zoom`);

  await portal.press("Disable");
  await portal.hears("Zoom is disabled.");
  await expect(state(page, "Disabled")).toBeVisible();
  const refused = await backend.token(account);
  expect([refused.status, refused.body.code]).toEqual([409, "provider_config_disabled"]);

  await portal.press("Enable");
  await portal.hears("Zoom is enabled.");
  expect((await backend.token(account)).status).toBe(200);

  await page.getByRole("link", { name: "Remove", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Remove Zoom?" });
  await expect(question).toContainText("One connected account is revoked: backends that use it get 410 at once.");
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await question.getByRole("button", { name: "Remove provider" }).click();
  await portal.at("OAuth providers");
  await portal.hears("Zoom is removed. One connected account is revoked.");
  expect((await backend.token(account)).status).toBe(410);
});

test("a second set-up of the same provider has a key and a redirect URI of its own", async ({ page, application, backend, server }) => {
  const portal = await setUp(page, application);
  await expect(page.getByText("Zoom is set up already")).toBeVisible();
  await page.getByLabel("Key", { exact: true }).fill("zoom-eu");
  await expect(portal.redirectUri()).toHaveValue(`${server.url}/oauth/callback/${application.id}/zoom-eu`);
  await portal.fillCredentials(await server.sandbox.addClient());
  await portal.press("Save");
  await portal.at("Zoom");
  expect(new URL(page.url()).pathname).toBe(`${application.path}/providers/zoom-eu`);
  expect((await backend.call("GET", "provider-configs/zoom-eu")).body.provider).toBe("zoom");
});

test("the webhook secret is set, kept and removed, and never comes back", async ({ page, application, client, backend: _, server }, testInfo) => {
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/zoom`);
  const url = `${server.url}/provider-events/${application.id}/zoom`;
  await expect(page.getByRole("textbox", { name: "Provider events URL" })).toHaveValue(url);
  await expect(page.getByRole("button", { name: "Copy provider events URL" })).toBeVisible();
  const field = page.getByLabel("Secret Token", { exact: true });
  const forget = page.getByLabel("Remove the stored Secret Token");
  await expect(field).toHaveAccessibleDescription("Zoom signs its notices with it; without it they are refused.");
  await expect(forget).toHaveCount(0);

  const { secret_token: secret } = await server.sandbox.listen(client.client_id, url);
  await field.fill(secret);
  await portal.press("Save");
  await portal.hears("Zoom is saved.");
  await expect(field).toHaveAccessibleDescription("Stored. Leave empty to keep it.");
  await expectGoodLooks(page, testInfo, "webhook-secret-stored");
  expect(await server.sandbox.validate(client.client_id)).toMatchObject({ right: true, status: 200 });

  await page.getByLabel("Scopes you expect").fill("user:read:user");
  await portal.press("Save");
  await portal.hears("Zoom is saved.");
  expect((await server.sandbox.validate(client.client_id)).right).toBe(true);
  await portal.open(`${application.path}/providers/zoom`);
  expect(await page.content()).not.toContain(secret);

  await forget.check();
  await portal.press("Save");
  await portal.hears("Zoom is saved.");
  await expect(forget).toHaveCount(0);
  expect((await server.sandbox.validate(client.client_id)).status).toBe(401);
});

test("without scripts the webhook secret outlives a refusal of the credentials", async ({ newVisitor, signedIn, application, client, backend: _, server, watch }) => {
  watch.allow(said(422));
  const page = await newVisitor({ javaScriptEnabled: false, storageState: signedIn });
  const portal = new Portal(page, { scripts: false });
  await portal.open(`${application.path}/providers/zoom`);
  const url = await page.getByRole("textbox", { name: "Provider events URL" }).inputValue();
  const { secret_token: secret } = await server.sandbox.listen(client.client_id, url);
  await page.getByLabel("Client Secret").fill(wrong(client.client_secret));
  await page.getByLabel("Secret Token", { exact: true }).fill(secret);
  await portal.press("Save");
  await expect(page.getByRole("alert")).toContainText(REFUSED);
  expect(await page.content()).not.toContain(secret);
  await page.getByLabel("Client Secret").fill(client.client_secret);
  await portal.press("Save");
  await portal.at("Zoom");
  expect((await server.sandbox.validate(client.client_id)).right).toBe(true);
});
