// A developer's backend: the API with a key.

export class Backend {
  constructor(server, key) {
    this.server = server;
    this.key = key;
  }

  /** Calls the API; gives status and body. */
  async call(method, path, body) {
    const answer = await fetch(`${this.server.url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  async #must(status, method, path, body) {
    const answer = await this.call(method, path, body);
    if (answer.status !== status) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** Opens a connect session for one end user. */
  invite(more = {}) {
    return this.#must(201, "POST", "connect-sessions", {
      end_user: { id: "user_42", name: "Ada Lovelace", email: "ada@example.com" },
      ...more,
    });
  }

  session(id) {
    return this.#must(200, "GET", `connect-sessions/${id}`);
  }

  setUp(key, client, more = {}) {
    return this.#must(200, "PUT", `provider-configs/${key}`, {
      client_id: client.client_id,
      client_secret: client.client_secret,
      ...more,
    });
  }

  token(account) {
    return this.call("POST", `connected-accounts/${account}/token`, {});
  }

  refresh(account) {
    return this.call("POST", `connected-accounts/${account}/refresh`, {});
  }

  revoke(account) {
    return this.#must(200, "DELETE", `connected-accounts/${account}`);
  }
}
