// A mail server that keeps what it is given: as much SMTP as is needed.

import net from "node:net";

export class Mail {
  letters = [];
  refuses = false;

  static async start() {
    const mail = new Mail();
    mail.server = net.createServer((socket) => mail.#talk(socket));
    await new Promise((resolve) => mail.server.listen(0, "127.0.0.1", resolve));
    mail.environment = {
      KEYBEARER_SMTP_URL: `smtp://127.0.0.1:${mail.server.address().port}`,
      KEYBEARER_MAIL_FROM: "Keybearer <keybearer@example.com>",
    };
    return mail;
  }

  #talk(socket) {
    let rest = "";
    let letter = null;
    socket.on("error", () => {});
    socket.write("220 test\r\n");
    socket.on("data", (data) => {
      rest += data;
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (letter !== null && line !== ".") {
          letter += `${line}\n`;
          continue;
        }
        if (letter !== null) this.letters.push(letter.replaceAll("=\n", "").replaceAll("=3D", "="));
        letter = line.startsWith("DATA") ? "" : null;
        const refused = this.refuses && line.startsWith("RCPT");
        socket.write(letter === null ? `${refused ? "550 nobody here" : "250 ok"}\r\n` : "354 go on\r\n");
      }
    });
  }

  /** The address in the newest letter. */
  link() {
    return /^http\S+$/m.exec(this.letters.at(-1))[0];
  }

  stop() {
    this.server.close();
  }
}
