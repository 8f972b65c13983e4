// Telegram's bridge for Mini Apps, as far as this page needs it: https://core.telegram.org/api/web-events
// Everything here does nothing in a plain browser.

const KEPT = "telegram-launch"; // in the tab's own storage, so that the cards have it too
const WEB = "https://web.telegram.org"; // the one page that may frame this one
const COLOUR = /^#[0-9a-f]{6}$/i;
const READABLE = 4.5; // contrast of text, WCAG 2.2 AA
const [FAINT, CLEAR] = [0.22, 0.55]; // how much of the text's colour is in lines, and in the edges of what can be used
const SCHEMES = matchMedia("(prefers-color-scheme: dark)");

const root = document.documentElement;
const hearers = new Map();
const parameters = launchParameters();

export const inTelegram = parameters.has("tgWebAppVersion");
export const launch = parameters.get("tgWebAppData") ?? "";

/** Call `hear` with the data of every event of this type. */
export function on(type, hear) {
  hearers.set(type, [...(hearers.get(type) ?? []), hear]);
}

/** Tell Telegram something, by whichever of the three ways this client offers. */
export function post(type, data = {}) {
  const message = JSON.stringify({ eventType: type, eventData: data });
  if (!inTelegram) return;
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
  else if (typeof window.external?.notify === "function") window.external.notify(message);
  else if (window.parent !== window) window.parent.postMessage(message, WEB);
}

/** "light" or "dark", as the page looks now. */
export function theme() {
  return root.dataset.theme ?? (SCHEMES.matches ? "dark" : "light");
}

/** Call `changed` whenever `theme` may have another answer. */
export function onTheme(changed) {
  on("theme_changed", changed);
  SCHEMES.addEventListener("change", changed);
}

function launchParameters() {
  const fragment = location.hash.slice(1);
  const given = new URLSearchParams(fragment);
  try {
    if (!given.has("tgWebAppVersion")) return new URLSearchParams(sessionStorage.getItem(KEPT) ?? "");
    sessionStorage.setItem(KEPT, fragment);
    history.replaceState(null, "", location.pathname + location.search); // an address that is copied proves nobody
  } catch {
    // no storage in this browser: the cards go without the theme, and without the back button
  }
  return given.has("tgWebAppVersion") ? given : new URLSearchParams();
}

function receive(type, data) {
  const told = typeof data === "string" ? parsed(data) : data;
  for (const hear of hearers.get(type) ?? []) hear(told ?? {});
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Take over Telegram's colours, each only as far as it can be read on what is below it. */
function wear(colours) {
  if (!colours) return;
  const given = (name) => (COLOUR.test(colours[name] ?? "") ? colours[name] : undefined);
  const ground = given("bg_color");
  const text = given("text_color");
  if (!ground || !text || contrast(ground, text) < READABLE) return;
  const page = given("secondary_bg_color") ?? ground;
  const card = given("section_bg_color") ?? ground;
  root.dataset.theme = luminance(ground) > 0.4 ? "light" : "dark";
  const grounds = [page, card, getComputedStyle(root).getPropertyValue("--paper").trim()]; // charts keep their own
  const legible = (...names) =>
    names.map(given).find((colour) => colour && grounds.every((one) => contrast(colour, one) >= READABLE));
  const [button, label] = [given("button_color"), given("button_text_color")];
  const strong = button && label && contrast(button, label) >= READABLE;
  const worn = {
    "--page": page,
    "--card": card,
    "--text": legible("text_color") ?? text,
    "--quiet": legible("subtitle_text_color", "hint_color"),
    "--line": mixed(text, card, FAINT),
    "--edge": mixed(text, card, CLEAR),
    "--link": legible("accent_text_color", "link_color"),
    "--strong": strong ? button : undefined,
    "--on-strong": strong ? label : undefined,
  };
  for (const [name, colour] of Object.entries(worn)) {
    if (colour) root.style.setProperty(name, colour);
    else root.style.removeProperty(name);
  }
}

function luminance(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A colour on the way from `other` to `one`. */
function mixed(one, other, share) {
  const part = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(part(one, at) * share + part(other, at) * (1 - share)));
  return `#${parts.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function begin() {
  window.TelegramGameProxy = { receiveEvent: receive }; // where the clients look for somebody who listens
  window.TelegramGameProxy_receiveEvent = receive;
  window.Telegram = { WebView: { receiveEvent: receive } };
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== WEB) return;
    const message = parsed(event.data);
    if (message?.eventType) receive(message.eventType, message.eventData);
  });
  on("theme_changed", (data) => wear(data.theme_params));
  on("viewport_changed", (data) => {
    if (data.height > 0) root.style.setProperty("--height", `${Number(data.height)}px`);
  });
  wear(parsed(parameters.get("tgWebAppThemeParams") ?? ""));
  root.dataset.telegram = launch ? "known" : ""; // by which the style shows the way to the learner's progress
  if (window.parent !== window) post("iframe_ready");
  post("web_app_ready");
  post("web_app_expand");
  post("web_app_request_theme");
  post("web_app_request_viewport");
}

if (inTelegram) begin();
