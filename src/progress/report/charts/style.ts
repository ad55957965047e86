/** How charts look; the page gives the colours: ink, paper, soft, rule, act, line, band, good. */
export const chartStyle = `
.drawing{margin:.8rem 0 1.2rem}
svg.chart{display:block;width:100%;height:auto;background:var(--surface,var(--paper));border:1px solid var(--rule);border-radius:10px}
svg.chart.narrow{display:none}
svg.chart text{font-size:12px;fill:var(--soft)}
svg.chart text.value{paint-order:stroke;stroke:var(--surface,var(--paper));stroke-width:3px;stroke-linejoin:round;fill:var(--ink);font-weight:650}
svg.chart text.mark{fill:var(--ink);font-size:11px}
svg.chart text.cut-off-name{fill:var(--act)}
.drawing figcaption ul{display:flex;flex-wrap:wrap;gap:.15rem 1.2rem;list-style:none;margin:.4rem 0 0;padding:0;color:var(--soft);font-size:.86rem}
.drawing figcaption li{display:flex;gap:.45rem;align-items:center}
svg.key text{font-size:8px;fill:var(--ink)}
svg.key{flex:none;width:30px;height:12px}
.band{fill:var(--ink);fill-opacity:0}.band-1{fill-opacity:.025}.band-2{fill-opacity:.05}.band-3{fill-opacity:.075}.band-4{fill-opacity:.1}
.tick,.edge{stroke:var(--rule);stroke-width:1}
.site{fill:var(--good,var(--line));fill-opacity:.17}.site-median{fill:none;stroke:var(--good,var(--line));stroke-width:1.5;stroke-dasharray:1 4;stroke-linecap:round}
.course{fill:none;stroke:var(--line);stroke-width:2;stroke-linejoin:round}
.gap{fill:none;stroke:var(--line);stroke-width:1.5;stroke-dasharray:2 4}
.counted{fill:var(--line);stroke:var(--surface,var(--paper));stroke-width:1.5}
.hollow{fill:var(--surface,var(--paper));stroke:var(--line);stroke-width:1.8}
.missed{fill:var(--surface,var(--paper));stroke:var(--soft);stroke-width:1.6}
.signal{fill:var(--act);stroke:var(--surface,var(--paper));stroke-width:1.5}
.cut-off{stroke:var(--act);stroke-width:1.4;stroke-dasharray:7 4}
.baseline{stroke:var(--ink);stroke-width:1.2}
.threshold{stroke:var(--ink);stroke-width:1;stroke-dasharray:1.5 4;stroke-opacity:.75}
.trend{stroke:var(--ink);stroke-width:1.8;stroke-dasharray:10 4}
.phase{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}.phase-dot{fill:var(--surface,var(--paper));stroke:var(--soft)}
@media (max-width:640px){svg.chart.wide{display:none}svg.chart.narrow{display:block}}
@media print{svg.chart.wide{display:block}svg.chart.narrow{display:none}.drawing{break-inside:avoid}}
`;
