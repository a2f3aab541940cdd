// A backend that takes webhooks, keeps them and answers as a test says.

import { createHmac } from "node:crypto";
import http from "node:http";

export class Receiver {
  received = [];
  status = 200;

  static async start() {
    const receiver = new Receiver();
    receiver.server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (data) => (body += data));
      request.on("end", () => {
        receiver.received.push({ headers: request.headers, body });
        response.writeHead(receiver.status).end(receiver.status === 200 ? "ok" : "<b>not now</b>");
      });
    });
    await new Promise((resolve) => receiver.server.listen(0, "127.0.0.1", resolve));
    receiver.port = receiver.server.address().port;
    receiver.url = `http://127.0.0.1:${receiver.port}/webhooks`;
    return receiver;
  }

  /** How many of the signatures of a delivery are of this secret. */
  static signedWith({ headers, body }, secret) {
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const expected = `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
    return headers["webhook-signature"].split(" ").filter((signature) => signature === expected).length;
  }

  stop() {
    this.server.close();
  }
}
