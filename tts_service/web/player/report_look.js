// How the report panel looks, besides what it shares with the player.

const REPORT_STYLE = `
dialog { width: min(36rem, calc(100vw - 1rem)); max-height: calc(100dvh - 1rem); overflow: auto; background: var(--ground); color: var(--ink); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.125rem; }
dialog::backdrop { background: rgb(0 0 0 / .5); }
h2 { font-size: 1.1875rem; margin: 0 0 .5rem; }
h3, legend, dialog label { font-size: 1rem; font-weight: 600; margin: .75rem 0 .25rem; padding: 0; }
dialog label:not(.choice) { display: block; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.sentence { line-height: 2.1; }
.words button { min-height: 1.75rem; min-width: 1.75rem; padding: 0 .3rem; }
.words button[aria-pressed=true], button.main { background: var(--accent); color: var(--on); border-color: var(--accent); }
dialog .choice { display: flex; gap: .5rem; align-items: baseline; font-weight: 400; margin: 0; padding: .2rem 0; }
.choice input { inline-size: 1.1rem; block-size: 1.1rem; flex: none; accent-color: var(--accent); }
textarea, input[type=email] { font: inherit; color: inherit; width: 100%; min-height: 2.5rem; background: transparent; border: 1px solid var(--line); border-radius: .375rem; padding: .375rem .5rem; }
.complaint { font-weight: 600; color: light-dark(#9c1c1c, #ffa69e); }
.complaint:empty { display: none; }
@media (forced-colors: active) {
  .words button[aria-pressed=true], button.main { forced-color-adjust: none; background: ButtonText; color: ButtonFace; border-color: ButtonText; }
  dialog { border: 1px solid CanvasText; }
}`;
