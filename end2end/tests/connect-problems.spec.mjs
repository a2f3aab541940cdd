// Every way in which connecting can go wrong has a page that says what happened and what to do.

import { allowAndStay, connect, connectQuietly, decide, goToConsent } from "../support/connect.mjs";
import { NOBODY, expect, said, test } from "../support/test.mjs";

test.use({ storageState: NOBODY });

const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });

test("an end user who declines sees that nothing is connected, and the backend reads why", async ({ page, backend }) => {
  const session = await backend.invite();
  await connect(page, session.url, { decision: "Decline" });
  await expect(heading(page, "Zoom is not connected")).toBeVisible();
  await expect(page.getByText("Access was declined at the provider.")).toBeVisible();
  await expect(page.getByText("To try again, start from Acme once more.")).toBeVisible();
  expect(await backend.session(session.id)).toMatchObject({
    status: "failed",
    results: [{ provider: "zoom", status: "failed", error: { code: "access_denied" } }],
  });
});

test("a link that was used says so", async ({ page, backend, watch }) => {
  watch.allow(said(410));
  const session = await backend.invite();
  await connect(page, session.url);
  await expect(heading(page, "Zoom is connected")).toBeVisible();
  expect((await page.goto(session.url)).status()).toBe(410);
  await expect(heading(page, "This link was used already")).toBeVisible();
});

test("an unknown link says so", async ({ page, server, watch }) => {
  watch.allow(said(404));
  expect((await page.goto(`${server.url}/connect/nothing`)).status()).toBe(404);
  await expect(heading(page, "This link is not known")).toBeVisible();
});

test("looking at a link binds nothing, and Continue in one browser closes it to every other", async ({ page, newVisitor, backend, watch }) => {
  watch.allow(said(409));
  const { url } = await backend.invite();
  const other = await newVisitor();
  await other.goto(url);
  await other.reload();
  await expect(other.getByRole("button", { name: "Continue" })).toBeVisible();
  await goToConsent(page, url);
  expect((await other.goto(url)).status()).toBe(409);
  await expect(heading(other, "Already started elsewhere")).toBeVisible();
  await goToConsent(page, url);
  await decide(page, "Allow");
  await expect(heading(page, "Zoom is connected")).toBeVisible();
});

test("a callback that arrives in another browser connects nothing there and still works in its own", async ({ page, newVisitor, backend, watch }) => {
  watch.allow(said(403));
  const session = await backend.invite();
  const callback = await allowAndStay(page, session.url);
  const other = await newVisitor();
  expect((await other.goto(callback)).status()).toBe(403);
  await expect(heading(other, "This was started in another browser")).toBeVisible();
  expect((await backend.session(session.id)).status).toBe("open");

  await page.goto(callback);
  await expect(heading(page, "Zoom is connected")).toBeVisible();
});

test("a callback that is repeated connects once and shows the same result", async ({ page, backend, client, server }) => {
  const session = await backend.invite();
  const callback = await allowAndStay(page, session.url);
  for (const visit of ["first", "again"]) {
    await page.goto(callback);
    await expect(heading(page, "Zoom is connected"), visit).toBeVisible();
  }
  const exchanges = (await server.sandbox.journal()).filter((entry) => {
    return entry.client_id === client.client_id && entry.grant_type === "authorization_code" && entry.outcome === "ok";
  });
  expect(exchanges).toHaveLength(1);
});

test("an answer with an unknown state is not accepted", async ({ page, application, backend, server, watch }) => {
  watch.allow(said(400));
  expect(backend).toBeTruthy();
  const answer = await page.goto(`${server.url}/oauth/callback/${application.id}/zoom?code=abc&state=made-up`);
  expect(answer.status()).toBe(400);
  await expect(heading(page, "This answer was not expected")).toBeVisible();
});

