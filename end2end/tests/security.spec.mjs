// Second factors, sessions, and the proof before something sensitive, with scripts on and off.

import { createHmac } from "node:crypto";
import { expectGoodLooks } from "../support/looks.mjs";
import { Portal } from "../support/portal.mjs";
import { NOBODY, expect, open, said, signIn, test } from "../support/test.mjs";

test.use({ storageState: NOBODY });

let people = 0;

function addMember(server, role = "developer") {
  const member = { email: `security-${++people}-${process.pid}@example.com`, password: "a long enough password" };
  server.run(["member", "add", "--email", member.email, "--role", role], member.password);
  return member;
}

/** What an authenticator app shows (RFC 6238), some steps from now. */
function codeOf(key, steps = 0) {
  const bits = [...key].map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", bytes).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A device with a screen lock, in Chromium. */
async function addDevice(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  return { verified: (isUserVerified) => client.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }) };
}

/** Sets an app up and gives its key and the recovery codes. */
async function setUpApp(portal) {
  const { page } = portal;
  await portal.open("/settings/security");
  await portal.press("Set up authenticator app");
  await portal.at("Set up authenticator app");
  const key = await page.getByLabel("Or type the key").inputValue();
  await page.getByLabel("Code", { exact: true }).fill(codeOf(key, -1));
  await portal.press("Confirm");
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  return { key, codes: await codes.allTextContents() };
}

/** Password, then what the second step is done with. */
async function signInTwice(portal, member, code) {
  const { page } = portal;
  await page.goto("/sign-in?next=%2Fsettings%2Fprofile");
  await portal.settle();
  await page.getByLabel("E-mail").fill(member.email);
  await page.getByLabel("Password").fill(member.password);
  await portal.press("Sign in");
  await portal.at("Confirm that it is you");
  await page.getByRole("textbox", { name: /code/i }).fill(code);
  await portal.press("Verify code");
}

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";

  test(`an authenticator app is set up and asked for, ${how}`, async ({ newVisitor, server, watch }) => {
    watch.allow(said("(403|422)"));
    const member = addMember(server);
    const page = await newVisitor({ javaScriptEnabled: scripts });
    const portal = new Portal(page, { scripts });
    await signIn(page, member);
    await portal.open("/settings/security");
    await expect(page.getByText("With one of these, a stolen password alone lets nobody in.")).toBeVisible();
    const { key, codes } = await setUpApp(portal);
    const other = await newVisitor({ javaScriptEnabled: scripts });
    const elsewhere = new Portal(other, { scripts });
    await signInTwice(elsewhere, member, codeOf(key, -1));
    await expect(other.getByRole("alert")).toContainText("This is not a present code");
    await other.getByRole("textbox", { name: "Code" }).fill(codeOf(key));
    await elsewhere.press("Verify code");
    await elsewhere.at("Profile");
    const third = await newVisitor({ javaScriptEnabled: scripts });
    const last = new Portal(third, { scripts });
    await signInTwice(last, member, codes[0]);
    await last.at("Profile");
    await last.open("/settings/security");
    await expect(third.getByText("9 left")).toBeVisible();
    await expect(third.getByRole("row", { name: /This session/ })).toHaveCount(1);
    await expect(third.getByRole("table", { name: "Sessions" }).getByRole("row")).toHaveCount(4);
    await last.press("End all others");
    await expect(third.getByRole("table", { name: "Sessions" }).getByRole("row")).toHaveCount(2);
    await other.goto("/applications");
    await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await last.open("/settings/security/authenticator/remove");
    await last.press("Remove app");
    await last.at("Security");
    await expect(third.getByRole("button", { name: "Set up authenticator app" })).toBeVisible();
  });
}

test("a passkey is added, signs in alone, is the second step, and is renamed and removed", async ({ page, server, context }) => {
  const member = addMember(server);
  const portal = new Portal(page);
  await addDevice(page);
  await signIn(page, member);
  await portal.open("/settings/security");
  await portal.follow("Add passkey");
  await page.getByLabel("Name").fill("Test laptop");
  await portal.press("Add passkey");
  await expect(page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem")).toHaveCount(10);
  await context.clearCookies();
  page.on("dialog", (dialog) => dialog.accept());
  await open(page, "/sign-in?next=%2Fsettings%2Fprofile");
  await portal.press("Use a passkey");
  await portal.at("Profile");
  await context.clearCookies();
  await open(page, "/sign-in?next=%2Fsettings%2Fprofile");
  await page.getByLabel("E-mail").fill(member.email);
  await page.getByLabel("Password").fill(member.password);
  await portal.press("Sign in");
  await portal.at("Confirm that it is you");
  await portal.press("Use a passkey");
  await portal.at("Profile");
  await portal.open("/settings/security");
  await portal.follow("Test laptop", "Passkey “Test laptop”");
  await page.getByLabel("Name").fill("Old laptop");
  await portal.press("Save");
  await portal.at("Security");
  await portal.follow("Old laptop", "Passkey “Old laptop”");
  await portal.press("Remove passkey");
  await portal.at("Security");
  await expect(page.getByText("No passkeys yet.")).toBeVisible();
});

test("a device that does not check who uses it signs nobody in alone, and cancelling is said", async ({ page, server, context }) => {
  const member = addMember(server);
  const portal = new Portal(page);
  const device = await addDevice(page);
  await signIn(page, member);
  await portal.open("/settings/security/passkeys/new");
  await page.getByLabel("Name").fill("Test laptop");
  await portal.press("Add passkey");
  await expect(page.getByRole("list", { name: "Recovery codes" })).toBeVisible();
  page.on("dialog", (dialog) => dialog.accept());
  await context.clearCookies();
  await device.verified(false);
  await open(page, "/sign-in");
  await portal.press("Use a passkey");
  await expect(page.getByText("No passkey was used: it was cancelled, or took too long.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Use a passkey" })).toBeEnabled();
});

