// Asks the browser for a passkey when a form wants one, puts the answer into the form and sends it. It stands in the
// head of every page, needs nothing else of it, and marks the document where browsers have passkeys at all.
(() => {
  if (!window.PublicKeyCredential || !PublicKeyCredential.prototype || !navigator.credentials) return;
  document.documentElement.dataset.passkeys = "1";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => {
    const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const begin = async ({ begin, purpose }) => {
    const body = new URLSearchParams(purpose ? { purpose } : {});
    const answer = await fetch(begin, { method: "POST", headers: { accept: "application/json" }, body });
    const json = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(json.summary), { name: "Refused" });
    return { ...json, challenge: bytes(json.challenge) };
  };

  const make = async (data) => {
    const options = await begin(data);
    const publicKey = {
      ...options,
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    };
    const { rawId, response } = await navigator.credentials.create({ publicKey });
    return {
      id: text(rawId),
      clientData: text(response.clientDataJSON),
      authenticatorData: text(response.getAuthenticatorData()),
    };
  };

  const use = async (data) => {
    const options = await begin(data);
    const publicKey = { ...options, allowCredentials: known(options.allowCredentials) };
    const { rawId, response } = await navigator.credentials.get({ publicKey });
    return {
      id: text(rawId),
      clientData: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : "",
    };
  };

  const words = (error) => {
    if (error.name === "Refused") return error.message;
    if (error.name === "InvalidStateError") return "This device has a passkey for you already.";
    if (error.name === "NotAllowedError") return "No passkey was used: it was cancelled, or took too long. Try again.";
    return "This browser cannot use a passkey here. Use another way.";
  };

  let passing = null;

  const run = async (form, input, submitter) => {
    const said = form.querySelector("[data-passkey-said]");
    said.textContent = "";
    submitter?.setAttribute("aria-busy", "true");
    try {
      input.value = JSON.stringify(await (input.dataset.passkey === "make" ? make : use)(input.dataset));
      passing = form;
      submitter?.removeAttribute("aria-busy");
      form.requestSubmit(submitter);
    } catch (error) {
      said.textContent = words(error);
    } finally {
      submitter?.removeAttribute("aria-busy");
      passing = null;
    }
  };

  addEventListener(
    "submit",
    (event) => {
      const { target: form, submitter } = event;
      const asked = submitter?.dataset.passkeyFor;
      const input = form.querySelector(asked ? `input[name="${asked}"]` : "input[data-passkey][data-always]");
      // A form that was asked for a proof comes again with the answer that it has.
      const kept = input?.value && !asked && form.querySelector("[data-proof]");
      if (!input || kept || passing === form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (submitter?.getAttribute("aria-busy") !== "true") run(form, input, submitter);
    },
    true,
  );
})();
