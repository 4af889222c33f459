// How the player looks, and the one way its elements are made: no HTML is ever parsed from text.

const STYLE = `
:host { display: block; font: 400 1rem/1.45 var(--article-audio-font, system-ui, sans-serif); --ground: var(--article-audio-ground, light-dark(#f3f0ea, #24221f)); --ink: var(--article-audio-ink, light-dark(#1c1b19, #ece9e3)); --quiet: var(--article-audio-quiet, light-dark(#57534d, #b8b2a8)); --accent: var(--article-audio-accent, light-dark(#0b5394, #8ec5ff)); --on: var(--article-audio-on-accent, light-dark(#fff, #10202e)); --line: var(--article-audio-line, light-dark(#837d74, #8d877d)); }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
section { background: var(--ground); color: var(--ink); border-radius: var(--article-audio-radius, .75rem); padding: .875rem 1rem .625rem; overflow-wrap: anywhere; text-align: start; }
button, select, summary, a { font: inherit; color: inherit; }
button, select { min-height: 2.25rem; min-width: 2.25rem; border: 1px solid var(--line); border-radius: .375rem; background: transparent; padding: .1rem .6rem; cursor: pointer; }
select option { background: Canvas; color: CanvasText; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { width: 1.25rem; height: 1.25rem; fill: currentColor; display: block; }
.head { display: flex; align-items: center; gap: .75rem; }
.play { flex: none; display: grid; place-items: center; width: 3rem; height: 3rem; border-radius: 50%; border: 2px solid transparent; background: var(--accent); color: var(--on); padding: 0; }
.title { font-size: 1.0625rem; font-weight: 650; margin: 0; line-height: 1.3; }
.quiet, .time { color: var(--quiet); font-size: .9375rem; font-weight: 400; }
.time { font-variant-numeric: tabular-nums; white-space: nowrap; }
p { margin: .375rem 0; }
.bar { position: relative; display: flex; align-items: center; gap: .75rem; margin: .375rem 0 .125rem; }
.track { position: relative; flex: 1; min-width: 0; display: grid; }
input[type=range] { width: 100%; min-height: 1.75rem; margin: 0; accent-color: var(--accent); cursor: pointer; }
.there { position: absolute; inset-inline-start: 0; bottom: .05rem; height: 3px; border-radius: 2px; background: var(--line); max-width: 100%; pointer-events: none; }
.tick { position: absolute; top: .1rem; width: 2px; height: .4rem; background: var(--quiet); pointer-events: none; }
.row { display: flex; flex-wrap: wrap; gap: .375rem .5rem; align-items: center; margin: .375rem 0; }
.volume { display: flex; align-items: center; gap: .375rem; width: 7.5rem; margin: 0; }
.step { display: flex; align-items: center; gap: .25rem; }
.notice { margin: .5rem 0 0; }
.links a { display: inline-block; padding: .25rem 0; margin-inline-end: 1.25rem; }
details { margin: .25rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
ol { list-style: none; margin: .25rem 0; padding: 0; }
ol button { border: 0; text-align: start; width: 100%; }
ol button[aria-current=true] { font-weight: 650; }
button:disabled { opacity: .45; cursor: default; }
@media (forced-colors: active) {
  .play { forced-color-adjust: none; background: ButtonText; color: ButtonFace; border-color: ButtonText; }
  section { border: 1px solid CanvasText; }
  .there, .tick { forced-color-adjust: none; background: CanvasText; }
}`;

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  play: "M8 5v14l11-7z", pause: "M7 5h4v14H7zm6 0h4v14h-4z",
  back: "M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z", forward: "M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
  volume: "M3 9v6h4l5 5V4L7 9zm13.5 3a4.5 4.5 0 0 0-2.5-4v8a4.5 4.5 0 0 0 2.5-4z",
};

/** An element with attributes, listeners (on…) and children: nodes, texts, lists of them. */
function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on") || name === "value" || name === "checked") made[name] = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat(2));
  return made;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

const sheets = new Map();
/** One style sheet for all players: a constructed one, which content security policies allow. */
function styled(root, style = STYLE) {
  let sheet = sheets.get(style);
  if (!sheet) {
    sheets.set(style, (sheet = new CSSStyleSheet()));
    sheet.replaceSync(style);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
