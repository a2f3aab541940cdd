// How an end user gets back to the application: by address, by popup, with confirmation, after several providers.

import { connect, decide } from "../support/connect.mjs";
import { Application } from "../support/returning.mjs";
import { NOBODY, expect, test as base } from "../support/test.mjs";

const test = base.extend({
  acme: async ({}, use) => {
    const acme = await Application.start();
    await use(acme);
    await acme.stop();
  },
});

test.use({ storageState: NOBODY });

const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });

for (const { decision, status } of [
  { decision: "Allow", status: "completed" },
  { decision: "Decline", status: "failed" },
]) {
  test(`a return address is visited with session and status ${status}, and nothing that must be trusted`, async ({ page, acme, application, backend }) => {
    application.addReturnAddress(acme.returnUrl);
    const session = await backend.invite({ return_url: acme.returnUrl });
    await connect(page, session.url, { decision });
    await expect(heading(page, "Back at Acme")).toBeVisible();
    expect(acme.visits).toEqual([{ connect_session: session.id, status, referer: undefined }]);
    expect((await backend.session(session.id)).status).toBe(status);
  });
}

test("an end user who consented before comes back without being asked again", async ({ page, acme, application, backend }) => {
  application.addReturnAddress(acme.returnUrl);
  await connect(page, (await backend.invite({ return_url: acme.returnUrl })).url);
  await expect(heading(page, "Back at Acme")).toBeVisible();
  const second = await backend.invite({ return_url: acme.returnUrl });
  await page.goto(second.url);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(heading(page, "Back at Acme")).toBeVisible();
  expect(acme.visits.at(-1)).toEqual({ connect_session: second.id, status: "completed", referer: undefined });
});

test("a return address that was not registered is refused", async ({ acme, backend }) => {
  const refused = await backend.call("POST", "connect-sessions", { end_user: { id: "user_1" }, return_url: acme.returnUrl });
  expect(refused.status).toBe(422);
  const origin = await backend.call("POST", "connect-sessions", { end_user: { id: "user_1" }, origin: acme.origin });
  expect(origin.status).toBe(422);
});

test("a popup tells its opener at exactly the origin that was named, and closes", async ({ page, context, acme, application, backend }) => {
  application.addReturnAddress(acme.returnUrl);
  const session = await backend.invite({ origin: acme.origin });
  const popup = await openPopup(page, context, acme.opener(session.url));
  const closed = popup.waitForEvent("close");
  await connect(popup, session.url);
  await closed;
  const message = { type: "keybearer:connect", connect_session: session.id, status: "completed" };
  expect(await heard(page)).toEqual([{ origin: backend.server.url, data: message }]);
});

test("a popup whose opener has another origin tells it nothing", async ({ page, context, acme, application, backend, watch }) => {
  watch.allow(/Failed to execute 'postMessage' on 'DOMWindow'/);
  application.addReturnAddress(acme.returnUrl);
  const stranger = await Application.start();
  const session = await backend.invite({ origin: acme.origin });
  const popup = await openPopup(page, context, stranger.opener(session.url));
  const closed = popup.waitForEvent("close");
  await connect(popup, session.url);
  await closed;
  await expect(page.getByRole("status")).toBeEmpty();
  await stranger.stop();
  expect((await backend.session(session.id)).status).toBe("completed");
});

test("a page for a popup that was opened as an ordinary one goes on to the return address", async ({ page, acme, application, backend }) => {
  application.addReturnAddress(acme.returnUrl);
  const session = await backend.invite({ origin: acme.origin, return_url: acme.returnUrl });
  await connect(page, session.url);
  await expect(heading(page, "Back at Acme")).toBeVisible();
  expect(acme.visits).toEqual([{ connect_session: session.id, status: "completed", referer: undefined }]);
});

test("a page for a popup shows the way back where scripts are off", async ({ newVisitor, acme, application, backend }) => {
  application.addReturnAddress(acme.returnUrl);
  const session = await backend.invite({ origin: acme.origin, return_url: acme.returnUrl });
  const page = await newVisitor({ javaScriptEnabled: false });
  await connect(page, session.url);
  await expect(heading(page, "Zoom is connected")).toBeVisible();
  await page.getByRole("link", { name: "Back to Acme" }).click();
  await expect(heading(page, "Back at Acme")).toBeVisible();
});

