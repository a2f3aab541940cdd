// An end user's own page: what is connected, what each may do, and how it ends; in every language.

import { createHash } from "node:crypto";
import { connectQuietly } from "../support/connect.mjs";
import { expectGoodLooks } from "../support/looks.mjs";
import { NOBODY, addApplication, expect, said, test } from "../support/test.mjs";

test.use({ storageState: NOBODY });

const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Each language with the heading of a connect page and of self-service, and what the profile's scope allows. */
const LANGUAGES = [
  { code: "en", connect: "Connect Zoom to Acme", manage: "Your connected accounts", profile: "See your profile: name, e-mail address, time zone", go: "Continue" },
  { code: "de", connect: "Zoom mit Acme verbinden", manage: "Ihre verbundenen Konten", profile: "Ihr Profil sehen: Name, E-Mail-Adresse, Zeitzone", go: "Weiter" },
  { code: "fr", connect: "Connecter Zoom à Acme", manage: "Vos comptes connectés", profile: "Voir votre profil : nom, adresse e-mail, fuseau horaire", go: "Continuer" },
  { code: "es", connect: "Conectar Zoom con Acme", manage: "Tus cuentas conectadas", profile: "Ver tu perfil: nombre, correo electrónico, zona horaria", go: "Continuar" },
  { code: "pt", connect: "Conectar Zoom a Acme", manage: "Suas contas conectadas", profile: "Ver seu perfil: nome, e-mail, fuso horário", go: "Continuar" },
  { code: "ja", connect: "Zoom を Acme に接続", manage: "接続済みのアカウント", profile: "プロフィール（名前、メールアドレス、タイムゾーン）の閲覧", go: "続ける" },
];

async function link(backend, more = {}, user = "user_42") {
  const { status, body } = await backend.call("POST", `end-users/${user}/manage-link`, more);
  expect(status).toBe(201);
  return body.url;
}

/** An application whose end user has connected as many accounts, each of another user of the provider. */
async function withAccounts(server, playwright, users, end_user = { id: "user_42", name: "Ada Lovelace" }) {
  const application = addApplication(server, "Acme");
  const client = await server.sandbox.addClient();
  await application.backend.setUp("zoom", client);
  for (const user of users) {
    const { url } = await application.backend.invite({ end_user });
    await connectQuietly(server, playwright, url, { user });
  }
  return { ...application, client };
}

/** Everything that a page brings over the wire, in bytes. */
async function weight(page, address) {
  const answers = [];
  page.on("response", (response) => answers.push(response));
  await page.goto(address, { waitUntil: "networkidle" });
  const sizes = await Promise.all(answers.map((answer) => answer.body().then((body) => [answer.url(), body.length])));
  return sizes.filter(([url]) => !url.startsWith("data:"));
}

for (const { code, connect, manage, profile, go } of LANGUAGES) {
  test(`connect pages and self-service are in ${code} for whom likes that best`, async ({ server, playwright, newVisitor }, testInfo) => {
    const { backend } = await withAccounts(server, playwright, ["ada@example.com"]);
    const page = await newVisitor({ locale: code, javaScriptEnabled: code !== "de" });
    const sizes = await weight(page, (await backend.invite()).url);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    testInfo.annotations.push({ type: "weight", description: `${code}: ${total} bytes in ${sizes.length} answers` });
    expect(total, JSON.stringify(sizes)).toBeLessThan(20 * 1024);
    await expect(heading(page, connect)).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", code);
    await expect(page.getByRole("button", { name: go })).toBeVisible();
    await expectGoodLooks(page, testInfo, `connect-${code}`);
    await page.goto(await link(backend));
    await expect(heading(page, manage)).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", code);
    await expect(page.getByText(profile)).toBeVisible();
    await expectGoodLooks(page, testInfo, `self-service-${code}`);
  });
}

test("a language is chosen at the foot and kept", async ({ server, playwright, newVisitor }) => {
  const { backend } = await withAccounts(server, playwright, ["ada@example.com"]);
  const page = await newVisitor({ locale: "en-GB", javaScriptEnabled: false });
  await page.goto(await link(backend));
  await page.getByRole("navigation", { name: "Language" }).getByRole("link", { name: "Deutsch" }).click();
  await expect(heading(page, "Ihre verbundenen Konten")).toBeVisible();
  await page.goto((await backend.invite()).url);
  await expect(heading(page, "Zoom mit Acme verbinden")).toBeVisible();
});

