// The search: the tutor's answer where one is behind the page, else a look through titles and typical questions.

const OFFLINE = "No answer came. Check your connection and ask again.";
const NOTHING = "No card goes by these words. Try fewer, or one of the cards below.";
const MOST = 8; // cards found, as many as fit a phone

/** Let a form put its question to the tutor, and show the card in its place; a follow-up goes on from that card. */
export function ask(form) {
  if (!form) return;
  const place = document.querySelector("#answer");
  let after = null;
  let latest = 0;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("question");
    const box = field instanceof RadioNodeList ? field[0] : field;
    if (event.submitter?.value) box.value = event.submitter.value;
    const turn = ++latest;
    place.setAttribute("aria-busy", "true");
    const told = await answered(form.action.replace(/ask$/, "api/ask"), box.value, after);
    if (turn !== latest) return; // a later question is on its way
    place.removeAttribute("aria-busy");
    after = told.entry ?? null;
    if (told.html) place.innerHTML = told.html;
    else place.replaceChildren(words(told.error));
    box.select();
  });
}

async function answered(address, question, after) {
  try {
    const body = JSON.stringify({ question, after });
    const response = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return await response.json();
  } catch {
    return { error: OFFLINE };
  }
}

/** Let a form look through the list of cards, as it is written into a site of plain files. */
export function find(form) {
  if (!form) return;
  form.hidden = false;
  const place = document.querySelector("#answer");
  let cards;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", async (event) => {
    const asked = event.target.value;
    try {
      cards ??= fetch("cards.json").then((response) => response.json());
      const found = matching(await cards, asked);
      if (asked === event.target.value) place.replaceChildren(...listed(found, asked));
    } catch {
      cards = undefined;
      place.replaceChildren(words(OFFLINE));
    }
  });
}

/** The cards that hold every word: in the title first, then in another name or a typical question. */
export function matching(cards, asked) {
  const wanted = folded(asked).split(" ").filter(Boolean);
  const holds = (texts) => texts.some((text) => wanted.every((word) => folded(text).includes(word)));
  const titled = cards.filter((card) => holds([card.title]));
  const named = cards.filter((card) => !titled.includes(card) && holds(card.names));
  return wanted.length ? [...titled, ...named].slice(0, MOST) : [];
}

function folded(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

function listed(found, asked) {
  if (!found.length) return asked.trim() ? [words(NOTHING)] : [];
  const list = Object.assign(document.createElement("ul"), { className: "found" });
  for (const card of found) {
    const link = Object.assign(document.createElement("a"), { href: card.path, textContent: card.title });
    const short = Object.assign(document.createElement("span"), { textContent: card.short });
    const item = document.createElement("li");
    item.append(link, short);
    list.append(item);
  }
  return [list];
}

function words(text) {
  return Object.assign(document.createElement("p"), { className: "hint", textContent: text });
}
