// How the player looks, and the one way its elements are made: no HTML is ever parsed from text.

const STYLE = `
:host { display: block; --ground: var(--article-audio-ground, light-dark(#f3f0ea, #24221f)); --ink: var(--article-audio-ink, light-dark(#1c1b19, #ece9e3)); --quiet: var(--article-audio-quiet, light-dark(#57534d, #b8b2a8)); --accent: var(--article-audio-accent, light-dark(#0b5394, #8ec5ff)); --on: var(--article-audio-on-accent, light-dark(#fff, #10202e)); --line: var(--article-audio-line, light-dark(#837d74, #8d877d)); }
:host([hidden]), [hidden] { display: none !important; }
.box { all: initial; display: block; visibility: inherit; pointer-events: inherit; color: inherit; color-scheme: inherit; font: 400 medium/1.45 var(--article-audio-font, system-ui, sans-serif); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; --pad: calc((44px - 1.45em) / 2); }
* { box-sizing: border-box; }
section { background: var(--ground); color: var(--ink); border-radius: var(--article-audio-radius, .75em); padding: .75em 1em .25em; overflow-wrap: anywhere; text-align: start; }
button, select, summary, a, input { font: inherit; color: inherit; }
button, select { min-height: 44px; min-width: 44px; border: 1px solid var(--line); border-radius: .375em; background: transparent; padding: .1em .6em; cursor: pointer; }
select { padding: 0 .25em; }
select option { background: Canvas; color: CanvasText; }
a { display: inline-block; min-width: 44px; padding: var(--pad) 0; color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { width: 1.25em; height: 1.25em; fill: currentColor; display: block; }
.head { display: flex; align-items: center; gap: .75em; }
.play { flex: none; display: grid; place-items: center; width: max(48px, 3em); height: max(48px, 3em); border-radius: 50%; border: 2px solid transparent; background: var(--accent); color: var(--on); padding: 0; }
.title { font-size: 1.0625em; font-weight: 650; margin: 0; line-height: 1.3; }
.title span { white-space: nowrap; }
.quiet, .time { color: var(--quiet); font-size: .9375em; font-weight: 400; }
.time { font-variant-numeric: tabular-nums; white-space: nowrap; }
p { margin: .375em 0; }
.bar { display: flex; align-items: center; gap: .75em; margin: -4px 0; }
.track { position: relative; flex: 1; min-width: 0; display: grid; }
input[type=range] { width: 100%; height: 44px; margin: 0; accent-color: var(--accent); cursor: pointer; }
.there { position: absolute; inset-inline-start: 0; bottom: 8px; height: 3px; border-radius: 2px; background: var(--line); max-width: 100%; pointer-events: none; }
.tick { position: absolute; top: 8px; width: 2px; height: 6px; background: var(--quiet); pointer-events: none; }
.row { display: flex; flex-wrap: wrap; gap: .375em .5em; align-items: center; }
.volume { display: flex; align-items: center; gap: .375em; width: 5.5em; margin: 0; }
.step { display: flex; align-items: center; gap: .25em; }
.foot, .links { display: flex; flex-wrap: wrap; align-items: center; column-gap: 1.25em; }
.foot { font-size: .9375em; padding-top: .375em; }
.foot p { margin: 0; }
[part=follow] { margin-top: .375em; }
summary { cursor: pointer; padding: var(--pad) 0; }
ol { list-style: none; margin: .25em 0; padding: 0; }
ol button { border: 0; text-align: start; width: 100%; }
ol button[aria-current=true] { font-weight: 650; }
button:disabled { opacity: .45; cursor: default; }
[role=status]:empty { margin: 0; }
@media (max-width: 480px) {
  .unheard, .unheard + .foot [part=next] { display: none; }
  .foot { font-size: .875em; }
  .links { margin-top: -8px !important; }
}
@media print { .box { display: none; } }
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
export function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on") || name === "value" || name === "checked") made[name] = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat(2));
  return made;
}

export function icon(name) {
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
export function styled(root, style = STYLE) {
  let sheet = sheets.get(style);
  if (!sheet) {
    sheets.set(style, (sheet = new CSSStyleSheet()));
    sheet.replaceSync(style);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
