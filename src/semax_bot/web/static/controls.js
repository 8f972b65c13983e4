// The controls of a chart, made from what its specification offers: a slider for a level, choices for filters.

const FEW = 4; // choices that are shown side by side; more go into a list

const state = new WeakMap(); // by figure: what its controls stand at, kept when it is redrawn

/** Steer `view` by the figure's controls, which are made when it is drawn first. */
export function controls(figure, offered, view, rows) {
  const place = figure.querySelector(".controls");
  if (!place || !Object.keys(offered).length) return;
  const known = state.get(figure) ?? { values: {} };
  Object.assign(known, { view, rows });
  if (!state.has(figure)) {
    state.set(figure, known);
    const parts = Object.entries(offered).map(([name, offer]) =>
      Array.isArray(offer) ? choice(figure, name, offer) : slider(figure, name, offer),
    );
    place.append(...parts, make("output", { className: "said" }));
    place.lastChild.setAttribute("aria-live", "polite");
  }
  for (const name of Object.keys(known.values)) view.signal(name, known.values[name]);
  view.run();
}

function set(figure, name, value, said) {
  const known = state.get(figure);
  known.values[name] = value;
  known.view.signal(name, value).run();
  const output = figure.querySelector(".said");
  const text = said ?? shown(known);
  if (output.textContent !== text) output.textContent = text; // a screen reader speaks only when something changes
}

function slider(figure, name, { min, max, step, value, label, zones, rise }) {
  const input = make("input", { type: "range", id: `${figure.id}-${name}`, min, max, step, value });
  const zoneAt = (at) => zones.find((zone) => at >= zone.from && at < zone.to) ?? zones.at(-1);
  const ends = (at) => [...new Set(rise.factors.map((factor) => zoneAt(at * factor).title))].join(" or ");
  const tell = () => {
    const at = input.valueAsNumber;
    const { title, text } = zoneAt(at);
    const claimed = rise ? `. The claimed ${rise.words} (${rise.verdict}) would end in: ${ends(at)}` : "";
    input.setAttribute("aria-valuetext", title);
    set(figure, name, at, `${capital(title)}: ${text}${claimed}.`);
  };
  const end = zones.at(-1).to; // of the plot, so that the knob stands over the point that it moves
  input.style.setProperty("--from", min / end);
  input.style.setProperty("--to", max / end);
  input.addEventListener("input", tell);
  queueMicrotask(tell);
  return labelled(input, `Level of ${label}`);
}

function choice(figure, name, offered) {
  const chosen = (event) => set(figure, name, event.target.value);
  if (offered.length > FEW) {
    const list = make("select", { id: `${figure.id}-${name}` });
    list.append(new Option("all", ""), ...offered.map((one) => new Option(one, one)));
    list.addEventListener("change", chosen);
    return labelled(list, capital(name));
  }
  const group = make("fieldset", {});
  group.append(make("legend", { textContent: capital(name) }));
  for (const one of ["", ...offered]) {
    const input = make("input", { type: "radio", name: `${figure.id}-${name}`, value: one, checked: !one });
    const label = make("label", {});
    label.append(input, make("span", { textContent: one || "all" }));
    group.append(label);
  }
  group.addEventListener("change", chosen);
  return group;
}

/** What the filters leave, in words; a row matches by a field of the filter's name, or by a list of several. */
function shown({ rows, values }) {
  const chosen = Object.entries(values).filter(([, value]) => value);
  const counted = rows.filter((row) => !row.head);
  const left = counted.filter((row) =>
    chosen.every(([name, value]) => row[name] === value || row[`${name}s`]?.includes(value)),
  );
  if (!chosen.length) return "";
  if (!left.length) return `Nothing here about ${chosen.map(([, value]) => value).join(" and ")}.`;
  return `Showing ${left.length} of ${counted.length}.`;
}

function labelled(input, text) {
  const label = make("label", { className: "field" });
  label.append(make("span", { textContent: text }), input);
  return label;
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
