// The charts: drawn by Vega when they come near, redrawn when the theme changes, steered by the page's own controls.

import { controls } from "./controls.js";
import { onTheme, theme } from "./telegram.js";

const NEAR = "300px"; // how far below the screen a chart is drawn already
const FAILED = "This chart cannot be shown just now. What it says is below, in words.";
const MINE = "Your progress as a picture; the same stands below in words.";
const OPTIONS = {
  mode: "vega",
  ast: true, // expressions are interpreted, so the page may forbid eval
  renderer: "svg",
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

/** A tooltip that a tap has opened has no mouse that could leave the mark. */
function dismiss(event) {
  if (event.key !== "Escape" && event.target.closest?.(".plot")) return;
  document.querySelector("#vg-tooltip-element")?.classList.remove("visible");
}

/** Draw each figure once it is near the screen. */
export function watch(figures) {
  const drawn = new Set();
  const observer = new IntersectionObserver(
    (seen) => {
      for (const { target } of seen.filter((one) => one.isIntersecting)) {
        observer.unobserve(target);
        drawn.add(target);
        load(target);
      }
    },
    { rootMargin: NEAR },
  );
  for (const figure of figures) observer.observe(figure);
  onTheme(() => drawn.forEach(load));
  document.addEventListener("click", dismiss);
  document.addEventListener("keydown", (event) => event.key === "Escape" && dismiss(event));
}

async function load(figure) {
  const wanted = theme();
  figure.dataset.theme = wanted;
  try {
    const response = await fetch(`${figure.dataset.chart}.${wanted}.json`);
    if (!response.ok) throw new Error(response.statusText);
    const specification = await response.json();
    if (figure.dataset.theme === wanted) await draw(figure, specification);
  } catch {
    const place = figure.querySelector(".plot");
    place.removeAttribute("role");
    place.textContent = FAILED;
    figure.querySelector("details")?.setAttribute("open", "");
  }
}

/** Draw a compiled specification into a figure. Title and note stand in the page already, as text that can wrap.
    To a screen reader it is one image with a description; the hundred shapes inside would only be noise. */
export async function draw(figure, specification) {
  const [{ vegaEmbed }] = await Promise.all([import("./vega.js"), document.fonts.load("16px Inter")]);
  const { usermeta, title, ...rest } = specification;
  const image = document.createElement("div");
  image.setAttribute("aria-hidden", "true");
  const { view } = await vegaEmbed(image, { ...rest, usermeta: {}, padding: 2 }, OPTIONS);
  // Vega follows a mouse alone; to a finger, a mark tells what it is when it is tapped.
  view.addEventListener("click", (event, item) => view.tooltip()(null, event, item, item?.tooltip));
  const place = figure.querySelector(".plot");
  place.replaceChildren(image);
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", specification.description ?? MINE);
  figure.dataset.drawn = "";
  controls(figure, usermeta ?? {}, view, specification.data?.[0]?.values ?? []);
  performance.mark("drawn");
}