test("a callback without a code or an error connects nothing", async ({ page, application, backend, server, watch }) => {
  watch.allow(said(400));
  const session = await backend.invite();
  await goToConsent(page, session.url);
  const state = new URL(page.url()).searchParams.get("state");
  for (const query of ["", `?state=${state}`]) {
    const answer = await page.goto(`${server.url}/oauth/callback/${application.id}/zoom${query}`);
    expect(answer.status()).toBe(400);
    await expect(heading(page, "The provider sent nothing back")).toBeVisible();
  }
  expect((await backend.session(session.id)).status).toBe("open");
});

test("an install that began at the provider binds nothing and is explained", async ({ page, application, backend, client, server }) => {
  const before = (await backend.call("GET", "connected-accounts")).body.data;
  const redirectUri = `${server.url}/oauth/callback/${application.id}/zoom`;
  const address = await server.sandbox.install(client.client_id, "ada@example.com", redirectUri);
  expect(new URL(address).searchParams.has("state")).toBe(false);
  await page.goto(address);
  await expect(heading(page, "Start from Acme")).toBeVisible();
  await expect(page.getByText("You added Acme at Zoom, but Acme does not know yet for whom.")).toBeVisible();
  expect((await backend.call("GET", "connected-accounts")).body.data).toEqual(before);
});

test("the provider's words are shown as text and cut", async ({ page, application, backend, server }) => {
  const session = await backend.invite();
  await goToConsent(page, session.url);
  const state = new URL(page.url()).searchParams.get("state");
  const words = `<script>document.title = "owned"</script>${"x".repeat(400)}`;
  const query = new URLSearchParams({ error: "server_error", error_description: words, state });
  await page.goto(`${server.url}/oauth/callback/${application.id}/zoom?${query}`);
  await expect(heading(page, "Zoom is not connected")).toBeVisible();
  await expect(page.getByText('<script>document.title = "owned"</script>xxx')).toBeVisible();
  expect(await page.title()).not.toBe("owned");
  expect(await page.content()).not.toContain("x".repeat(300));
  expect(await backend.session(session.id)).toMatchObject({ status: "failed" });
});

test("a provider that fails at the exchange is named, and nothing is connected", async ({ page, backend, client, server }) => {
  await server.sandbox.fault({
    endpoint: "token",
    grant_type: "authorization_code",
    client_id: client.client_id,
    kind: "error",
    error: "invalid_grant",
    reason: "Code <b>is</b> expired",
  });
  const session = await backend.invite();
  await connect(page, session.url);
  await expect(heading(page, "Zoom is not connected")).toBeVisible();
  expect((await backend.call("GET", "connected-accounts")).body.data).toEqual([]);
});

test("the result is for the browser that made the trip alone", async ({ page, newVisitor, backend, server, watch }) => {
  watch.allow(said(404));
  const session = await backend.invite();
  await connect(page, session.url);
  await expect(heading(page, "Zoom is connected")).toBeVisible();
  const other = await newVisitor();
  expect((await other.goto(`${server.url}/connect/result/${session.id}`)).status()).toBe(404);
  await expect(heading(other, "Nothing to see in this browser")).toBeVisible();
});

test("another account of the provider cannot take over a reconnect", async ({ page, backend, server, playwright }) => {
  const first = await backend.invite();
  await connectQuietly(server, playwright, first.url);
  const [{ connected_account: account }] = (await backend.session(first.id)).results;
  const { body: session } = await backend.call("POST", `connected-accounts/${account}/reconnect-link`, {});
  await page.goto(session.url);
  await expect(heading(page, "Reconnect Zoom to Acme")).toBeVisible();
  await connect(page, session.url, { user: "Alan" });
  await expect(heading(page, "Zoom is not connected")).toBeVisible();
  await expect(page.getByText("Another Zoom account was chosen than the one that is to be reconnected.")).toBeVisible();
  expect((await backend.session(session.id)).results[0].error.code).toBe("different_account");
  expect((await backend.token(account)).status).toBe(200);
});
