import { pageStyle } from "../../shared/index.ts";

export const style = `${pageStyle}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}.sides .panel{padding:.9rem 1.1rem}.sides h3{margin-top:0}
ul.tree{list-style:none;margin:0;padding:0 0 0 1.1rem;font-size:.9rem}.sides .panel>ul.tree{padding-left:0}ul.tree li{padding:.08rem 0}ul.tree b{font-weight:500;overflow-wrap:anywhere}ul.tree span{color:var(--muted);font-size:.82rem}ul.tree summary{cursor:pointer}
.verdicts{list-style:none;margin:0;padding:0;display:grid;gap:.6rem}.verdicts>li{background:var(--surface);border:1px solid var(--line);border-left:3px solid var(--good);border-radius:8px;padding:.75rem 1.1rem}.verdicts>li.no{border-left-color:var(--error)}
.verdicts h3{margin:0;font-size:1rem;color:var(--ink)}.verdicts p{margin:.2rem 0 0;color:var(--muted);font-size:.9rem}
.hunk{font:.8rem/1.55 var(--mono);margin:.3rem 0 .6rem;border:1px solid var(--line);border-radius:6px;overflow-x:auto}.hunk div{padding:0 .7rem;white-space:pre-wrap;overflow-wrap:anywhere;min-height:1.55em}
.hunk .add{background:color-mix(in srgb,var(--good) 14%,var(--surface))}.hunk .cut{background:var(--error-bg)}.hunk .at{background:var(--sunk);color:var(--muted)}
.hunk del,.hunk ins{text-decoration:none}.tag.good{color:var(--good)}
table.wide td{overflow-wrap:anywhere}table.wide td:first-child{width:44%}
`;
