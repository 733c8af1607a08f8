/**
 * The one style sheet; `style_hash.ts` has its digest.
 *
 * @module
 */

/** Inline on every page. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5b6472; --paper: #f5f6f8; --card: #fff;
  --line: #dfe3e9; --accent: #2457d6; --accent-ink: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --soft: #a3acba; --paper: #14171d;
  --card: #1d222b; --line: #323945; --accent: #6d95ff; --accent-ink: #0d1220; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
p, ul { margin: 0 0 1rem; overflow-wrap: anywhere; }
ul { padding-left: 1.25rem; }
.soft { color: var(--soft); font-size: .9rem; }
form { margin: 0 0 1rem; }
button, a.button { display: block; width: 100%; text-align: center; text-decoration: none; padding: .8rem 1rem; border: 0; border-radius: .6rem; cursor: pointer;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; }
button.quiet { background: transparent; color: var(--ink); border: 1px solid var(--line);
  margin-top: .5rem; }
button.small { width: auto; padding: .4rem .8rem; font-size: .9rem; margin: 0; white-space: nowrap; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
fieldset { margin: 0 0 1rem; border: 1px solid var(--line); border-radius: .6rem; }
label { display: block; margin: .25rem 0; }
input:not([type]), [type=text], [type=password] { width: 100%; padding: .5rem; border: 1px solid var(--line); font: inherit;
  border-radius: .4rem; background: var(--paper); color: var(--ink); }
.row { display: flex; justify-content: space-between; align-items: center; gap: 1rem;
  padding: .4rem 0; border-top: 1px solid var(--line); }
.row p, .row form { margin: 0; }
.places { margin: 0 0 .75rem; padding-left: .75rem; border-left: 3px solid var(--line); }
.places > p { margin: 0 0 .4rem; }
.warn { color: #b3541e; }
.note { padding: .5rem 1rem; border: 2px solid var(--accent); border-radius: .6rem; }
code, pre { font: .85rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { padding: .75rem; background: var(--paper); border-radius: .5rem; overflow-x: auto; }
button:focus-visible, a.button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
`;
