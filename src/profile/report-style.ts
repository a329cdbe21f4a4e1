// The style sheet of the report: light and dark, from a phone's width up. Colours are named once, by what they stand for.

export const REPORT_STYLE = `
:root { color-scheme: light dark; --page: #f6f6f4; --card: #ffffff; --ink: #1d1d1b; --soft: #63635e; --line: #e0e0db; --live: #2a6fb8; --world: #a7a7a0; --pause: #b8502a; --bar: #d5e3f2; }
@media (prefers-color-scheme: dark) {
  :root { --page: #161617; --card: #202022; --ink: #ececea; --soft: #a3a39d; --line: #38383b; --live: #6aa9ea; --world: #75756f; --pause: #e58a63; --bar: #2a3d52; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 20px 16px 48px; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { margin: 0 0 2px; font-size: 22px; overflow-wrap: anywhere; }
h2 { margin: 0 0 4px; font-size: 17px; }
p { margin: 0 0 12px; color: var(--soft); }
section { margin-top: 16px; padding: 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 8px; margin-top: 14px; }
.tile { padding: 10px 12px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.tile b { display: block; font-size: 19px; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.plot { display: grid; grid-template-columns: 64px 1fr; gap: 0 8px; }
.plot .scale { position: relative; color: var(--soft); font-size: 12px; text-align: right; font-variant-numeric: tabular-nums; }
.plot .scale span { position: absolute; right: 0; transform: translateY(-50%); white-space: nowrap; }
.plot svg { display: block; width: 100%; height: 180px; overflow: visible; }
.plot.low svg { height: 72px; }
.plot .grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.plot .liveline { fill: none; stroke: var(--live); stroke-width: 2; vector-effect: non-scaling-stroke; }
.plot .livearea { fill: var(--live); opacity: 0.14; }
.plot .worldline { fill: none; stroke: var(--world); stroke-width: 1.5; stroke-dasharray: 5 4; vector-effect: non-scaling-stroke; }
.plot .pause { stroke: var(--pause); stroke-width: 3; vector-effect: non-scaling-stroke; }
.times { display: flex; justify-content: space-between; grid-column: 2; color: var(--soft); font-size: 12px; padding-top: 2px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 10px; color: var(--soft); font-size: 13px; }
.key i { display: inline-block; width: 14px; height: 3px; margin-right: 6px; vertical-align: middle; background: currentColor; }
.flame { position: relative; overflow-x: hidden; overflow-y: auto; max-height: 70vh; border-radius: 4px; }
.flame button { position: absolute; height: 20px; margin: 0; padding: 0 5px; overflow: hidden; border: 0; border-right: 1px solid var(--card); border-radius: 2px; color: #1d1d1b; font: 12px/20px ui-monospace, monospace; text-align: left; white-space: nowrap; cursor: pointer; }
.flame button:hover, .flame button:focus-visible { outline: 2px solid var(--ink); outline-offset: -2px; }
.note { min-height: 22px; margin: 6px 0 0; font: 13px/1.5 ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th { padding: 4px 12px 4px 0; color: var(--soft); font-weight: 500; text-align: left; white-space: nowrap; }
td { padding: 4px 12px 4px 0; border-top: 1px solid var(--line); vertical-align: top; }
th.n, td.n { width: 1%; text-align: right; white-space: nowrap; }
td.t { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; min-width: 150px; }
td.b { min-width: 84px; background: linear-gradient(var(--bar), var(--bar)) no-repeat left / var(--part) 100%; }
.map { position: relative; height: 260px; margin-top: 8px; border-radius: 4px; overflow: hidden; }
.map div { position: absolute; padding: 5px 7px; overflow: hidden; border: 1px solid var(--card); color: #1d1d1b; font-size: 13px; line-height: 1.25; white-space: nowrap; text-overflow: ellipsis; }
.map small { display: block; opacity: 0.8; }
footer { margin-top: 20px; color: var(--soft); font-size: 13px; }
@media (max-width: 600px) {
  body { padding: 12px 10px 32px; font-size: 14px; }
  section { padding: 12px 10px; }
  .plot { grid-template-columns: 52px 1fr; }
  table { font-size: 13px; }
  td, th { padding-right: 8px; }
}
`;

/** Light enough to write on in black, in both themes; neighbours differ. */
export const SHADES = ["#8fbbe8", "#f0b67f", "#9fd09a", "#e8a0a8", "#c3b1e1", "#e6d27a", "#8fd3cf", "#d9b8a0", "#b7c98f", "#a9b8c9"] as const;
