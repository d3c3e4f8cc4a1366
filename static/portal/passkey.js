// Signing with a passkey, and a sentence when a passkey did not work. Codes do without script.

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function request({ publicKey }) {
  const credentials = publicKey.allowCredentials ?? [];
  return navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: decode(publicKey.challenge),
      allowCredentials: credentials.map((known) => ({ ...known, id: decode(known.id) })),
    },
  });
}

function written({ id, type, rawId, response }) {
  return JSON.stringify({
    id,
    type,
    rawId: encode(rawId),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      authenticatorData: encode(response.authenticatorData),
      signature: encode(response.signature),
      userHandle: response.userHandle ? encode(response.userHandle) : null,
    },
    clientExtensionResults: {},
  });
}

function tell(within) {
  const sentence = within.querySelector("[data-portal-passkey-failed]");
  if (!sentence) return;
  sentence.hidden = false;
  sentence.focus();
}

function offer(box) {
  // Passkeys exist only over https and on localhost.
  if (!window.PublicKeyCredential) return;
  const button = box.querySelector("button");
  const form = button.form;
  box.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const credential = await request(JSON.parse(box.dataset.portalPasskey));
      form.elements.passkey.value = written(credential);
      form.requestSubmit();
    } catch {
      tell(box);
    }
  });
}

for (const box of document.querySelectorAll("[data-portal-passkey]")) offer(box);

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  tell(document);
});
