/**
 * The one style sheet; `style_hash.ts` has its digest. Light and dark are two
 * designs: paper and ink by day, a lit board by night.
 *
 * @module
 */

/** Inline on every page. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #f4f1ea; --card: #fffdf9; --sunk: #f1ede4; --line: #d9d2c3;
  --ink: #1b211f; --soft: #57605c; --accent: #0b665e; --accent-ink: #fff; --tint: #e1efec;
  --good: #14602f; --good-tint: #e2f1e6; --warn: #7a4300; --warn-tint: #fdf0d9; --bad: #98211c;
  --bad-tint: #fce8e5; --field: #fff; --edge: #81796a; --shade: 0 1px 2px #3c33201a, 0 6px 20px #3c33200d; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1312; --card: #151d1b; --sunk: #0f1615;
  --line: #2b3835; --ink: #e6eeea; --soft: #a3b1ab; --accent: #62d3b9; --accent-ink: #04231c;
  --tint: #14322c; --good: #8fe3ab; --good-tint: #12301d; --warn: #ffcf85; --warn-tint: #33250b;
  --bad: #ffb3a8; --bad-tint: #3b1613; --field: #0c1211; --edge: #71817b; --shade: none; } }
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; min-height: 100svh; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; display: flex; flex-direction: column; }
h1, h2, h3, p, ul, dl, pre, figure { margin: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -.015em; }
h2 { font-size: 1.2rem; line-height: 1.3; }
h3 { font-size: 1rem; line-height: 1.35; }
strong, bdi { unicode-bidi: isolate; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .2em; }
ul, ol { margin: 0; padding-inline-start: 1.2rem; }
li + li { margin-top: .25rem; }
svg { flex: none; }
.skip { position: absolute; inset-inline-start: -100vw; }
.skip:focus { inset-inline-start: .5rem; top: .5rem; z-index: 2; padding: .5rem 1rem; background: var(--card); }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; padding: 1rem clamp(1rem, 4vw, 2.5rem); }
.brand { display: inline-flex; align-items: center; gap: .5rem; font-weight: 650; letter-spacing: -.01em;
  color: var(--ink); text-decoration: none; }
.brand svg { color: var(--accent); }
.top nav { display: flex; flex-wrap: wrap; gap: .25rem; }
.top nav a { padding: .35rem .7rem; border-radius: .5rem; color: var(--soft); text-decoration: none; }
.top nav a:hover { background: var(--sunk); color: var(--ink); }
.top nav a[aria-current] { background: var(--tint); color: var(--ink); font-weight: 600; }
.top .who { margin-inline-start: auto; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
main { width: 100%; padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem; }
.wide main { max-width: 76rem; margin: 0 auto; }
.wide .top { width: 100%; max-width: 76rem; margin: 0 auto; }
.one .top { justify-content: center; padding-top: clamp(1.5rem, 9vh, 5rem); }
.one main { max-width: 33rem; margin: 0 auto auto; padding-inline: 1rem; }
.panel, .card, .note { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: var(--shade); }
.panel { padding: clamp(1.25rem, 5vw, 2rem); }
.stack { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.stack.tight { gap: .4rem; }
.stack.loose { gap: 2.5rem; }
.stack > section + section { margin-top: .75rem; }
.foot { padding: 0 1rem 2rem; text-align: center; color: var(--soft); font-size: .9rem; }
.soft { color: var(--soft); font-size: .9rem; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: .85rem; }
.head > div { min-width: 0; }
.grow { flex: 1 1 8rem; }
.pair { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; color: var(--soft); }
.mark { width: 2.75rem; height: 2.75rem; border-radius: .7rem; }
.mark.big { width: 3.5rem; height: 3.5rem; }
button, a.button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; padding: .7rem 1.1rem;
  border: 1px solid transparent; border-radius: .65rem; cursor: pointer; background: var(--accent); color: var(--accent-ink);
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; overflow-wrap: anywhere; }
button:hover, a.button:hover { filter: brightness(1.08); }
.quiet.quiet { background: transparent; color: var(--ink); border-color: var(--edge); }
.quiet.quiet:hover { background: var(--sunk); filter: none; }
.bad.bad { background: var(--bad); color: var(--card); }
.small.small { padding: .35rem .75rem; font-size: .9rem; border-radius: .5rem; }
.plain.plain { padding: .2rem 0; background: none; border: 0; justify-self: start; color: var(--accent); font-weight: 500;
  text-decoration: underline; text-underline-offset: .2em; font-size: .9rem; }
.one form > button, .one .do > * { width: 100%; }
.do { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
form { margin: 0; }
.say { padding: .75rem 1rem; border-radius: .65rem; background: var(--sunk); }
.say.good { background: var(--good-tint); color: var(--good); }
.say.warn { background: var(--warn-tint); color: var(--warn); }
.say.bad { background: var(--bad-tint); color: var(--bad); }
.note { padding: 1.25rem; border: 2px solid var(--accent); }
.seal { width: 3rem; height: 3rem; border-radius: 50%; display: grid; place-items: center; background: var(--sunk); color: var(--soft); }
.seal.good { background: var(--good-tint); color: var(--good); }
.seal.warn { background: var(--warn-tint); color: var(--warn); }
.state { display: inline-flex; align-items: baseline; gap: .45rem; font-size: .9rem; color: var(--soft); }
.state::before { content: ""; width: .6rem; height: .6rem; border-radius: 50%; border: 2px solid currentColor; flex: none; }
.state.good { color: var(--good); }
.state.good::before { background: currentColor; }
.state.warn { color: var(--warn); font-weight: 600; }
.state.warn::before { border-radius: .15rem; background: currentColor; transform: rotate(45deg); }
.chip { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8rem; color: var(--soft); }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); align-items: start; }
.card { padding: 1.25rem; }
.account { padding-top: .9rem; border-top: 1px solid var(--line); }
.bar { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 1rem; }
details > summary { cursor: pointer; color: var(--accent); font-size: .9rem; }
details[open] > summary { margin-bottom: .5rem; }
details.box > summary { font-size: 1rem; font-weight: 600; color: var(--ink); }
fieldset { margin: 0; padding: .75rem 1rem 1rem; border: 1px solid var(--line); border-radius: .65rem; min-width: 0; }
legend { padding: 0 .4rem; font-weight: 600; font-size: .9rem; }
label { display: block; }
label.pick { display: flex; gap: .6rem; align-items: baseline; padding: .3rem 0; }
label.pick input { flex: none; }
input { accent-color: var(--accent); }
input:not([type]), [type=text], [type=password], [type=search], [type=url], [type=file], textarea, select { width: 100%; max-width: 100%; margin-top: .25rem; padding: .6rem .75rem;
  border: 1px solid var(--edge); border-radius: .55rem; background: var(--field); color: var(--ink); font: inherit; }
code, pre, .code { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { padding: .9rem 1rem; background: var(--sunk); border: 1px solid var(--line); border-radius: .65rem; overflow-x: auto; max-width: 100%; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .55rem .75rem .55rem 0; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; }
td > a { display: inline-block; min-height: 1.5rem; }
.plot { display: block; width: 100%; height: 3rem; fill: var(--accent); }
.plot.failing { fill: var(--bad); }
.plot .axis { stroke: var(--line); fill: none; }
.figure { font-size: 1.6rem; font-weight: 650; line-height: 1.2; }
.tiles > * { align-content: start; }
.tiles { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)); }
.sub { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding-bottom: .5rem; border-bottom: 1px solid var(--line); }
.sub a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.tabs { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; padding: 0; border: 0; min-width: 0; }
.tabs > legend { padding: 0; margin-bottom: .5rem; }
.tab { display: contents; }
.tab > input { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0; }
.tab > label { padding: .4rem .8rem; border: 1px solid var(--line); border-radius: .6rem; cursor: pointer; }
.tab > label:hover { border-color: var(--accent); }
.tab > input:checked + label { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600; }
.tab > input:focus-visible + label { outline: 3px solid var(--accent); outline-offset: 2px; }
.tab > section { order: 1; flex: 0 0 100%; min-width: 0; display: none; margin-top: .75rem; }
.tab > input:checked ~ section { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.tab ol { margin: 0; padding-inline-start: 1.4rem; }
.snippet { display: grid; gap: .35rem; grid-template-columns: minmax(0, 1fr); }
.snippet > p { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem; }
.snippet pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (forced-colors: active) { .tab > input:checked + label { outline: 2px solid Highlight; } }
pre .added { color: var(--good); }
pre .gone { color: var(--bad); }
.places { padding-inline-start: .9rem; border-inline-start: 3px solid var(--warn); }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .5rem 1rem; }
.row > :first-child { flex: 1 1 14rem; min-width: 0; }
.hush { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[data-copy], [data-close] { display: none; }
.js [data-copy], .js [data-close] { display: inline-flex; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .3rem; }
button:focus-visible, a.button:focus-visible { outline-color: var(--ink); border-radius: .65rem; }
@media (max-width: 40rem) { .top nav a { padding: .3rem .5rem; } .top .who { margin-inline-start: 0; }
  .table table, .table thead, .table tbody, .table tr, .table td { display: block; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { padding: .6rem 0; border-bottom: 1px solid var(--line); } .table td { padding: .05rem 0; border: 0; } }
@media (forced-colors: active) { .state::before { forced-color-adjust: none; } button, a.button { border-color: ButtonBorder; } }
`;
