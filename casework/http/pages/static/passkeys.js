// Passkeys: the browser asks the device, and the answer goes with the form. Without this file everything else works.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (known) => (known || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (options.user) {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return told(made, { attestationObject: text(made.response.attestationObject) });
  }
  options.allowCredentials = listed(options.allowCredentials);
  const found = await navigator.credentials.get({ publicKey: options });
  const { authenticatorData, signature, userHandle } = found.response;
  return told(found, {
    authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null,
  });
}

const told = (found, more) => ({
  id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: {},
  response: { clientDataJSON: text(found.response.clientDataJSON), ...more },
});

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const credential = await ask(form);
      form.elements[form.dataset.passkey].value = JSON.stringify({ challenge: form.dataset.challenge, credential });
      form.submit();
    } catch {
      form.querySelector("[data-failed]").hidden = false;
    }
  });
}
