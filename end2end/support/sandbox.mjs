// The sandbox provider, by its control calls.

export class Sandbox {
  constructor(url) {
    this.url = url;
  }

  async #call(method, path, body) {
    const answer = await fetch(`${this.url}/control/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The sandbox refuses ${path}: ${text}`);
    return JSON.parse(text);
  }

  /** An app there; id and secret are made up. */
  addClient(client = { any_redirect_uri: true }) {
    return this.#call("POST", "clients", { name: "Acme Calendar", ...client });
  }

  fault(fault) {
    return this.#call("POST", "faults", fault);
  }

  /** Lets access tokens run out. */
  expire(clientId) {
    return this.#call("POST", "expire", { client_id: clientId });
  }

  /** As when the user removes the app at the provider. */
  revokeGrant(clientId, user) {
    return this.#call("POST", "revoke-grant", { client_id: clientId, user });
  }

  /** Has an app's notices sent to an address; the answer has their secret token. */
  listen(clientId, url) {
    return this.#call("POST", "notices/endpoint", { client_id: clientId, url });
  }

  /** Asks that address to prove its secret token. */
  validate(clientId) {
    return this.#call("POST", "notices/validate", { client_id: clientId });
  }

  /** The address of an install that begins at the provider. */
  async install(clientId, user, redirectUri) {
    const { location } = await this.#call("POST", "install", { client_id: clientId, user, redirect_uri: redirectUri });
    return location;
  }

  /** Every request to the provider's side, oldest first. */
  async journal() {
    return (await this.#call("GET", "journal")).data;
  }
}
