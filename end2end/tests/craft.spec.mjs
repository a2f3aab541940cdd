// How the portal feels, as far as a machine can judge it: what moves, what a press shows, what a pointer or a finger meets.

import { connectQuietly } from "../support/connect.mjs";
import { expectCraft, expectSteady } from "../support/craft.mjs";
import { expect, hydrated, open, test } from "../support/test.mjs";

const PAGES = ["", "/settings", "/providers", "/providers/new", "/providers/new/zoom", "/providers/zoom", "/connected-accounts", "/connect-sessions", "/api-keys"];

/** Holds back the answers of server functions, as a slow network would, until `free` is called. */
async function slowly(page) {
  let free;
  const gate = new Promise((resolve) => (free = resolve));
  await page.route("**/api/**", async (route) => {
    await gate;
    await route.continue();
  });
  return free;
}

test("a press shows at once that something is under way, before the request has left, and keeps the button's width", async ({ page, application }) => {
  await open(page, `${application.path}/settings`);
  const free = await slowly(page);
  const save = page.getByRole("button", { name: "Save", exact: true });
  const { width } = await save.boundingBox();
  // Counted in frames, of which 100 ms has six: a busy machine draws fewer, and a slow one is no mistake of the page.
  const frames = await save.evaluate(
    (button) =>
      new Promise((resolve) => {
        let drawn = 0;
        const frame = () => {
          if (button.ariaBusy === "true" || drawn > 60) return resolve(drawn);
          drawn += 1;
          requestAnimationFrame(frame);
        };
        button.click();
        requestAnimationFrame(frame);
      }),
  );
  expect(frames).toBeLessThan(6);
  expect(Math.abs((await save.boundingBox()).width - width)).toBeLessThanOrEqual(1);
  free();
  await expect(save).not.toHaveAttribute("aria-busy", "true");
  expect(Math.abs((await save.boundingBox()).width - width)).toBeLessThanOrEqual(1);
});

for (const path of PAGES) {
  test(`nothing moves on ${path || "the overview"} when its data comes late`, async ({ page, furnished }) => {
    await open(page, "/settings/profile");
    const free = await slowly(page);
    // By the router, which waits for the data in the page; the browser loads a whole page only when it is told to.
    await page.evaluate((to) => {
      const link = document.createElement("a");
      link.href = to;
      document.querySelector("main").append(link);
      link.click();
    }, furnished.path + path);
    await page.waitForTimeout(400);
    free();
    await expect(page).toHaveURL(new RegExp(`${furnished.path}${path}$`));
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expectSteady(page, path);
  });
}

test("a finger meets targets of 44 px", async ({ newVisitor, signedIn, furnished }) => {
  const page = await newVisitor({ storageState: signedIn, hasTouch: true, isMobile: true, viewport: { width: 375, height: 800 } });
  for (const path of [...PAGES.map((path) => furnished.path + path), "/settings/profile", "/settings/security", "/applications"]) {
    await open(page, path);
    expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(true);
    await expectCraft(page, `${path} under a finger`);
  }
});

test("back, forward and a pasted address give the same view, scrolled where it was", async ({ page, furnished, newVisitor, signedIn }) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  await open(page, `${furnished.path}/connected-accounts?status=active`);
  // Times move on by themselves: "just now" becomes "1 minute ago".
  const rowsOf = async (there) => (await there.getByRole("row").allInnerTexts()).map((row) => row.replaceAll(/just now|\d+ \w+ ago/g, "a while ago"));
  const rows = () => rowsOf(page);
  const before = await rows();
  await page.evaluate(() => scrollTo(0, 120));
  const scrolled = await page.evaluate(() => scrollY);
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page).toHaveURL(/connected-accounts\/ca_/);
  await page.goBack();
  await expect(page).toHaveURL(/status=active$/);
  await expect.poll(rows).toEqual(before);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(scrolled);
  const elsewhere = await newVisitor({ storageState: signedIn, viewport: { width: 1280, height: 500 } });
  await open(elsewhere, page.url());
  expect(await rowsOf(elsewhere)).toEqual(before);
});

test("every copy button copies exactly what is shown beside it", async ({ page, context, furnished }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { accounts } = furnished;
  let copied = 0;
  for (const path of ["", "/providers/zoom", `/connected-accounts/${accounts.active}`, "/settings"]) {
    await open(page, furnished.path + path);
    for (const holder of await page.locator(".copy, .copy-field, .code").all()) {
      const button = holder.locator(".copy-button button").first();
      if (!(await button.isVisible())) continue;
      const shown = await holder.evaluate((element) => {
        const input = element.querySelector("input, textarea");
        return input ? input.value : element.querySelector("code").textContent;
      });
      await button.click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
      copied++;
    }
  }
  expect(copied).toBeGreaterThan(8);
});

test("pointer and focus give a control more contrast than rest", async ({ page, furnished }) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open(page, `${furnished.path}/providers/zoom`);
    for (const name of ["Save", "Remove"]) {
      const control = page.getByRole("main").getByRole("link", { name, exact: true }).or(page.getByRole("main").getByRole("button", { name, exact: true })).first();
      await page.mouse.move(0, 0);
      const rest = await stand(control);
      await control.hover();
      const hover = await stand(control);
      expect(hover, `${name}, ${colorScheme}, under a pointer`).not.toEqual(rest);
      expect(hover.from_page, `${name}, ${colorScheme}`).toBeGreaterThan(rest.from_page);
      await control.focus();
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Tab");
      expect((await stand(control)).outline, `${name}, ${colorScheme}, focused`).toBeGreaterThanOrEqual(2);
    }
  }
});

/** How far a control stands out: the contrast of its fill or edge from the page behind it, and its outline's width. */
function stand(control) {
  return control.evaluate((element) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const luminance = (colours) => {
      context.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((channel) => {
        const value = channel / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const page = getComputedStyle(document.documentElement).backgroundColor;
    const { backgroundColor, borderTopColor, outlineStyle, outlineWidth } = getComputedStyle(element);
    const behind = luminance([page]);
    const fill = contrast(luminance([page, backgroundColor]), behind);
    const edge = contrast(luminance([page, borderTopColor]), behind);
    return { from_page: fill * edge, outline: outlineStyle === "none" ? 0 : parseFloat(outlineWidth) };
  });
}

test("a dialog names whom it is about and what happens, begins on Cancel, and its button repeats the verb", async ({ page, application, backend, server, playwright }) => {
  const { url, id } = await backend.invite({ end_user: { id: "user_42", name: "Ada Lovelace" } });
  await connectQuietly(server, playwright, url);
  const [{ connected_account: account }] = (await backend.session(id)).results;
  await open(page, `${application.path}/connected-accounts/${account}`);
  const opener = page.getByRole("main").getByRole("link", { name: /^Revoke/ });
  await opener.click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toHaveText(/^Revoke /);
  await expect(dialog).toContainText(account);
  await expect(dialog.getByRole("button", { name: /^Revoke / })).toBeVisible();
  await expect(dialog.getByRole("link", { name: "Cancel" }).or(dialog.getByRole("button", { name: "Cancel" }))).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
});

test("a chosen theme is in the first byte of the next page", async ({ page, context, server }) => {
  await open(page, "/applications");
  await page.getByText("owner@example.com").click();
  await page.getByRole("menuitemradio", { name: "Dark" }).or(page.getByRole("button", { name: "Dark" })).first().click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const html = await (await context.request.get(`${server.url}/applications`)).text();
  expect(html).toMatch(/<html[^>]* data-theme="dark"/);
  await page.reload();
  await hydrated(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
