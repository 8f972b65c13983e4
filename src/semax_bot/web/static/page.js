// What every page starts: the back button inside Telegram, the search, the charts and the learner's own progress.

import { watch } from "./charts.js";
import { ask, find } from "./search.js";
import { inTelegram, launch, on, post, theme } from "./telegram.js";

const front = document.querySelector(".top a");

/** Telegram's back button on every page but the first. */
function backButton() {
  const isFront = front.href === location.href.split("#")[0];
  post("web_app_setup_back_button", { is_visible: !isFront });
  on("back_button_pressed", () => (history.length > 1 ? history.back() : location.assign(front.href)));
}

/** Progress is asked for only where Telegram has said who is looking. */
async function progress(place) {
  const headers = { Authorization: `tma ${launch}` };
  const response = await fetch(`api/progress?theme=${theme()}`, { headers });
  const told = await response.json();
  const figure = document.createElement("figure");
  if (response.ok) place.innerHTML = told.html;
  else place.append(Object.assign(document.createElement("p"), { className: "hint", textContent: told.error }));
  place.hidden = false;
  if (!told.chart) return;
  figure.className = "chart";
  figure.append(Object.assign(document.createElement("div"), { className: "plot" }));
  place.querySelector("h2").after(figure);
  const { draw } = await import("./charts.js");
  await draw(figure, told.chart);
}

if (inTelegram) backButton();
ask(document.querySelector("#ask"));
find(document.querySelector("#find"));
performance.mark("interactive");
watch(document.querySelectorAll("figure[data-chart]"));
const mine = document.querySelector("#progress");
if (mine && launch) progress(mine).catch(() => (mine.hidden = true));
