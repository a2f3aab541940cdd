// How an application's connect pages look: name, colours, help and logo, with scripts on and off, and what is refused.

import { expectGoodLooks } from "../support/looks.mjs";
import { png } from "../support/pictures.mjs";
import { NOBODY, addApplication, expect, open, said, signIn, test } from "../support/test.mjs";

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const field = (page, label) => page.getByLabel(label, { exact: true });
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><script>alert(1)</script></svg>';

/** A colour as the browser paints it. */
const painted = (locator, property) => locator.evaluate((element, name) => getComputedStyle(element)[name], property);

async function upload(page, name, mimeType, buffer) {
  await field(page, "Picture").setInputFiles({ name, mimeType, buffer });
  await page.getByRole("button", { name: /^(Upload|Replace) logo$/ }).click();
}

for (const scripts of [true, false]) {
  const mode = scripts ? "scripts on" : "scripts off";
  const visit = (page, address) => (scripts ? open(page, address) : page.goto(address));

  test(`a brand is chosen, seen by end users and taken away, ${mode}`, async ({ server, newVisitor, signedIn, watch }, testInfo) => {
    test.slow();
    const application = addApplication(server, "Acme");
    await application.backend.setUp("zoom", await server.sandbox.addClient());
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    const address = `${application.path}/branding`;
    await visit(page, address);
    await expect(page.getByRole("heading", { level: 1, name: "Branding" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Remove logo" })).toHaveCount(0);
    await expectGoodLooks(page, testInfo, `branding-none-${mode}`);

    await field(page, "Display name").fill("Acme Calendar");
    await field(page, "Accent colour").fill("#0f766e");
    await field(page, "Support").fill("help@acme.example");
    await press(page, "Save");
    await expect(page.getByText("The branding is saved.")).toBeVisible();
    // Scripts read the page anew after a change, and with it the empty field.
    await visit(page, address);
    await upload(page, "logo.png", "image/png", png(96, 32));
    await expect(page.getByText("The logo is saved.")).toBeVisible();
    await visit(page, address);
    await expect(field(page, "Display name")).toHaveValue("Acme Calendar");
    await expect(field(page, "Accent colour on dark pages")).toHaveValue("");
    await expect(page.locator(".brand-preview img")).toHaveCount(2);
    await expectGoodLooks(page, testInfo, `branding-chosen-${mode}`);

    const endUser = await newVisitor({ javaScriptEnabled: scripts });
    const { url } = await application.backend.invite();
    await endUser.goto(url);
    await expect(endUser.getByRole("heading", { level: 1, name: "Connect Zoom to Acme Calendar" })).toBeVisible();
    await expect(endUser).toHaveTitle("Connect Zoom to Acme Calendar · Acme Calendar");
    await expect(endUser.getByRole("link", { name: "Help" })).toHaveAttribute("href", "mailto:help@acme.example");
    expect(await endUser.locator("img").evaluate((image) => [image.naturalWidth, image.naturalHeight])).toEqual([96, 32]);
    expect(await painted(endUser.getByRole("button", { name: "Continue" }), "backgroundColor")).toBe("rgb(15, 118, 110)");
    await expectGoodLooks(endUser, testInfo, `branded-connect-${mode}`);
    watch.allow(said(400));
    await endUser.goto(`/oauth/callback/${application.id}/zoom?code=a&state=made-up`);
    await expect(endUser.getByRole("heading", { level: 1, name: "This answer was not expected" })).toBeVisible();
    await expect(endUser).toHaveTitle(/· Acme Calendar$/);
    await expectGoodLooks(endUser, testInfo, `branded-problem-${mode}`);

    await press(page, "Remove logo");
    await expect(page.getByText("The logo is removed.")).toBeVisible();
    await visit(page, address);
    await expect(page.locator(".brand-preview img")).toHaveCount(0);
    await endUser.goto(url);
    await expect(endUser.locator("img")).toHaveCount(0);
  });

  test(`what cannot be read is refused with the nearest that can, and what was typed stays, ${mode}`, async ({ server, newVisitor, signedIn, watch }, testInfo) => {
    test.slow();
    watch.allow(said(422));
    const application = addApplication(server, "Acme");
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    await visit(page, `${application.path}/branding`);
    await field(page, "Display name").fill("Acme in orange");
    await field(page, "Accent colour").fill("#ff9900");
    await field(page, "Accent colour on dark pages").fill("not a colour");
    await field(page, "Support").fill("javascript:alert(1)");
    await press(page, "Save");
    await expect(page.getByRole("alert")).toBeVisible();
    const main = page.getByRole("main");
    await expect(main.getByText(/On light pages its contrast is 2\.1, and text needs 4\.5\./).last()).toBeVisible();
    await expect(main.getByText(/without transparency/).last()).toBeVisible();
    await expect(main.getByText(/Use an https address such as/).last()).toBeVisible();
    for (const [label, value] of [
      ["Display name", "Acme in orange"],
      ["Accent colour", "#ff9900"],
      ["Accent colour on dark pages", "not a colour"],
      ["Support", "javascript:alert(1)"],
    ]) {
      await expect(field(page, label)).toHaveValue(value);
    }
    await expect(field(page, "Display name")).not.toHaveAttribute("aria-invalid", "true");
    await expect(field(page, "Accent colour")).toHaveAttribute("aria-invalid", "true");
    await expectGoodLooks(page, testInfo, `branding-refused-${mode}`);

    const [, nearest] = (await main.getByText(/The nearest that passes is/).last().textContent()).match(/(#[0-9a-f]{6})\./);
    await field(page, "Accent colour").fill(nearest);
    await field(page, "Accent colour on dark pages").fill("");
    await field(page, "Support").fill("https://acme.example/help");
    await press(page, "Save");
    await expect(page.getByText("The branding is saved.")).toBeVisible();
  });

  test(`pictures of another kind or size are refused, ${mode}`, async ({ server, newVisitor, signedIn, watch }, testInfo) => {
    test.slow();
    watch.allow(said(422));
    const application = addApplication(server, "Acme");
    const page = await newVisitor({ storageState: signedIn, javaScriptEnabled: scripts });
    const main = page.getByRole("main");
    for (const [name, type, bytes, why] of [
      ["logo.svg", "image/svg+xml", Buffer.from(SVG), "An SVG may carry scripts"],
      ["logo.png", "image/png", Buffer.from(SVG), "An SVG may carry scripts"],
      ["huge.png", "image/png", Buffer.concat([png(8, 8), Buffer.alloc(300 * 1024)]), "It is larger than 64 KB"],
      ["wide.png", "image/png", png(1200, 2), "It is 1200 by 2 pixels"],
    ]) {
      await visit(page, `${application.path}/branding`);
      await upload(page, name, type, bytes);
      await expect(main.getByText(why).last(), name).toBeVisible();
    }
    await expectGoodLooks(page, testInfo, `branding-logo-refused-${mode}`);
    await visit(page, `${application.path}/branding`);
    await press(page, "Upload logo");
    await expect(main.getByText("Choose a picture first.").last()).toBeVisible();
    await expect(page.locator(".brand-preview img")).toHaveCount(0);
  });
}

test("the preview follows what is typed, before anything is saved", async ({ server, page }) => {
  const application = addApplication(server, "Acme");
  await open(page, `${application.path}/branding`);
  const [light, dark] = [page.locator('.brand-preview-page[data-theme="light"]'), page.locator('.brand-preview-page[data-theme="dark"]')];
  await expect(light).toContainText("Connect your provider to Acme");
  await application.backend.setUp("zoom", await server.sandbox.addClient());
  await open(page, `${application.path}/branding`);
  await expect(light).toContainText("Connect Zoom to Acme");
  await field(page, "Display name").fill("Acme Calendar");
  await expect(light).toContainText("Connect Zoom to Acme Calendar");
  await expect(dark).toContainText("Connect Zoom to Acme Calendar");
  await field(page, "Accent colour").fill("#0f766e");
  const button = (of) => of.locator(".brand-preview-button");
  await expect.poll(() => painted(button(light), "backgroundColor")).toBe("rgb(15, 118, 110)");
  expect(await painted(button(dark), "backgroundColor")).not.toBe("rgb(15, 118, 110)");
  await page.getByLabel("Choose: Accent colour", { exact: true }).fill("#b91c1c");
  await expect(field(page, "Accent colour")).toHaveValue("#b91c1c");
  await expect.poll(() => painted(button(light), "backgroundColor")).toBe("rgb(185, 28, 28)");
  await expect(light).not.toContainText("Help");
  await field(page, "Support").fill("https://acme.example/help");
  await expect(light).toContainText("Help");
  await field(page, "Display name").fill("");
  await expect(light).toContainText("Connect Zoom to Acme");
  await page.reload();
  await expect(field(page, "Accent colour")).toHaveValue("");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.closest(".brand-preview"))).toBeNull();
});

test("viewers see the branding and cannot change it", async ({ server, newVisitor, watch }, testInfo) => {
  watch.allow(said(403));
  const application = addApplication(server, "Acme");
  const viewer = { email: "viewer-of-branding@example.com", password: "a long password of a viewer" };
  server.run(["member", "add", "--email", viewer.email, "--role", "viewer"], viewer.password);
  const page = await newVisitor({ storageState: NOBODY });
  await signIn(page, viewer);
  await open(page, `${application.path}/branding`);
  await expect(page.getByRole("heading", { level: 1, name: "Branding" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
  await expectGoodLooks(page, testInfo, "branding-viewer");
  const answer = await page.request.post(`${application.path}/branding`, {
    headers: { origin: server.url, "content-type": "application/x-www-form-urlencoded" },
    data: new URLSearchParams({ _action: await action(newVisitor, server, application), app: application.id, display_name: "Taken over" }).toString(),
  });
  expect(answer.status()).toBe(403);
});

/** What the owner's form posts to: the path has a hash of the build in it. */
async function action(newVisitor, server, application) {
  const context = await newVisitor();
  const owner = { email: "owner@example.com", password: "correct horse battery" };
  await signIn(context, owner);
  await context.goto(`${application.path}/branding`);
  return context.locator('input[name="_action"]').evaluateAll((inputs) => {
    return inputs.map((input) => input.value).find((value) => value.includes("change_branding"));
  });
}
