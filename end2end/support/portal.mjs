// A member's way through the portal: what is clicked and filled in, with scripts on or off.

import { expect } from "@playwright/test";
import { hydrated } from "./test.mjs";

export class Portal {
  constructor(page, { scripts = true } = {}) {
    this.page = page;
    this.scripts = scripts;
  }

  async open(address) {
    await this.page.goto(address);
    await this.settle();
  }

  /** Until scripts have taken the page over, where there are scripts. */
  async settle() {
    if (this.scripts) await hydrated(this.page);
  }

  /** Waits for a page by its heading. */
  async at(heading) {
    await expect(this.page.getByRole("heading", { level: 1, name: heading, exact: typeof heading === "string" })).toBeVisible();
    await this.settle();
  }

  async follow(name, heading = name) {
    await this.page.getByRole("link", { name, exact: true }).click();
    await this.at(heading);
  }

  /** A link of the sidebar. */
  async go(name, heading = name) {
    await this.page.getByRole("navigation", { name: "Portal" }).getByRole("link", { name, exact: true }).click();
    await this.at(heading);
  }

  press(name) {
    return this.page.getByRole("button", { name, exact: true }).click();
  }

  /** What the page says after something was done. */
  async hears(text) {
    await expect(this.page.getByRole("status").filter({ hasText: text }).last()).toBeVisible();
  }

  /** The value beside a term. */
  property(term) {
    const found = this.page.getByRole("main").getByRole("term").filter({ hasText: new RegExp(`^${term}$`) });
    return found.locator("..").getByRole("definition");
  }

  async signUp({ organization = "Acme GmbH", email, password }) {
    await this.open("/");
    await this.at("Set up Keybearer");
    await this.page.getByLabel("Organization").fill(organization);
    await this.page.getByLabel("E-mail").fill(email);
    await this.page.getByLabel("Password").fill(password);
    await this.press("Sign up");
    await this.at("Applications");
  }

  async createApplication(name) {
    await this.follow("New application");
    await this.page.getByLabel("Name").fill(name);
    await this.page.getByLabel("Development").check();
    await this.press("Create application");
    await this.at("Overview");
    return new URL(this.page.url()).pathname;
  }

  redirectUri() {
    return this.page.getByRole("textbox", { name: "Redirect URI" });
  }

  async fillCredentials({ client_id, client_secret }) {
    await this.page.getByLabel("Client ID").fill(client_id);
    await this.page.getByLabel("Client Secret").fill(client_secret);
  }

  async mintKey(name) {
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.press("Create key");
    const shown = this.page.getByRole("textbox", { name: `API key for ${name}` });
    await expect(shown).toHaveValue(/^kb_test_[0-9A-Za-z]{49}$/);
    return shown.inputValue();
  }
}