test("what waits for confirmation is unlisted until the backend posts the code, once", async ({ page, acme, application, backend }) => {
  application.addReturnAddress(acme.returnUrl);
  const session = await backend.invite({ return_url: acme.returnUrl, completion: "confirmed" });
  await connect(page, session.url);
  await expect(heading(page, "Back at Acme")).toBeVisible();
  const [{ code, ...visit }] = acme.visits;
  expect(visit).toEqual({ connect_session: session.id, status: "completed", referer: undefined });
  expect(code).toMatch(/^\w{20,}$/);

  expect((await backend.session(session.id)).status).toBe("awaiting_confirmation");
  expect((await backend.call("GET", "connected-accounts")).body.data).toEqual([]);
  const confirm = (code) => backend.call("POST", `connect-sessions/${session.id}/confirm`, { code });
  expect((await confirm("made-up")).body.code).toBe("wrong_code");
  const confirmed = await confirm(code);
  expect([confirmed.status, confirmed.body.status]).toEqual([200, "completed"]);
  expect((await backend.token(confirmed.body.results[0].connected_account)).status).toBe(200);
  expect((await confirm(code)).status).toBe(409);
});

test("of several providers the end user picks one after the other, and returns after the last", async ({ page, acme, application, backend, server }) => {
  application.addReturnAddress(acme.returnUrl);
  await backend.setUp("sandbox", await server.sandbox.addClient());
  const session = await backend.invite({ return_url: acme.returnUrl });
  await page.goto(session.url);
  await expect(heading(page, "Connect your accounts to Acme")).toBeVisible();
  await page.getByRole("button", { name: "Continue" }).click();

  const row = (name) => page.getByRole("listitem").filter({ hasText: name });
  await row("Zoom").getByRole("button", { name: "Continue" }).click();
  await decide(page, "Allow");
  await expect(heading(page, "Connect more, or be done")).toBeVisible();
  await expect(row("Zoom").getByText("Connected", { exact: true })).toBeVisible();

  await row("Sandbox").getByRole("button", { name: "Continue" }).click();
  await decide(page, "Decline");
  await expect(heading(page, "Back at Acme")).toBeVisible();
  const { status, results } = await backend.session(session.id);
  expect(status).toBe("completed");
  expect(results.map((result) => [result.provider, result.status]).sort()).toEqual([
    ["sandbox", "failed"],
    ["zoom", "connected"],
  ]);
});

test("a stop before the last provider ends the session with what is connected", async ({ page, backend, server }) => {
  await backend.setUp("sandbox", await server.sandbox.addClient());
  const session = await backend.invite();
  await page.goto(session.url);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("listitem").filter({ hasText: "Zoom" }).getByRole("button", { name: "Continue" }).click();
  await decide(page, "Allow");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(heading(page, "Your accounts are connected")).toBeVisible();
  expect((await backend.session(session.id)).status).toBe("completed");
});

test("connect pages are plain HTML below 20 KB in all", async ({ page, backend }) => {
  const session = await backend.invite();
  const bodies = [];
  page.on("response", (response) => {
    if (response.url().startsWith(backend.server.url)) bodies.push(sizeOf(response));
  });
  await page.goto(session.url);
  await expectPlain(page, bodies);
  bodies.length = 0;
  await connect(page, session.url);
  await expect(heading(page, "Zoom is connected")).toBeVisible();
  await expectPlain(page, bodies);
});

async function sizeOf(response) {
  const redirected = response.status() >= 300 && response.status() < 400;
  return { url: response.url(), bytes: redirected ? 0 : (await response.body()).length };
}

async function expectPlain(page, bodies) {
  const all = await Promise.all(bodies);
  expect(all.filter(({ url }) => /\.(wasm|js)(\?|$)/.test(url))).toEqual([]);
  // A sheet that the browser keeps is loaded once, however many pages use it.
  const once = new Map(all.map(({ url, bytes }) => [url, bytes]));
  const total = [...once.values()].reduce((sum, bytes) => sum + bytes, 0);
  expect(total).toBeGreaterThan(1_000);
  expect(total, JSON.stringify(all)).toBeLessThan(20 * 1024);
  await expect(page.locator("script")).toHaveCount(0);
}

async function openPopup(page, context, address) {
  await page.goto(address);
  const [popup] = await Promise.all([context.waitForEvent("page"), page.getByRole("button", { name: "Connect" }).click()]);
  return popup;
}

async function heard(page) {
  await expect(page.getByRole("status")).not.toBeEmpty();
  return JSON.parse(await page.getByRole("status").textContent());
}
