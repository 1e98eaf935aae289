// A button with data-passkey="add", "authenticate" or "login" asks for a passkey with the form around it.
const ids = { add: "mfa_add", authenticate: "mfa_authenticate", login: "mfa_login" }
for (const button of document.querySelectorAll("button[data-passkey]")) {
  const what = button.dataset.passkey
  button.id = ids[what]
  button.hidden = !window.PublicKeyCredential
  allauth.webauthn.forms[`${what}Form`]({
    ids: { [what]: button.id, credential: "id_credential", passwordless: "id_passwordless", data: "js_data" },
  })
}