test("without scripts a page says that passkeys need them, and offers a code", async ({ page, newVisitor, server }) => {
  const member = addMember(server);
  const portal = new Portal(page);
  await addDevice(page);
  await signIn(page, member);
  await portal.open("/settings/security/passkeys/new");
  await page.getByLabel("Name").fill("Test laptop");
  await portal.press("Add passkey");
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const [code] = await codes.allTextContents();
  const plain = new Portal(await newVisitor({ javaScriptEnabled: false }), { scripts: false });
  await plain.page.goto("/sign-in");
  await expect(plain.page.getByRole("button", { name: "Use a passkey" })).toBeHidden();
  await signInTwice(plain, member, code);
  await plain.at("Profile");
  await plain.open("/settings/security");
  await expect(plain.page.getByText("Adding and using passkeys needs scripts")).toBeVisible();
});

test("a form that wants a proof asks for it in place and keeps what was typed", async ({ page, server, application, watch }) => {
  watch.allow(said("(403|422)"));
  const member = addMember(server);
  const portal = new Portal(page);
  await addDevice(page);
  await signIn(page, member);
  await proofIsOld(page);
  await portal.open(`${application.path}/api-keys`);
  await page.getByLabel("Name", { exact: true }).fill("Billing");
  await portal.press("Create key");
  await expect(page.getByRole("group", { name: "Confirm that it is you" })).toBeVisible();
  await expect(page.getByLabel("Your password")).toBeFocused();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Billing");
  await expectGoodLooks(page, test.info(), "API keys, asked for a proof");
  await page.getByLabel("Your password").fill("not the password");
  await portal.press("Create key");
  await expect(page.getByText("This is not your password.").first()).toBeVisible();
  await page.unrouteAll();
  await page.getByLabel("Your password").fill(member.password);
  await portal.press("Create key");
  await expect(page.getByRole("textbox", { name: "API key for Billing" })).toBeVisible();
  await expect(page.getByRole("group", { name: "Confirm that it is you" })).toBeHidden();
});

/** The server's clock is real here, so the first answer is the one that it gives after a quarter of an hour. */
async function proofIsOld(page) {
  const ways = { password: true, authenticator: false, passkey: false, recovery_code: false };
  const summary = "Nothing is changed yet: confirm below that it is you. Secrets have to be typed again.";
  let asked = false;
  await page.route(/\/api\/add_api_key/, (route) => {
    if (asked) return route.continue();
    asked = true;
    return route.fulfill({ status: 403, json: { summary, fields: [], notes: [], carried: [], proof: ways } });
  });
}

test("the command line helps who is locked out", async ({ page, server }) => {
  const member = addMember(server);
  const portal = new Portal(page);
  await signIn(page, member);
  await setUpApp(portal);
  server.run(["member", "reset-second-factors", "--email", member.email]);
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto("/applications");
  await signIn(page, member);
  await portal.at("Applications");
});

test("the pages of an authenticator app look good", async ({ page, newVisitor, server }) => {
  test.slow();
  const [member, info] = [addMember(server), test.info()];
  const portal = new Portal(page);
  await signIn(page, member);
  await portal.open("/settings/security");
  await expectGoodLooks(page, info, "security, first use");
  await portal.open("/settings/security/authenticator");
  await expectGoodLooks(page, info, "authenticator, none begun");
  await portal.open("/settings/security");
  await portal.press("Set up authenticator app");
  await portal.at("Set up authenticator app");
  await expectGoodLooks(page, info, "authenticator, key");
  await setUpApp(portal);
  await expectGoodLooks(page, info, "authenticator, recovery codes");
  const plain = await newVisitor({ javaScriptEnabled: false });
  await plain.goto("/sign-in");
  await expectGoodLooks(plain, info, "sign in, without scripts");
});

test("the pages of passkeys and of the second step look good", async ({ page, newVisitor, server, watch }) => {
  test.slow();
  watch.allow(said("(403|422)"));
  const [member, info] = [addMember(server), test.info()];
  const portal = new Portal(page);
  await addDevice(page);
  await signIn(page, member);
  await setUpApp(portal);
  page.on("dialog", (dialog) => dialog.accept());
  await portal.open("/settings/security/passkeys/new");
  await expectGoodLooks(page, info, "passkey, new");
  await page.getByLabel("Name").fill("Test laptop with a name that is rather long for one");
  await portal.press("Add passkey");
  await portal.at("Security");
  const other = await newVisitor();
  await open(other, "/sign-in");
  await other.getByLabel("E-mail").fill(member.email);
  await other.getByLabel("Password").fill(member.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await new Portal(other).at("Confirm that it is you");
  await expectGoodLooks(other, info, "second step");
  await other.getByRole("button", { name: "Verify code" }).click();
  await expect(other.getByRole("alert")).toBeVisible();
  await expectGoodLooks(other, info, "second step, refused");
  await portal.open("/settings/security");
  await expectGoodLooks(page, info, "security, in use");
  await portal.follow(/Test laptop/, /Test laptop/);
  await expectGoodLooks(page, info, "passkey");
  for (const [name, path] of [["authenticator, question", "authenticator/remove"], ["recovery codes, question", "recovery-codes"]]) {
    await portal.open(`/settings/security/${path}`);
    await expectGoodLooks(page, info, name);
  }
});
