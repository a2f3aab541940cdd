// Who is let in, and how a session ends.

import { Portal } from "../support/portal.mjs";
import { NOBODY, OWNER, expect, open, said, signIn, test } from "../support/test.mjs";

test.use({ storageState: NOBODY });

let people = 0;

/** Another member with sessions of their own. */
function addMember(server, role = "developer") {
  const member = { email: `member-${++people}-${process.pid}@example.com`, password: "a long enough password" };
  server.run(["member", "add", "--email", member.email, "--role", role], member.password);
  return member;
}

test("signed-out visitors are sent to sign in and back to where they wanted to go", async ({ page, application, server }) => {
  const member = addMember(server);
  const wanted = `${application.path}/connected-accounts?status=active`;
  await page.goto(wanted);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  await page.getByLabel("E-mail").fill(member.email);
  await page.getByLabel("Password").fill(member.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Connected accounts" })).toBeVisible();
  const { pathname, search } = new URL(page.url());
  expect(pathname + search).toBe(wanted);
});

test("signing in leads to this portal only", async ({ page, server }) => {
  await signIn(page, addMember(server), "/sign-in?next=https%3A%2F%2Fevil.example%2F");
  await expect(page.getByRole("heading", { name: "Applications", exact: true })).toBeVisible();
  expect(page.url()).toBe(`${server.url}/applications`);
});

for (const [who, email] of [
  ["a wrong password", OWNER.email],
  ["an unknown e-mail", "nobody@example.com"],
]) {
  test(`${who} is answered in words that do not tell which of both is wrong`, async ({ page, watch }) => {
    watch.allow(said("(401|403|422)"));
    await open(page, "/sign-in");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("E-mail address and password do not fit together.");
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toHaveAttribute("type", "password");
    expect(new URL(page.url()).pathname).toBe("/sign-in");
  });
}

test("a wrong password without scripts keeps the e-mail and drops the password", async ({ newVisitor, watch }) => {
  watch.allow(said("(401|403|422)"));
  const page = await newVisitor({ javaScriptEnabled: false });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(OWNER.email);
  await expect(page.getByLabel("Password")).toHaveValue("");
  expect(await page.content()).not.toContain("not the password");
});

test("signing out ends the session", async ({ page, server }) => {
  await signIn(page, addMember(server));
  await open(page, "/sign-out");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await page.goto("/applications");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the menu of the sidebar signs out too", async ({ page, server }) => {
  const member = addMember(server);
  await signIn(page, member);
  await open(page, "/applications");
  await page.getByText(member.email).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

for (const scripts of [true, false]) {
  test(`sessions of other browsers are seen and ended, one and then all, scripts ${scripts ? "on" : "off"}`, async ({ newVisitor, server }) => {
    const member = addMember(server);
    const [own, second, third] = [await newVisitor({ javaScriptEnabled: scripts }), await newVisitor(), await newVisitor()];
    for (const browser of [second, third, own]) await signIn(browser, member);
    const portal = new Portal(own, { scripts });
    await portal.open("/settings/security");
    const ends = own.getByRole("button", { name: "End", exact: true });
    await expect(ends).toHaveCount(2);
    await expect(own.getByText("This session", { exact: true })).toHaveCount(1);
    await ends.first().click();
    await expect(ends).toHaveCount(1);
    const signedIn = async (browser) => {
      await browser.goto("/applications");
      return browser.getByRole("heading", { name: "Applications", exact: true }).isVisible();
    };
    expect([await signedIn(second), await signedIn(third)].filter(Boolean)).toHaveLength(1);
    await portal.open("/settings/security");
    await portal.press("End all others");
    await expect(ends).toHaveCount(0);
    expect(await signedIn(second)).toBe(false);
    expect(await signedIn(third)).toBe(false);
    expect(await signedIn(own)).toBe(true);
  });
}

test("a new password ends the sessions of other browsers and keeps this one", async ({ page, newVisitor, server }) => {
  const member = addMember(server);
  const other = await newVisitor();
  for (const browser of [page, other]) await signIn(browser, member);
  const portal = new Portal(page);
  await portal.open("/settings/security");
  await page.getByLabel("Present password").fill(member.password);
  await page.getByLabel("New password").fill("an even longer password");
  await portal.press("Change password");
  await portal.hears("Your password is changed, and you are signed out everywhere else.");
  await expect(page.getByLabel("New password")).toHaveValue("");
  await portal.open("/applications");
  await portal.at("Applications");
  await other.goto("/applications");
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn(other, { ...member, password: "an even longer password" });
});

test("a session's cookie is for the server alone, and its id is new at sign-in", async ({ page, context, server }) => {
  await page.goto("/sign-in");
  const before = await context.cookies();
  await signIn(page, addMember(server));
  const session = (await context.cookies()).filter((cookie) => cookie.httpOnly);
  expect(session).toHaveLength(1);
  expect(session[0]).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(before.map((cookie) => cookie.value)).not.toContain(session[0].value);
});

test("a viewer looks at everything and finds nothing to change it with", async ({ page, application, backend, server, watch }) => {
  expect(backend).toBeTruthy();
  await signIn(page, addMember(server, "viewer"));
  const portal = new Portal(page);
  await portal.open(`${application.path}/providers/zoom`);
  await portal.at("Zoom");
  await expect(page.getByRole("button", { name: "Save" })).toBeHidden();
  await expect(page.getByRole("link", { name: "Remove" })).toBeHidden();
  await portal.open(`${application.path}/api-keys`);
  await expect(page.getByRole("button", { name: "Create key" })).toBeHidden();
  watch.allow(said(403));
  const answer = await page.goto("/applications/new");
  expect(answer.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "Your role does not reach" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Create application" })).toBeHidden();
});

test("a form that another site sends is refused", async ({ context, server, signedIn, watch }) => {
  watch.allow(said(403));
  await context.addCookies(signedIn.cookies);
  const page = await context.newPage();
  // 127.0.0.1 is another site than localhost; the sandbox's page may post wherever it likes.
  await page.goto(`${server.sandbox.url}/`);
  const [answer] = await Promise.all([
    page.waitForResponse(`${server.url}/settings/security`),
    page.evaluate((action) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action });
      document.body.append(form);
      form.submit();
    }, `${server.url}/settings/security`),
  ]);
  expect(answer.status()).toBe(403);
  await page.waitForURL(`${server.url}/settings/security`);
  await page.goto(`${server.url}/applications`);
  await expect(page.getByRole("heading", { name: "Applications", exact: true })).toBeVisible();
});

test("a request of another origin is refused at pages and server functions alike", async ({ request, server, signedIn }) => {
  const cookie = signedIn.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  for (const path of ["/settings/security", "/applications/new", "/api/sign_out"]) {
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, {}, { "sec-fetch-site": "cross-site", origin: server.url }]) {
      const answer = await request.post(`${server.url}${path}`, { headers: { cookie, ...headers }, form: {} });
      expect(answer.status(), `${path} ${JSON.stringify(headers)}`).toBe(403);
    }
  }
});

test("after ten wrong passwords a visitor is told when to come back", async ({ page, server, watch }) => {
  watch.allow(said("(401|403|422|429)"));
  const { email } = addMember(server);
  await open(page, "/sign-in");
  const attempt = async () => {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("wrong");
    const [answer] = await Promise.all([
      page.waitForResponse((answer) => answer.request().method() === "POST"),
      page.getByRole("button", { name: "Sign in" }).click(),
    ]);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
    return answer;
  };
  for (let tries = 0; tries < 10; tries++) expect((await attempt()).status()).toBe(422);
  const answer = await attempt();
  expect(answer.status()).toBe(429);
  expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(60);
  await expect(page.getByText("Too many attempts: try again in 15 minutes.")).toBeVisible();
});

test("an instance is founded once", async ({ page }) => {
  await page.goto("/sign-up");
  await expect(page.getByText("This Keybearer is already founded")).toBeVisible();
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});
