/** Of both pages: a phone, a wide screen, the dark, and paper. Nothing is told by colour alone. */
export const style = `
:root { --ink: #1d2430; --soft: #5a6575; --line: #d5dbe3; --paper: #fff; --shade: #f4f6f9;
  --good: #12693a; --good-bg: #e4f4ea; --part: #7a5200; --part-bg: #fdf1d3; --bad: #a3201c; --bad-bg: #fde8e6;
  --open: #4b3f8f; --open-bg: #ebe8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3adbb; --line: #3a4350; --paper: #161b22;
  --shade: #1f2630; --good: #7fd6a2; --good-bg: #16351f; --part: #f0c869; --part-bg: #3a2f10; --bad: #ff9d96;
  --bad-bg: #45201d; --open: #bdb3f5; --open-bg: #2b2650; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI",
  "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif; word-break: keep-all;
  overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
main.wide { max-width: 76rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .1rem 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .5rem; }
p { margin: .4rem 0; }
.time { white-space: nowrap; margin-right: 1rem; }
.soft { color: var(--soft); font-size: .9rem; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--shade);
  border: 1px solid var(--line); border-radius: 4px; padding: 0 .25em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
thead th { font-size: .85rem; color: var(--soft); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.total td { font-weight: 700; border-bottom: 0; border-top: 2px solid var(--ink); }
.scroll { overflow-x: auto; }
.scroll table { min-width: 38rem; }
.scroll th[scope=row] { min-width: 8rem; }
.score { border: 1px solid var(--line); border-left: .4rem solid var(--soft); border-radius: 8px; padding: .8rem 1rem;
  background: var(--shade); }
.score strong { display: block; font-size: 1.9rem; line-height: 1.2; }
.score strong::first-letter, .score p::first-letter, dt::first-letter { text-transform: uppercase; }
.score.graded { border-left-color: var(--good); }
.score.incomplete, .score.unreachable, .score.waiting, .score.held { border-left-color: var(--open); }
.check { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; margin: .5rem 0;
  break-inside: avoid; }
.check header { display: flex; flex-wrap: wrap; gap: .2rem .7rem; align-items: baseline; }
.check header b { flex: 1 1 12rem; }
.mark { display: inline-block; white-space: nowrap; border-radius: 4px; padding: 0 .45em; font-size: .88rem;
  background: var(--shade); color: var(--soft); }
.passed { background: var(--good-bg); color: var(--good); }
.partial { background: var(--part-bg); color: var(--part); }
.failed { background: var(--bad-bg); color: var(--bad); }
.error { background: var(--open-bg); color: var(--open); }
dl { margin: .5rem 0 0; display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; }
dt { color: var(--soft); font-size: .9rem; }
dd { margin: 0; white-space: pre-wrap; }
ul.plain { margin: .4rem 0; padding: 0; list-style: none; }
.grid td, .grid th { padding: .3rem .5rem; white-space: nowrap; }
.grid thead th { white-space: normal; min-width: 5rem; vertical-align: bottom; }
.grid tbody th { position: sticky; left: 0; background: var(--paper); font-weight: 600; }
.grid td .mark { min-width: 4.2em; text-align: center; }
svg.bar { display: block; width: 100%; min-width: 8rem; height: 1rem; }
svg.bar rect { fill: var(--open); }
td.bar { width: 70%; vertical-align: middle; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  th, td { padding: .35rem .4rem; } h1 { font-size: 1.35rem; } }
@media print { :root { --ink: #000; --soft: #444; --paper: #fff; --shade: #f4f4f4; } body { font-size: 10.5pt; }
  main, main.wide { max-width: none; padding: 0; } .scroll { overflow: visible; } h2, h3 { break-after: avoid; }
  .mark, .score { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`
