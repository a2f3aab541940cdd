// Every page in its main states, light and dark, wide and narrow: no finding of axe, nothing wider than the window, a
// silent console, no breach of the content security policy. The pictures stay in test-results.

import { connect, connectQuietly, goToConsent } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { Application } from "../support/returning.mjs";
import { NOBODY, expect, open, said, test } from "../support/test.mjs";

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

test.describe.configure({ mode: "parallel" });

/** Pages for visitors. */
const PUBLIC = [
  { name: "sign in", path: () => "/sign-in" },
  { name: "sign up, founded", path: () => "/sign-up" },
  {
    name: "sign in, refused",
    path: () => "/sign-in",
    allow: [said("(401|403|422)")],
    then: async (page) => {
      await page.getByLabel("E-mail").fill("nobody@example.com");
      await page.getByLabel("Password").fill("not the password");
      await press(page, "Sign in");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "not found", path: () => "/nothing-here", allow: [said(404)] },
];

/** Pages of an application, by what follows `/applications/{id}`. */
const FURNISHED = [
  { name: "overview", path: "" },
  { name: "overview, connect link", path: "", then: (page) => press(page, "Create connect link").then(() => shows(page, "Connect link")) },
  { name: "settings", path: "/settings" },
  { name: "branding", path: "/branding" },
  { name: "providers", path: "/providers" },
  { name: "catalogue", path: "/providers/new" },
  { name: "catalogue, nothing found", path: "/providers/new?q=nothing+like+it" },
  { name: "set up Zoom", path: "/providers/new/zoom" },
  { name: "set up sandbox", path: "/providers/new/sandbox" },
  { name: "provider, active", path: "/providers/zoom" },
  { name: "scopes", path: "/providers/zoom/scopes" },
  { name: "scopes, nothing found", path: "/providers/zoom/scopes?q=nothing+like+it" },
  { name: "provider, disabled", path: "/providers/zoom-second" },
  { name: "provider, rejected", path: "/providers/zoom-rejected" },
  { name: "provider, question before removing", path: "/providers/zoom/remove" },
  { name: "provider, dialog before removing", path: "/providers/zoom", then: (page) => page.getByRole("link", { name: "Remove", exact: true }).click() },
  {
    name: "provider, refused",
    path: "/providers/new/sandbox",
    allow: [said(422)],
    then: async (page) => {
      await page.getByLabel("Client ID").fill(" swapped-or-mistyped");
      await page.getByLabel("Client Secret").fill("wrong");
      await page.getByLabel("Key", { exact: true }).fill("another");
      await press(page, "Save");
      await expect(page.getByRole("button", { name: "Save anyway" })).toBeVisible();
    },
  },
  { name: "connected accounts", path: "/connected-accounts" },
  { name: "connected accounts, nothing found", path: "/connected-accounts?end_user=nobody" },
  { name: "connected account, active", path: ({ accounts }) => `/connected-accounts/${accounts.active}` },
  { name: "connected account, refreshes fail", path: ({ accounts }) => `/connected-accounts/${accounts.failing}` },
  { name: "connected account, needs reconnect", path: ({ accounts }) => `/connected-accounts/${accounts.lost}` },
  {
    name: "connected account, reconnect link",
    path: ({ accounts }) => `/connected-accounts/${accounts.lost}`,
    then: (page) => press(page, "Create reconnect link").then(() => shows(page, "Reconnect link")),
  },
  { name: "connected account, revoked", path: ({ accounts }) => `/connected-accounts/${accounts.revoked}` },
  { name: "connected account, question before revoking", path: ({ accounts }) => `/connected-accounts/${accounts.active}/revoke` },
  { name: "connect sessions", path: "/connect-sessions" },
  { name: "webhooks", path: "/webhooks" },
  { name: "new webhook endpoint", path: "/webhooks/new" },
  { name: "webhook endpoint", path: ({ endpoint }) => `/webhooks/${endpoint}` },
  { name: "API keys", path: "/api-keys" },
  {
    name: "API keys, a new one",
    path: "/api-keys",
    then: async (page) => {
      await page.getByLabel("Name", { exact: true }).fill("Shown once");
      await press(page, "Create key");
      await shows(page, "API key for Shown once");
    },
  },
  {
    name: "API keys, restricting a new one",
    path: "/api-keys",
    then: async (page) => {
      await page.getByText("Restrict this key").click();
      await expect(page.getByRole("group", { name: "What it may do" })).toBeVisible();
    },
  },
  {
    name: "API key, rotating",
    path: "/api-keys",
    then: async (page) => {
      await page.getByRole("row", { name: /Another backend/ }).getByRole("link", { name: "Rotate" }).click();
      await expect(page.getByRole("button", { name: "Make new key" })).toBeVisible();
    },
  },
  {
    name: "API key, question before revoking",
    path: "/api-keys",
    then: async (page) => {
      await page.getByRole("row", { name: /Another backend/ }).getByRole("link", { name: "Revoke" }).click();
      await expect(page.getByRole("button", { name: "Revoke key" })).toBeVisible();
    },
  },
];

/** The same lists before anything is in them. */
const EMPTY = [
  { name: "overview, first steps", path: "" },
  { name: "settings, first use", path: "/settings" },
  { name: "providers, first use", path: "/providers" },
  { name: "connected accounts, first use", path: "/connected-accounts" },
  { name: "connect sessions, first use", path: "/connect-sessions" },
  { name: "webhooks, first use", path: "/webhooks" },
];

const shows = (page, name) => expect(page.getByRole("textbox", { name })).toBeVisible();

/** Pages of the member. */
const OWN = [
  { name: "applications", path: () => "/applications" },
  { name: "new application", path: () => "/applications/new" },
  {
    name: "new application, refused",
    path: () => "/applications/new",
    allow: [said(422)],
    then: async (page) => {
      await press(page, "Create application");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  { name: "application not found", path: () => "/applications/app_00000000000000000000000000", allow: [said(404)] },
  { name: "profile", path: () => "/settings/profile" },
  { name: "download", path: () => "/settings/download?next=/settings/events/export.csv" },
  { name: "security", path: () => "/settings/security" },
  { name: "sign out", path: () => "/sign-out" },
  {
    name: "open menus",
    path: () => "/applications",
    then: async (page) => {
      await page.getByText("owner@example.com").click();
      await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    },
  },
];

async function look(page, testInfo, watch, { name, path, allow = [], then }, base = "") {
  watch.allow(...allow);
  await open(page, base + path);
  await then?.(page);
  await expectGoodLooks(page, testInfo, name.replaceAll(/\W+/g, "-"));
}

test.describe("visitors", () => {
  test.use({ storageState: NOBODY });

  for (const entry of PUBLIC) {
    test(`${entry.name} looks good everywhere`, async ({ page, watch }, testInfo) => {
      await look(page, testInfo, watch, { ...entry, path: entry.path() });
    });
  }

  test("sign up looks good everywhere", async ({ freshServer, newVisitor, watch }, testInfo) => {
    const page = await newVisitor({ baseURL: freshServer.url });
    await look(page, testInfo, watch, { name: "sign up", path: "/sign-up" });
  });
});

test.describe("members", () => {
  for (const entry of OWN) {
    test(`${entry.name} looks good everywhere`, async ({ page, watch, furnished }, testInfo) => {
      expect(furnished).toBeTruthy();
      await look(page, testInfo, watch, { ...entry, path: entry.path() });
    });
  }
});

test.describe("an application", () => {
  for (const entry of FURNISHED) {
    test(`${entry.name} looks good everywhere`, async ({ page, watch, furnished }, testInfo) => {
      const path = typeof entry.path === "function" ? entry.path(furnished) : entry.path;
      await look(page, testInfo, watch, { ...entry, path }, furnished.path);
    });
  }
});

test.describe("an empty application", () => {
  for (const entry of EMPTY) {
    test(`${entry.name} looks good everywhere`, async ({ page, watch, application }, testInfo) => {
      await look(page, testInfo, watch, entry, application.path);
    });
  }
});

/** Connect pages: how to get there, and the heading that says where one is. */
const CONNECT = [
  { heading: "Connect Zoom to Acme", go: async (page, { backend }) => page.goto((await backend.invite()).url) },
  {
    heading: "Connect your accounts to Acme",
    go: async (page, { backend, server }) => {
      await backend.setUp("sandbox", await server.sandbox.addClient());
      const { url } = await backend.invite();
      await page.goto(url);
      await press(page, "Continue");
    },
  },
  {
    heading: "Connect more, or be done",
    go: async (page, { backend, server }) => {
      await backend.setUp("sandbox", await server.sandbox.addClient());
      await page.goto((await backend.invite()).url);
      await press(page, "Continue");
      await page.getByRole("listitem").filter({ hasText: "Zoom" }).getByRole("button", { name: "Continue" }).click();
      await press(page, "Allow");
    },
  },
  {
    heading: "Connect your accounts",
    go: async (page, { backend, server }) => {
      await backend.setUp("sandbox", await server.sandbox.addClient());
      await page.goto((await backend.invite()).url);
      await press(page, "Continue");
      await page.getByRole("listitem").filter({ hasText: "Zoom" }).getByRole("button", { name: "Continue" }).click();
      await press(page, "Decline");
    },
  },
  { heading: "Zoom is connected", go: async (page, { backend }) => connect(page, (await backend.invite()).url) },
  { heading: "Zoom is not connected", go: async (page, { backend }) => connect(page, (await backend.invite()).url, { decision: "Decline" }) },
  {
    heading: "Reconnect Zoom to Acme",
    go: async (page, { backend, server, playwright }) => {
      const session = await backend.invite();
      await connectQuietly(server, playwright, session.url);
      const [{ connected_account: account }] = (await backend.session(session.id)).results;
      await page.goto((await backend.call("POST", `connected-accounts/${account}/reconnect-link`, {})).body.url);
    },
  },
  {
    heading: "Your connected accounts",
    go: async (page, { backend, server, playwright }) => {
      await connectQuietly(server, playwright, (await backend.invite()).url);
      await page.goto((await backend.call("POST", "end-users/user_42/manage-link", {})).body.url);
    },
  },
  { heading: "This link is not known", allow: [said(404)], go: (page) => page.goto("/connect/nothing") },
  {
    heading: "This link was used already",
    allow: [said(410)],
    go: async (page, { backend, server, playwright }) => {
      const { url } = await backend.invite();
      await connectQuietly(server, playwright, url);
      await page.goto(url);
    },
  },
  {
    heading: "Already started elsewhere",
    allow: [said(409)],
    go: async (page, { backend, endUser }) => {
      const { url } = await backend.invite();
      await goToConsent(endUser, url);
      await page.goto(url);
    },
  },
  {
    heading: "This was started in another browser",
    allow: [said(403)],
    go: async (page, { backend, endUser, application }) => {
      await goToConsent(endUser, (await backend.invite()).url);
      const state = new URL(endUser.url()).searchParams.get("state");
      await page.goto(`/oauth/callback/${application.id}/zoom?code=abc&state=${state}`);
    },
  },
  {
    heading: "This answer was not expected",
    allow: [said(400)],
    go: (page, { application }) => page.goto(`/oauth/callback/${application.id}/zoom?code=abc&state=made-up`),
  },
  {
    heading: "The provider sent nothing back",
    allow: [said(400)],
    go: (page, { application }) => page.goto(`/oauth/callback/${application.id}/zoom`),
  },
  {
    heading: "Start from Acme",
    go: (page, { application }) => page.goto(`/oauth/callback/${application.id}/zoom?code=nobody-asked-for-it`),
  },
  {
    heading: "Nothing to see in this browser",
    allow: [said(404)],
    go: (page) => page.goto("/connect/result/cs_00000000000000000000000000"),
  },
  {
    heading: "Not possible at the moment",
    allow: [said(409)],
    go: async (page, { backend, application, server }) => {
      const { url } = await backend.invite();
      await page.goto(url);
      server.run(["provider-config", "disable", "zoom", "--application", application.id]);
      await press(page, "Continue");
    },
  },
];

test.describe("end users", () => {
  test.use({ storageState: NOBODY });

  for (const { heading, allow = [], go } of CONNECT) {
    test(`“${heading}” looks good everywhere`, async ({ page, watch, backend, application, server, endUser, playwright }, testInfo) => {
      watch.allow(...allow);
      await go(page, { backend, application, server, endUser, playwright });
      await expect(page.getByRole("heading", { level: 1, name: heading, exact: true })).toBeVisible();
      await expectGoodLooks(page, testInfo, heading.replaceAll(/\W+/g, "-"));
    });
  }

  test("the end of a popup without its opener looks good everywhere", async ({ page, application, backend }, testInfo) => {
    const acme = await Application.start();
    application.addReturnAddress(acme.returnUrl);
    await connect(page, (await backend.invite({ origin: acme.origin })).url);
    await expect(page.getByRole("heading", { name: "Zoom is connected" })).toBeVisible();
    await expectGoodLooks(page, testInfo, "popup");
    await acme.stop();
  });
});
