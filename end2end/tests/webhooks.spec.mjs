// Webhook endpoints: added with a secret that is shown once, tested, paused, looked through, rotated and deleted; with
// scripts on and off.

import { connectQuietly } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { Portal } from "../support/portal.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";
import { OWNER, expect, said, test as base } from "../support/test.mjs";

const test = base.extend({
  receiver: [
    async ({}, use) => {
      const receiver = await Receiver.start();
      await use(receiver);
      receiver.stop();
    },
    { scope: "worker" },
  ],

  /** One that may send to the receiver. */
  server: [
    async ({ database, receiver }, use) => {
      const environment = { KEYBEARER_ALLOW_PRIVATE_HOSTS: `tenants:127.0.0.1:${receiver.port}` };
      const server = await Server.start({ database, environment });
      server.run(["member", "add", "--email", OWNER.email, "--role", "owner"], OWNER.password);
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

async function add(portal, url) {
  await portal.follow("Add endpoint");
  await portal.page.getByLabel("URL").fill(url);
  await portal.press("Add endpoint");
  const shown = portal.page.getByRole("textbox", { name: "Signing secret" });
  await expect(shown).toHaveValue(/^whsec_[0-9A-Za-z+/]{43}=$/);
  return shown.inputValue();
}

for (const scripts of [true, false]) {
  test.describe(scripts ? "scripts on" : "scripts off", () => {
    test.use({ javaScriptEnabled: scripts });

    test("an endpoint is added, tested, paused, resumed, rotated and deleted", async ({ page, application, backend, client, server, playwright, receiver, watch }) => {
      test.slow();
      expect(client && backend).toBeTruthy();
      watch.allow(said("(403|422)"));
      receiver.received.length = 0;
      receiver.status = 200;
      page.on("dialog", (dialog) => dialog.accept());
      const portal = new Portal(page, { scripts });
      await portal.open(application.path);
      await portal.go("Webhooks");
      await expect(page.getByRole("heading", { name: "No webhook endpoints yet" })).toBeVisible();

      await portal.follow("Add endpoint");
      await page.getByLabel("URL").fill("http://10.0.0.1/hooks");
      await portal.press("Add endpoint");
      await expect(page.getByRole("alert")).toContainText("must be https");
      await portal.open(`${application.path}/webhooks`);
      const secret = await add(portal, receiver.url);
      await page.getByRole("link", { name: "The endpoint's page" }).click();
      await portal.at(receiver.url);

      await portal.press("Send test");
      await portal.at("webhook.test");
      await expect(page.getByText("Attempt 1: 200")).toBeVisible();
      expect(Receiver.signedWith(receiver.received[0], secret)).toBe(1);

      receiver.status = 500;
      await connectQuietly(server, playwright, (await backend.invite()).url);
      await expect.poll(() => receiver.received.length).toBeGreaterThan(2);
      await portal.open(`${application.path}/webhooks`);
      await portal.follow(receiver.url);
      await expect(page.getByText("Every attempt has failed since")).toBeVisible();
      await portal.press("Pause");
      await portal.hears("The endpoint is paused");
      await expect(page.getByText("It was paused by hand.")).toBeVisible();
      receiver.status = 200;
      await portal.press("Resume");
      await portal.hears("The endpoint is resumed");
      const deliveries = page.getByRole("table", { name: "Deliveries" });
      await expect
        .poll(async () => {
          await portal.open(page.url());
          return deliveries.getByText("Delivered").count();
        })
        .toBe(3);
      await page.getByLabel("Status").selectOption("Pending");
      await portal.press("Filter");
      await expect(page.getByRole("heading", { name: "No deliveries" })).toBeVisible();
      await page.getByLabel("Status").selectOption("Delivered");
      await portal.press("Filter");
      await deliveries.getByRole("link", { name: "connected_account.connected" }).click();
      await portal.at("connected_account.connected");
      await expect(page.getByRole("region", { name: "Body" })).toContainText('"status":"active"');
      const before = receiver.received.length;
      const id = receiver.received.find(({ body }) => body.includes("connected_account.connected")).headers["webhook-id"];
      await portal.press("Replay");
      await portal.hears("It is sent again");
      await expect.poll(() => receiver.received.length).toBe(before + 1);
      expect(receiver.received.at(-1).headers["webhook-id"]).toBe(id);

      await portal.follow("The endpoint", receiver.url);
      await portal.follow("Replace secret", "Replace signing secret");
      await portal.press("Replace secret");
      const shown = page.getByRole("textbox", { name: "Signing secret" });
      await expect(shown).toHaveValue(/^whsec_/);
      const newer = await shown.inputValue();
      await page.getByRole("link", { name: "The endpoint's page" }).click();
      await portal.at(receiver.url);
      await expect(portal.property("Secret before it")).toBeVisible();
      await portal.press("Send test");
      await portal.at("webhook.test");
      for (const known of [secret, newer]) expect(Receiver.signedWith(receiver.received.at(-1), known)).toBe(1);

      await portal.follow("The endpoint", receiver.url);
      await page.getByLabel("connected_account.revoked").check();
      await portal.press("Save");
      await portal.hears("The endpoint is changed");
      await expect(portal.property("Hears of")).toHaveText("connected_account.revoked");
      await portal.follow("Delete endpoint");
      await portal.press("Delete endpoint");
      await portal.hears("The endpoint is deleted");
      await expect(page.getByRole("heading", { name: "No webhook endpoints yet" })).toBeVisible();
    });
  });
}

test("the pages of webhooks look good everywhere", async ({ page, application, backend, receiver, server, playwright }, testInfo) => {
  test.slow();
  receiver.status = 500;
  const list = `${application.path}/webhooks`;
  const portal = new Portal(page);
  await portal.open(list);
  await expectGoodLooks(page, testInfo, "webhooks-empty");
  await portal.open(`${list}/new`);
  await expectGoodLooks(page, testInfo, "webhooks-new");
  const { body: endpoint } = await backend.call("POST", "webhook-endpoints", { url: receiver.url, description: "Billing" });
  await connectQuietly(server, playwright, (await backend.invite()).url);
  const { body: tested } = await backend.call("POST", `webhook-endpoints/${endpoint.id}/test`, {});
  await portal.open(list);
  await expectGoodLooks(page, testInfo, "webhooks");
  for (const [name, path] of [
    ["webhook-endpoint", ""],
    ["webhook-endpoint-unreadable", "?status=nonsense"],
    ["webhook-secret", "/secret"],
    ["webhook-delete", "/delete"],
    ["delivery", `/deliveries/${tested.id}`],
  ]) {
    await portal.open(`${list}/${endpoint.id}${path}`);
    await expectGoodLooks(page, testInfo, name);
  }
  await backend.call("PATCH", `webhook-endpoints/${endpoint.id}`, { paused: true });
  await portal.open(`${list}/${endpoint.id}`);
  await expectGoodLooks(page, testInfo, "webhook-endpoint-paused");
});
