// How providers do and what is done about it: the list's health, a client secret that is replaced without a gap, a second
// client, tests of a connection with a refresh drill, and the readiness list; with scripts on and off, and as a viewer.

import { connectQuietly, decide } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { Portal } from "../support/portal.mjs";
import { NOBODY, OWNER, expect, open, said, signIn, test } from "../support/test.mjs";

const main = (page) => page.getByRole("main");
const row = (page, name) => main(page).getByRole("row").filter({ hasText: name });
const point = (page, title) => main(page).getByRole("listitem").filter({ hasText: title });
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const SECOND = "second-secret-of-this-client-001";

/** A client at the sandbox with two valid secrets. */
async function withSecondSecret(server, client) {
  const { client_id, client_secret } = client;
  await server.sandbox.addClient({ client_id, client_secret, second_secret: SECOND, any_redirect_uri: true, name: "Acme Calendar" });
}

for (const scripts of [true, false]) {
  test.describe(scripts ? "scripts on" : "scripts off", () => {
    test.use({ javaScriptEnabled: scripts });
    const suffix = scripts ? "" : "-without-scripts";
    // Each state is looked at in both themes and widths.
    test.slow();
    const visit = (page, address) => (scripts ? open(page, address) : page.goto(address));

    test("the list says which credentials are accepted, which are refused, and what comes next", async ({ page, application, client, server }, testInfo) => {
      await visit(page, `${application.path}/providers`);
      await expect(page.getByRole("heading", { name: "No providers yet" })).toBeVisible();
      const { backend } = application;
      await backend.setUp("zoom", client);
      await backend.setUp("zoom-refused", { ...client, client_secret: "not-the-secret-of-this-client-00" }, { provider: "zoom", save_anyway: true });
      await visit(page, `${application.path}/providers`);
      await expect(row(page, "zoom-refused")).toContainText("Credentials are refused");
      await expect(main(page).getByRole("row").nth(1)).toContainText("zoom-refused");
      await expectGoodLooks(page, testInfo, `health-list${suffix}`);
    });

    test("a secret that ends is told before and after, and is replaced without a gap", async ({ page, application, client, backend, server, watch }, testInfo) => {
      watch.allow(said("(403|422)"));
      const portal = new Portal(page, { scripts });
      await portal.open(`${application.path}/providers/zoom`);
      await portal.follow("Replace secret", "Replace client secret");
      await expectGoodLooks(page, testInfo, `replace-secret${suffix}`);
      await page.getByLabel("Stored secret valid until").fill(day(5));
      await portal.press("Save day");
      await portal.at("Zoom");
      await expect(main(page).getByText(/^Client secret ends in \d days\.$/)).toBeVisible();
      await visit(page, `${application.path}/providers`);
      await expect(row(page, "Zoom")).toContainText(/Client secret ends in \d days/);
      await expectGoodLooks(page, testInfo, `secret-expiring${suffix}`);

      await portal.open(`${application.path}/providers/zoom`);
      await portal.follow("Replace secret", "Replace client secret");
      await page.getByLabel("Stored secret valid until").fill(day(-3));
      await portal.press("Save day");
      await portal.at("Zoom");
      await expect(main(page).getByText("Client secret has ended.")).toBeVisible();
      await expectGoodLooks(page, testInfo, `secret-expired${suffix}`);

      await portal.follow("Replace secret", "Replace client secret");
      const store = async (secret) => {
        await page.getByLabel("New Client Secret").fill(secret);
        await portal.press("Store new secret");
      };
      await store("not-a-secret-that-zoom-knows-001");
      await expect(page.getByText(/Zoom refuses it: “/).or(page.getByLabel("Your password", { exact: true })).first()).toBeVisible();
      await expectGoodLooks(page, testInfo, `new-secret-refused${suffix}`);
      expect(await page.content()).not.toContain("not-a-secret-that-zoom-knows-001");

      await withSecondSecret(server, client);
      await store(SECOND);
      await portal.at("Zoom");
      await expect(main(page).getByRole("heading", { name: "Replacement under way" })).toBeVisible();
      await expect(portal.property("New Client Secret")).toContainText(SECOND.slice(-4));
      await expect(portal.property("State")).toContainText("Works");
      await expectGoodLooks(page, testInfo, `replacement-under-way${suffix}`);
      expect((await backend.call("GET", "provider-configs/zoom")).body.state).toBe("active");

      await portal.press("Finish replacement");
      await portal.hears("The old secret is forgotten; the new one is in use.");
      await expect(main(page).getByRole("heading", { name: "Replacement under way" })).toHaveCount(0);
      expect(await page.content()).not.toContain(SECOND);
      await expectGoodLooks(page, testInfo, `replacement-finished${suffix}`);
    });

    test("another client id adds a client, and the old one is removed with what stands on it", async ({ page, application, backend, server, playwright, watch }, testInfo) => {
      watch.allow(said("(403|422)"));
      const session = await backend.invite();
      await connectQuietly(server, playwright, session.url);
      const [{ connected_account: account }] = (await backend.session(session.id)).results;
      const portal = new Portal(page, { scripts });
      await portal.open(`${application.path}/providers/zoom`);
      await expect(page.getByLabel("Client ID")).toHaveAccessibleDescription("If you save another Client ID, 1 account on this one stays with it and works for as long as its secret does.");
      await portal.fillCredentials(await server.sandbox.addClient());
      await portal.press("Save");
      await portal.hears("Zoom is saved: the credentials are accepted.");
      await expect(main(page).getByRole("heading", { name: "Earlier client" })).toBeVisible();
      await expectGoodLooks(page, testInfo, `two-clients${suffix}`);
      expect((await backend.token(account)).status).toBe(200);

      await portal.follow("Remove client");
      await expect(main(page)).toContainText("One authorization stands on client");
      await expectGoodLooks(page, testInfo, `remove-client${suffix}`);
      await portal.press("Remove client");
      await portal.hears("The client is removed.");
      await expect(main(page).getByRole("heading", { name: "Earlier client" })).toHaveCount(0);
      const refused = await backend.token(account);
      expect([refused.status, refused.body.status_reason?.code ?? refused.body.code]).toEqual([409, expect.any(String)]);
    });

    /** Presses Test connection and goes to the provider; gives the portal. */
    async function begin(page, application) {
      const portal = new Portal(page, { scripts });
      await portal.open(`${application.path}/providers/zoom`);
      await portal.press("Test connection");
      await page.getByRole("link", { name: "Continue to Zoom" }).click();
      await page.getByRole("button", { name: /^Continue/ }).click();
      await expect(page.getByRole("heading", { name: /^Allow .* to use your account\?$/ })).toBeVisible();
      return portal;
    }

    /** The report, when the browser is back. */
    async function report(page, portal) {
      const back = page.getByRole("link", { name: /^(Continue|Back|Go back|Return)/ });
      await expect(page.getByRole("heading", { level: 1, name: "Connection test" }).or(back).first()).toBeVisible();
      if (!(await page.getByRole("heading", { level: 1, name: "Connection test" }).isVisible())) await back.first().click();
      await portal.at("Connection test");
    }

    test("a connection is tested with one's own account, refreshed at once, and given back", async ({ page, application, client, backend }, testInfo) => {
      await backend.setUp("zoom", client, { scopes: ["user:read:user", "meeting:read:list_meetings"] });
      const portal = await begin(page, application);
      await decide(page, "Allow");
      await report(page, portal);
      await expect(main(page)).toContainText("Everything that a connection needs works.");
      for (const title of ["Consent and first tokens", "Scopes", "Refresh at once", "Refresh token", "Revoke at the end"]) {
        await expect(point(page, title).first()).toContainText("Passed");
      }
      await expectGoodLooks(page, testInfo, `test-passed${suffix}`);
      await portal.follow("Back to the provider", "Zoom");
      await main(page).getByText(/^\d+ done$/).click();
      await expect(point(page, "A connection was tested")).toContainText("Done");
      await expect(point(page, "Scopes are chosen")).toContainText("Done");
      await expectGoodLooks(page, testInfo, `readiness${suffix}`);
      expect((await backend.call("GET", "connected-accounts")).body.data).toEqual([]);
      expect((await backend.call("GET", "connect-sessions")).body.data).toEqual([]);
    });

    test("a test names the scopes that are missing and a refresh that is refused", async ({ page, application, client, backend, server }, testInfo) => {
      await backend.setUp("zoom", client, { scopes: ["user:read:user", "meeting:write:meeting"] });
      await server.sandbox.fault({ endpoint: "token", grant_type: "refresh_token", client_id: client.client_id, kind: "error", status: 400, error: "invalid_grant", reason: "Invalid Token!" });
      const portal = await begin(page, application);
      await decide(page, "Allow");
      await report(page, portal);
      await expect(point(page, "Scopes").first()).toContainText("Missing: meeting:write:meeting");
      await expect(point(page, "Refresh at once")).toContainText("Failed");
      await expectGoodLooks(page, testInfo, `test-failed${suffix}`);
    });

    test("a test that is declined says so", async ({ page, application, backend: _ }, testInfo) => {
      const portal = await begin(page, application);
      await decide(page, "Decline");
      await report(page, portal);
      await expect(main(page)).toContainText("Test again and allow access.");
      await expectGoodLooks(page, testInfo, `test-declined${suffix}`);
    });

    test("what is left to do stands beside a provider that is not set up yet", async ({ page, application }, testInfo) => {
      await visit(page, `${application.path}/providers/new/zoom`);
      await expect(point(page, "Development credentials for development")).toContainText("Check there");
      await expect(point(page, "Zoom accepts the credentials")).toContainText("To do");
      await expectGoodLooks(page, testInfo, `readiness-first-use${suffix}`);
    });

    test("a viewer sees all of it and may change nothing", async ({ newVisitor, application, backend: _, server }, testInfo) => {
      const viewer = { email: `viewer-${testInfo.testId.slice(-6)}@example.com`, password: "a password of my own" };
      server.run(["member", "add", "--email", viewer.email, "--role", "viewer"], viewer.password);
      const page = await newVisitor({ javaScriptEnabled: scripts, storageState: NOBODY });
      await signIn(page, viewer);
      await visit(page, `${application.path}/providers/zoom`);
      await expect(main(page).getByRole("heading", { name: "Current client" })).toBeVisible();
      for (const name of ["Test connection", "Save", "Verify now"]) await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
      await expect(page.getByRole("link", { name: "Replace secret" })).toHaveCount(0);
      await expectGoodLooks(page, testInfo, `viewer${suffix}`);
    });
  });
}