test("long names and long German text stay within a phone's window", async ({ server, playwright, newVisitor }, testInfo) => {
  const application = addApplication(server, "Donaudampfschifffahrtsgesellschaftskapitänskalender");
  await application.backend.setUp("zoom", await server.sandbox.addClient());
  const end_user = { id: "user_42", name: "Wolfeschlegelsteinhausenbergerdorff", email: "wolfeschlegelsteinhausenbergerdorff@unternehmensberatung.example" };
  await connectQuietly(server, playwright, (await application.backend.invite({ end_user })).url);
  const page = await newVisitor({ locale: "de", viewport: { width: 375, height: 800 }, hasTouch: true });
  await page.goto((await application.backend.invite({ end_user })).url);
  await expectGoodLooks(page, testInfo, "long-german-connect");
  await page.goto(await link(application.backend));
  await expectGoodLooks(page, testInfo, "long-german-self-service");
  await page.getByRole("link", { name: "Konto ada@example.com bei Zoom trennen" }).click();
  await expectGoodLooks(page, testInfo, "long-german-question");
});

for (const scripts of [true, false]) {
  const mode = scripts ? "scripts on" : "scripts off";

  test(`an end user disconnects one of several, ${mode}`, async ({ server, playwright, newVisitor }, testInfo) => {
    test.slow();
    const users = ["ada@example.com", "grace@example.com", "alan@example.com"];
    const { backend, client } = await withAccounts(server, playwright, users);
    const page = await newVisitor({ javaScriptEnabled: scripts, locale: "en" });
    const address = await link(backend);
    expect((await page.goto(address)).headers()["referrer-policy"]).toBe("no-referrer");
    const entry = (user) => page.getByRole("main").locator("li").filter({ has: page.getByText(user, { exact: true }) });
    for (const user of users) await expect(entry(user)).toContainText("Connected");
    await expect(entry("ada@example.com")).toContainText("See the list of your meetings");
    await expect(entry("ada@example.com")).toContainText("Not yet");
    await expectGoodLooks(page, testInfo, `self-service-many-${mode}`);

    await page.getByRole("link", { name: "Disconnect Zoom account grace@example.com" }).click();
    await expect(heading(page, "Disconnect Zoom?")).toBeVisible();
    await expect(page.getByText(/loses the access to grace@example\.com at once/)).toBeVisible();
    await expectGoodLooks(page, testInfo, `self-service-question-${mode}`);
    await page.getByRole("link", { name: "Keep it" }).click();
    await expect(entry("grace@example.com")).toBeVisible();
    await page.getByRole("link", { name: "Disconnect Zoom account grace@example.com" }).click();
    await press(page, "Disconnect");
    await expect(page.getByText("Zoom is disconnected")).toBeVisible();
    await expect(page.getByText("Zoom has ended the access too.")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Disconnect Zoom account/ })).toHaveCount(2);
    await expectGoodLooks(page, testInfo, `self-service-over-${mode}`);
    await page.reload();
    await expect(page.getByText("Zoom is disconnected")).toBeVisible();
    const { body } = await backend.call("GET", "connected-accounts?end_user_id=user_42");
    const [gone] = body.data.filter((account) => account.status === "revoked");
    expect(gone.status_reason.code).toBe("revoked_by_end_user");
    expect((await backend.token(gone.id)).status).toBe(410);

    await server.sandbox.revokeGrant(client.client_id, "alan@example.com");
    await server.sandbox.expire(client.client_id);
    const alan = body.data.find((account) => account.provider_account.email === "alan@example.com");
    const { access_token: refused } = (await backend.token(alan.id)).body;
    const rejected_token_sha256 = createHash("sha256").update(refused).digest("hex");
    await backend.call("POST", `connected-accounts/${alan.id}/token`, { rejected_token_sha256 });
    await page.goto(address);
    await expect(entry("alan@example.com")).toContainText("Reconnect needed");
    await expectGoodLooks(page, testInfo, `self-service-lost-${mode}`);
    await press(page, "Reconnect");
    await expect(heading(page, "Reconnect Zoom to Acme")).toBeVisible();
  });
}

test("nothing connected, expired and forged links say so", async ({ server, playwright, newVisitor, watch }, testInfo) => {
  watch.allow(said("(404|410)"));
  const { backend } = await withAccounts(server, playwright, []);
  await backend.invite();
  const page = await newVisitor({ locale: "en" });
  const address = await link(backend);
  await page.goto(address);
  await expect(page.getByText("Nothing is connected to Acme at the moment.")).toBeVisible();
  await expectGoodLooks(page, testInfo, "self-service-empty");
  const secret = address.split("/").at(-1);
  const forged = secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A");
  for (const odd of [forged, secret.toLowerCase(), "x"]) {
    expect((await page.goto(`/connect/manage/${odd}`)).status()).toBe(404);
    await expect(heading(page, "This link is not known")).toBeVisible();
    await expect(page).toHaveTitle("This link is not known · Keybearer");
  }
  await expectGoodLooks(page, testInfo, "self-service-forged");
});
