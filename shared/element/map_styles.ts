/** The element's own styles; a page sets the variables, and the parts, as it likes. */
export const MAP_STYLES = `
:host {
  display: block;
  color-scheme: light dark;
  --_ink: var(--convscope-ink, light-dark(#18181b, #f4f4f5));
  --_muted: var(--convscope-muted, light-dark(#52525b, #a1a1aa));
  --_paper: var(--convscope-paper, light-dark(#ffffff, #18181b));
  --_line: var(--convscope-line, light-dark(#d4d4d8, #3f3f46));
  --_accent: var(--convscope-accent, light-dark(#2166ac, #92c5de));
  --_error: var(--convscope-error, light-dark(#9b1c1c, #ffa8a0));
  --_font: var(--convscope-font, Inter, "Noto Sans", system-ui, sans-serif);
  font-family: var(--_font);
}
:host([hidden]) { display: none; }
p { margin: 0; color: var(--_muted); }
[role="alert"] { color: var(--_error); }
.figure { margin: 0; }
figcaption { display: grid; gap: 0.2rem; margin-bottom: 1rem; color: var(--_ink); }
figcaption span { color: var(--_muted); }
.figure-panels { display: flex; flex-wrap: wrap; gap: 1.75rem; align-items: start; }
.figure-panel { max-width: 100%; height: auto; overflow: visible; }
.figure-panel text { font-family: var(--_font); }
.figure-text { fill: var(--_ink); }
.figure-muted { fill: var(--_muted); }
.figure-ground { fill: var(--_paper); }
.figure-seen { stroke: var(--_ink); }
.figure-tick { stroke: var(--_muted); }
.figure-track { fill: var(--_line); }
.figure-bar { fill: var(--_accent); }
.figure-pixelated { image-rendering: pixelated; }
`;
