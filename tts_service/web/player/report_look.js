// How the report panel looks, besides what it shares with the player.

export const REPORT_STYLE = `
dialog { width: min(36em, calc(100vw - 1em)); max-height: calc(100dvh - 1em); overflow: auto; background: var(--ground); color: var(--ink); border: 1px solid var(--line); border-radius: .75em; padding: 1em 1.125em; }
dialog::backdrop { background: rgb(0 0 0 / .5); }
h2 { font-size: 1.1875em; margin: 0 0 .5em; }
h3, legend, dialog label { font-size: 1em; font-weight: 600; margin: .75em 0 .25em; padding: 0; }
dialog label:not(.choice) { display: block; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.sentence { line-height: 48px; }
.words button { min-height: 44px; padding: 0 .3em; line-height: 1.45; }
.words button[aria-pressed=true], button.main { background: var(--accent); color: var(--on); border-color: var(--accent); }
dialog .choice { display: flex; gap: .5em; align-items: center; font-weight: 400; margin: 0; min-height: 44px; }
.choice input { inline-size: 1.1em; block-size: 1.1em; flex: none; accent-color: var(--accent); }
textarea, input[type=email] { font: inherit; color: inherit; width: 100%; min-height: 44px; background: transparent; border: 1px solid var(--line); border-radius: .375em; padding: .375em .5em; }
.hint { margin: .25em 0 0; font-size: .9375em; }
.complaint { font-weight: 600; color: light-dark(#9c1c1c, #ffa69e); }
.complaint:empty { display: none; }
@media (forced-colors: active) {
  .words button[aria-pressed=true], button.main { forced-color-adjust: none; background: ButtonText; color: ButtonFace; border-color: ButtonText; }
  dialog { border: 1px solid CanvasText; }
}`;
