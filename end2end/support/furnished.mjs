// An application in which every list has something and every state occurs.

import { createHash } from "node:crypto";
import { connectQuietly } from "./connect.mjs";

/** A backend whose token was refused asks for another one. */
async function forceRefresh(backend, account) {
  const { body } = await backend.token(account);
  const rejected_token_sha256 = createHash("sha256").update(body.access_token).digest("hex");
  await backend.call("POST", `connected-accounts/${account}/token`, { rejected_token_sha256 });
}

export async function furnish(server, playwright, addApplication) {
  const application = addApplication(server, "Meetings of an unusually long name for tests");
  const { backend } = application;
  const client = await server.sandbox.addClient();
  await backend.setUp("zoom", client, { scopes: ["user:read:user", "meeting:write:meeting"] });
  await backend.setUp("sandbox", await server.sandbox.addClient());
  const second = await server.sandbox.addClient();
  await backend.setUp("zoom-second", second, { provider: "zoom" });
  server.run(["provider-config", "disable", "zoom-second", "--application", application.id]);
  const refused = { ...second, client_secret: "not-the-secret-of-this-client-00" };
  await backend.setUp("zoom-rejected", refused, { provider: "zoom", save_anyway: true });
  application.addReturnAddress("http://localhost/connected");
  // The sandbox takes no webhooks: its answer is a failure.
  const { body: hears } = await backend.call("POST", "webhook-endpoints", { url: `${server.sandbox.url}/webhooks` });

  const connect = async (id, name, user, providers = ["zoom"]) => {
    const session = await backend.invite({ end_user: { id, name }, providers });
    await connectQuietly(server, playwright, session.url, { user });
    return (await backend.session(session.id)).results[0].connected_account;
  };
  const active = await connect("user_1", "Ada Lovelace", "ada@example.com");
  await backend.token(active);
  const lost = await connect("user_2", "Grace Hopper", "grace@example.com");
  await server.sandbox.revokeGrant(client.client_id, "grace@example.com");
  await server.sandbox.expire(client.client_id);
  await forceRefresh(backend, lost);
  const revoked = await connect("user_3", "Alan Turing", "alan@example.com");
  await backend.revoke(revoked);
  const failing = await connect("user_6", "Katherine Johnson", "alan@example.com");
  const fault = { endpoint: "token", grant_type: "refresh_token", kind: "status", status: 503, retry_after: "3600", times: 1 };
  await server.sandbox.fault({ ...fault, client_id: client.client_id });
  await forceRefresh(backend, failing);
  const sharing = await connect("user_7", "Ada's assistant", "ada@example.com");

  await backend.invite({ end_user: { id: "user_4" }, providers: ["zoom"] });
  const declined = await backend.invite({ end_user: { id: "user_5" }, providers: ["sandbox"] });
  await connectQuietly(server, playwright, declined.url, { decision: "decline" });
  server.run(["api-key", "add", "--application", application.id, "--name", "Another backend"]);
  return { ...application, accounts: { active, lost, failing, sharing, revoked }, endpoint: hears.id };
}
