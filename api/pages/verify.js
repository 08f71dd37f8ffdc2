// Asks whether the document whose link was opened says what the chain says. What the link tells stands behind `#`.

const WORDS = {
  it: {
    asking: ["Verifica in corso…", "Il documento viene confrontato con la catena."],
    yes: [
      "Documento verificato",
      (of) =>
        `L’estratto del conto ${of.account}, da ${of.from} a ${of.to}, dice quello che dice la catena. Confronta l’impronta con quella stampata sul documento:`,
    ],
    past: [
      "Documento superato",
      (of) =>
        `L’estratto del conto ${of.account}, da ${of.from} a ${of.to}, è stato fatto qui, ma da allora nel periodo è stato registrato altro. Chiedi alla comunità un nuovo documento.`,
    ],
    no: [
      "Documento non verificato",
      () =>
        "Questo collegamento non appartiene a un documento che dice quello che dice la catena. Chiedi alla comunità un nuovo documento.",
    ],
    none: [
      "Nessun documento",
      () => "Apri questa pagina con il codice QR o il collegamento che sta sul documento.",
    ],
    later: ["Non ora", () => "Il servizio non risponde. Riprova tra qualche secondo."],
  },
  en: {
    asking: ["Verifying…", "The document is being compared with the chain."],
    yes: [
      "Document verified",
      (of) =>
        `The statement of account ${of.account}, ${of.from} to ${of.to}, says what the chain says. Compare the hash with the one printed on the document:`,
    ],
    past: [
      "Document out of date",
      (of) =>
        `The statement of account ${of.account}, ${of.from} to ${of.to}, was made here, but since then more was booked in its period. Ask the community for a new one.`,
    ],
    no: [
      "Document not verified",
      () => "This link belongs to no document that says what the chain says. Ask the community for a new one.",
    ],
    none: ["No document", () => "Open this page with the QR code or the link on the document."],
    later: ["Not now", () => "The service does not answer. Try again in some seconds."],
  },
};

const element = (id) => document.getElementById(id);
const languages = document.querySelectorAll("[data-language]");
let language = navigator.language.startsWith("it") ? "it" : "en";
let state = "asking";
const of = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

function show() {
  const [title, text] = WORDS[language][state];
  document.documentElement.lang = language;
  for (const button of languages) button.setAttribute("aria-pressed", String(button.dataset.language === language));
  document.title = `${title} — Condivisa`;
  element("title").textContent = title;
  element("text").textContent = typeof text === "string" ? text : text(of);
  element("hash").textContent = state === "yes" ? of.hash : "";
}

async function verify() {
  if (of.tag === undefined) return "none";
  try {
    const response = await fetch(`/api/v1/verification?${new URLSearchParams(of)}`);
    if (response.status === 400) return "no";
    if (!response.ok) return "later";
    const { isVerified, wasMadeHere } = await response.json();
    if (isVerified) return "yes";
    return wasMadeHere ? "past" : "no";
  } catch {
    return "later";
  }
}

for (const button of languages) {
  button.addEventListener("click", () => {
    language = button.dataset.language;
    show();
  });
}
show();
state = await verify();
show();
element("title").focus();
