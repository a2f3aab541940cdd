// Why an account died, for somebody who helps its end user: the cause first, the button beside it, the story below.

import { connect, connectQuietly } from "../support/connect.mjs";
import { Portal } from "../support/portal.mjs";
import { picture } from "../support/screenshots.mjs";
import { expect, test } from "../support/test.mjs";

const entries = (page) => page.getByRole("list", { name: "Timeline of the account" }).getByRole("listitem");

/** Connects quietly and gives the account. */
async function connected({ backend, server, playwright }, more = {}) {
  const session = await backend.invite(more);
  await connectQuietly(server, playwright, session.url);
  return (await backend.session(session.id)).results[0].connected_account;
}

/** The end user removes the app at the provider, and a backend finds out. */
async function lose({ server, client, backend }, account) {
  const { body } = await backend.token(account);
  await server.sandbox.revokeGrant(client.client_id, "ada@example.com");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body.access_token));
  const rejected_token_sha256 = Buffer.from(hash).toString("hex");
  const lost = await backend.call("POST", `connected-accounts/${account}/token`, { rejected_token_sha256 });
  expect(lost.status).toBe(409);
}

for (const scripts of [true, false]) {
  test(`a lost account says why and what to do next, scripts ${scripts ? "on" : "off"}`, async ({ server, client, application, backend, playwright, storageState, newVisitor }) => {
    const account = await connected({ backend, server, playwright });
    await lose({ server, client, backend }, account);
    const page = await newVisitor({ storageState, javaScriptEnabled: scripts });
    const portal = new Portal(page, { scripts });
    await portal.open(`${application.path}/connected-accounts/${account}`);
    const trouble = page.getByRole("region", { name: "Zoom no longer accepts the refresh token." });
    await expect(trouble).toContainText("Invalid Token!");
    await expect(trouble).toContainText("Since: just now");
    await expect(entries(page)).toHaveCount(2);
    await expect(entries(page).first()).toContainText("Zoom no longer accepts the refresh token.");
    await expect(entries(page).last()).toContainText("The end user connected the Zoom account.");
    if (scripts) await picture(page, "lost-account");

    await trouble.getByRole("button", { name: "Create reconnect link" }).click();
    const link = page.getByRole("textbox", { name: "Reconnect link" });
    await expect(link).toHaveValue(/\/connect\//);
    const endUser = await newVisitor();
    await connect(endUser, await link.inputValue());
    await expect(endUser.getByRole("heading", { name: "Zoom is connected" })).toBeVisible();
    await portal.open(`${application.path}/connected-accounts/${account}`);
    await expect(portal.property("State")).toHaveText("Active");
    await expect(trouble).toBeHidden();
    await expect(entries(page).first()).toContainText("The end user consented again, and new tokens are stored.");
    await expect(entries(page).first()).toContainText("Connect session cs_");
  });
}

test("failing refreshes say what the provider said and when the next try is", async ({ server, client, application, backend, playwright, page }) => {
  const account = await connected({ backend, server, playwright });
  const { body } = await backend.token(account);
  await server.sandbox.fault({ endpoint: "token", grant_type: "refresh_token", kind: "status", status: 503, retry_after: "3600", client_id: client.client_id });
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body.access_token));
  const refused = { rejected_token_sha256: Buffer.from(hash).toString("hex") };
  expect((await backend.call("POST", `connected-accounts/${account}/token`, refused)).status).toBe(503);
  await page.goto(`${application.path}/connected-accounts/${account}`);
  const trouble = page.getByRole("region", { name: "Refreshes at Zoom fail at present; the grant is kept." });
  await expect(trouble).toContainText("The sandbox was told to fail this request. (invalid_request, 503)");
  await expect(trouble).toContainText(/Next try: in (59 minutes|1 hour)/);
  await expect(entries(page).first()).toContainText("Zoom was busy or could not be reached; nothing was spent.");
});

test("accounts of the same provider's user lead to each other", async ({ server, application, backend, playwright, page }) => {
  const first = await connected({ backend, server, playwright });
  const second = await connected({ backend, server, playwright }, { end_user: { id: "user_43" } });
  const portal = new Portal(page);
  await portal.open(`${application.path}/connected-accounts/${first}`);
  await expect(portal.property("Shared")).toContainText("Shares its authorization with one other account");
  await expect(entries(page).first()).toContainText("this account shares the new authorization");
  await portal.property("Shared").getByRole("link", { name: "user_43" }).click();
  await expect(page).toHaveURL(new RegExp(`/connected-accounts/${second}$`));
  await expect(portal.property("Your id")).toContainText("user_43");
});

test("a long timeline goes on by pages, and what repeats is told once", async ({ server, application, backend, playwright, page }) => {
  const account = await connected({ backend, server, playwright });
  for (let n = 0; n < 60; n += 1) await backend.call("PATCH", `connected-accounts/${account}`, { label: `Label ${n}` });
  const portal = new Portal(page);
  await portal.open(`${application.path}/connected-accounts/${account}`);
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText("50 times since");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(entries(page)).toHaveCount(2);
  await expect(entries(page).last()).toContainText("The end user connected the Zoom account.");
  await page.getByRole("link", { name: "Newer" }).click();
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText("50 times since");
});
