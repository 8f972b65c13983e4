// The search: the tutor's answer where one is behind the page, else a look through titles and typical questions.

const OFFLINE = "No answer came. Check your connection and ask again.";
const NOTHING = "No card goes by these words. Try fewer, or one of the cards below.";
const LONG = 5; // letters of a word in which one may be a slip
const STOP = new Set(
  (
    "a about an and any are be by can could do does for from give has have how i in is it its me much of on or so " +
    "tell than that the there this to was what when where which who why will with would you"
  ).split(" "),
);
const FINGERS = matchMedia("(pointer: coarse)");
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
    form.querySelector(".examples")?.toggleAttribute("hidden", Boolean(told.html));
    if (FINGERS.matches) box.blur(); // or the keyboard would cover the answer
    else box.select();
    place.scrollIntoView({ block: "nearest" });
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

/** The cards that hold most of the words; among equals those first of whose title or name the words are most. */
export function matching(cards, asked) {
  const all = folded(asked).split(" ").filter(Boolean);
  const telling = all.filter((word) => !STOP.has(word));
  const wanted = (telling.length ? telling : all).map(patterns);
  const ranked = cards.map((card) => {
    const texts = [card.title, ...card.names].map(folded);
    const fits = wanted.map((word) => Math.max(...texts.map((text, at) => fit(word, text) / (at ? 2 : 1))));
    return { card, hits: fits.filter(Boolean).length, worth: fits.reduce((sum, one) => sum + one, 0) };
  });
  const found = ranked.filter(({ hits }) => hits).sort((a, b) => b.hits - a.hits || b.worth - a.worth);
  return found.slice(0, MOST).map(({ card }) => card);
}

/** How much of a text a word is; half as much where there is a slip in it. */
function fit({ exact, slipped }, text) {
  const found = exact.test(text) ? 2 : Number(slipped?.test(text) ?? 0);
  return found / text.split(" ").length;
}

/** What finds a word at the start of another, whatever separates its letters there ('5ht' in '5-HT'); a longer one also
    within another, or with one letter wrong, missing, too many, or in the place of the next. */
function patterns(word) {
  const spread = `(^| )${[...word].join(" ?")}`;
  if (word.length < LONG) return { exact: new RegExp(spread) };
  const slips = [...word].slice(1).flatMap((here, at) => {
    const [head, next, tail] = [word.slice(0, at + 1), word[at + 2] ?? "", word.slice(at + 3)];
    return [`${head}[^ ]?${next}${tail}`, `${head}[^ ]${here}${next}${tail}`, `${head}${next}${here}${tail}`];
  });
  return { exact: new RegExp(`${spread}|${word}`), slipped: new RegExp(`(^| )(${slips.join("|")})`) };
}

/** In small letters without accents; 'ph' as it sounds. */
function folded(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.replace(/[^\p{L}\p{N}]+/gu, " ").replaceAll("ph", "f").trim();
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
