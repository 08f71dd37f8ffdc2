/** The page of an invitation and of signing in with a passkey: what it shows follows from who is signed in. */

/* global SimpleWebAuthnBrowser */

const WORDS = {
  it: {
    invitedTitle: "Benvenuto",
    invitedText: "Questo invito è per il conto {account}. Crea una passkey: d’ora in poi entri con il dito, il volto o il PIN del tuo dispositivo, senza password.",
    invitedAct: "Crea la passkey",
    outTitle: "Accedi",
    outText: "Usa la passkey che hai creato con l’invito. Se non l’hai più, chiedi un nuovo invito alla segreteria.",
    outAct: "Accedi con la passkey",
    inTitle: "Hai effettuato l’accesso",
    inText: "I tuoi conti:",
    account: "Comunità {community}, conto {account}",
    inAct: "Esci",
    everywhere: "Esci da tutti i dispositivi",
    overTitle: "Questo invito non è più valido",
    overText: "È già stato usato, o è scaduto. Chiedine un altro alla segreteria.",
    cancelled: "Il dispositivo non ha dato la passkey. Riprova.",
    refused: "La passkey non è stata accettata. Riprova, o chiedi un nuovo invito alla segreteria.",
    busy: "Troppi tentativi. Riprova tra un minuto.",
    failed: "Il servizio non risponde. Riprova tra poco.",
  },
  en: {
    invitedTitle: "Welcome",
    invitedText: "This invitation is for account {account}. Make a passkey: from now on you sign in with finger, face or PIN of your device, without a password.",
    invitedAct: "Make the passkey",
    outTitle: "Sign in",
    outText: "Use the passkey that you made with the invitation. If you no longer have it, ask the secretary for another invitation.",
    outAct: "Sign in with the passkey",
    inTitle: "You are signed in",
    inText: "Your accounts:",
    account: "Community {community}, account {account}",
    inAct: "Sign out",
    everywhere: "Sign out on all devices",
    overTitle: "This invitation is no longer good",
    overText: "It has been used, or its time is over. Ask the secretary for another.",
    cancelled: "The device gave no passkey. Try again.",
    refused: "The passkey was not accepted. Try again, or ask the secretary for another invitation.",
    busy: "Too many tries. Try again in a minute.",
    failed: "The service does not answer. Try again soon.",
  },
};

const { startAuthentication, startRegistration } = SimpleWebAuthnBrowser;
const element = (id) => document.getElementById(id);

// The secret stays in this page: neither history nor a bookmark keeps it.
const token = location.hash.slice(1);
if (token !== "") history.replaceState(null, "", location.pathname);

let language = navigator.language.startsWith("it") ? "it" : "en";
let state = { kind: "out" };
let problem;

async function ask(method, path, body) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => undefined);
  if (response === undefined) return { status: 0 };
  return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
}

/** Which words say what went wrong. */
function problemOf(status) {
  if (status === 429) return "busy";
  return status === 422 ? "refused" : "failed";
}

async function showWhoIsIn() {
  const { status, body } = await ask("GET", "/session");
  state = status === 200 ? { kind: "in", accounts: body.accounts } : { kind: "out" };
}

async function begin() {
  if (token === "") return showWhoIsIn();
  const { status, body } = await ask("POST", "/sign-in/invitation/options", { token });
  if (status === 200) state = { kind: "invited", account: body.account, options: body.options };
  else if (status === 410 || status === 400) state = { kind: "over" };
  else problem = problemOf(status);
}

async function redeem() {
  // A challenge is good for minutes: whoever read the page at leisure gets another.
  const { status, body } = await ask("POST", "/sign-in/invitation/options", { token });
  if (status === 410) {
    state = { kind: "over" };
    return;
  }
  if (status !== 200) return problemOf(status);
  const response = await startRegistration({ optionsJSON: body.options }).catch(() => undefined);
  if (response === undefined) return "cancelled";
  const redeemed = await ask("POST", "/sign-in/invitation", { token, response });
  if (redeemed.status !== 200) return problemOf(redeemed.status);
  return showWhoIsIn();
}

async function signIn() {
  const { status, body } = await ask("POST", "/sign-in/passkey/options");
  if (status !== 200) return problemOf(status);
  const response = await startAuthentication({ optionsJSON: body }).catch(() => undefined);
  if (response === undefined) return "cancelled";
  const signedIn = await ask("POST", "/sign-in/passkey", { response });
  if (signedIn.status !== 200) return problemOf(signedIn.status);
  return showWhoIsIn();
}

async function signOut(path) {
  const { status } = await ask("DELETE", path);
  if (status !== 204 && status !== 401) return problemOf(status);
  return showWhoIsIn();
}

const ACTS = { invited: redeem, out: signIn, in: () => signOut("/session") };

function fill(text, values) {
  return text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}

function show() {
  const words = WORDS[language];
  document.documentElement.lang = language;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  element("title").textContent = words[`${state.kind}Title`];
  element("text").textContent = fill(words[`${state.kind}Text`], state);
  const act = element("act");
  act.hidden = ACTS[state.kind] === undefined;
  act.textContent = words[`${state.kind}Act`] ?? "";
  element("everywhere").hidden = state.kind !== "in";
  element("everywhere").textContent = words.everywhere;
  element("problem").hidden = problem === undefined;
  element("problem").textContent = words[problem] ?? "";
  const items = (state.accounts ?? []).map((account) => {
    const item = document.createElement("li");
    item.textContent = fill(words.account, account);
    return item;
  });
  element("accounts").hidden = items.length === 0;
  element("accounts").replaceChildren(...items);
}

async function run(work) {
  const before = state.kind;
  for (const id of ["act", "everywhere"]) element(id).disabled = true;
  problem = await work();
  for (const id of ["act", "everywhere"]) element(id).disabled = false;
  show();
  if (state.kind !== before) element("title").focus();
}

element("act").addEventListener("click", () => run(ACTS[state.kind]));
element("everywhere").addEventListener("click", () => run(() => signOut("/sessions")));
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    show();
  });
}
await begin();
show();
