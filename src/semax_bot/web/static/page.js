// What every page starts: the back button inside Telegram, the search, the charts and the learner's own progress.

import { draw, watch } from "./charts.js";
import { ask, find } from "./search.js";
import { inTelegram, launch, on, onTheme, post, theme } from "./telegram.js";

const NO_PROGRESS = "Your progress cannot be shown just now. Open the page again in a moment.";

const front = document.querySelector(".top a");

/** Telegram's back button on every page but the first. */
function backButton() {
  const isFront = front.href === location.href.split("#")[0];
  post("web_app_setup_back_button", { is_visible: !isFront });
  on("back_button_pressed", () => (history.length > 1 ? history.back() : location.assign(front.href)));
}

/** The learner's progress in words, and as a picture for the theme of this moment. */
async function told() {
  const wanted = theme();
  const headers = { Authorization: `tma ${launch}` };
  const response = await fetch(`api/progress?theme=${wanted}`, { headers });
  return { ...(await response.json()), wanted };
}

/** Progress is asked for only where Telegram has said who is looking. */
async function progress(place) {
  place.hidden = false;
  const first = await told().catch(() => ({ error: NO_PROGRESS }));
  if (first.html) place.innerHTML = first.html;
  else place.append(Object.assign(document.createElement("p"), { className: "hint", textContent: first.error }));
  if (!first.chart) return;
  const figure = Object.assign(document.createElement("figure"), { className: "chart" });
  figure.append(Object.assign(document.createElement("div"), { className: "plot" }));
  place.querySelector("h2").after(figure);
  onTheme(() => picture(figure));
  picture(figure, first);
}

/** The words stand by themselves, so a picture that fails leaves nothing but them. */
async function picture(figure, first) {
  if (figure.dataset.theme === theme()) return;
  try {
    const { chart, wanted } = first?.wanted === theme() ? first : await told();
    if (wanted !== theme()) return; // it has changed once more, and is drawn for that
    await draw(figure, chart);
    figure.dataset.theme = wanted;
    figure.hidden = false;
  } catch {
    figure.hidden = true;
  }
}

if (inTelegram) backButton();
ask(document.querySelector("#ask"));
find(document.querySelector("#find"));
performance.mark("interactive");
watch(document.querySelectorAll("figure[data-chart]"));
const mine = document.querySelector("#progress");
if (mine && launch) progress(mine);
