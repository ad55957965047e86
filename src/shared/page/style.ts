/** The look of every page that the program writes: light and dark, on paper, without script. */
export const pageStyle = `
:root{--bg:#faf9f7;--surface:#fff;--sunk:#f3f1ed;--ink:#1c1f24;--muted:#5b636e;--line:#e3e0d9;--accent:#2a5b8c;--accent-ink:#fff;
--error:#ab2317;--error-bg:#fbeae7;--warning:#835300;--warning-bg:#fbf1dc;--note:#56606c;--note-bg:#eef0f2;--good:#27683b;
--mono:ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"Liberation Mono",monospace;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--surface:#1b1f24;--sunk:#22272d;--ink:#e6e4df;--muted:#9ba4ae;--line:#30363d;
--accent:#86b3e0;--accent-ink:#10202f;--error:#ff938a;--error-bg:#3a1f1d;--warning:#efbb5c;--warning-bg:#352a15;--note:#a5afba;--note-bg:#262c33;--good:#7fce97}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
code{font:.865em/1.5 var(--mono);background:var(--sunk);padding:.08em .32em;border-radius:4px;overflow-wrap:anywhere}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;background:var(--surface);padding:.5rem;z-index:9}
.wrap{max-width:1180px;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:2.6rem;padding-bottom:1.4rem}
header.top p{margin:.3rem 0 0;color:var(--muted)}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.015em;margin:0;font-weight:650;overflow-wrap:anywhere}
h1 small{display:block;font-size:.8rem;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--muted);margin-bottom:.5rem}
h2{font-size:1.25rem;letter-spacing:-.01em;margin:0 0 .3rem;font-weight:650}
h3{font-size:.82rem;margin:1.2rem 0 .4rem;font-weight:650;color:var(--muted)}
section{padding:2.2rem 0 .6rem}
section>p.lead{margin:0 0 1.1rem;color:var(--muted);max-width:48rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin:1.4rem 0 0}
.tiles div{background:var(--surface);padding:.75rem .95rem}
.tiles dt{color:var(--muted);font-size:.8rem}
.tiles dd{margin:0;font-size:1.35rem;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tiles .error dd{color:var(--error)}.tiles .warning dd{color:var(--warning)}
nav.bar{position:sticky;top:0;z-index:5;background:var(--bg);border-bottom:1px solid var(--line)}
nav.bar ul{display:flex;gap:.2rem 1.3rem;list-style:none;margin:0 auto;padding-top:.65rem;padding-bottom:.65rem;overflow-x:auto;white-space:nowrap}
nav.bar a{color:var(--muted);text-decoration:none;font-size:.9rem}nav.bar a:hover{color:var(--ink)}
.tag{display:inline-block;font-size:.74rem;font-weight:650;letter-spacing:.02em;padding:.08rem .5rem;border-radius:99px;white-space:nowrap;color:var(--note);background:var(--note-bg)}
.tag.error{color:var(--error);background:var(--error-bg)}.tag.warning{color:var(--warning);background:var(--warning-bg)}
.rule{font:.8rem var(--mono);color:var(--muted)}
ol.fix{list-style:none;margin:0;padding:0;display:grid;gap:.7rem;counter-reset:n}
ol.fix>li{counter-increment:n;background:var(--surface);border:1px solid var(--line);border-left:3px solid var(--note);border-radius:8px;padding:.85rem 1.1rem .9rem;display:grid;grid-template-columns:1.9rem minmax(0,1fr);gap:0 .4rem}
ol.fix>li::before{content:counter(n);color:var(--muted);font-weight:600;font-variant-numeric:tabular-nums}
ol.fix>li.error{border-left-color:var(--error)}ol.fix>li.warning{border-left-color:var(--warning)}
ol.fix p{margin:0}ol.fix .what{margin-top:.25rem;font-size:1.02rem}
.where,.why{color:var(--muted);font-size:.88rem;margin:.3rem 0 0!important}
.next{margin:.5rem 0 0!important;font-size:.88rem}.next code{user-select:all;background:var(--sunk)}
.next b,.next span{color:var(--muted);font-weight:500}
.diff{font:.82rem/1.6 var(--mono);margin:.55rem 0 0;border-radius:6px;overflow:hidden}
.diff div{padding:.1rem .6rem;overflow-wrap:anywhere}.diff del,.diff ins{text-decoration:none}
.diff .old{background:var(--error-bg)}.diff .new{background:var(--sunk)}.diff .old::before{content:"\\2212  ";color:var(--error)}.diff .new::before{content:"+  ";color:var(--good)}
.panel{background:var(--surface);border:1px solid var(--line);border-radius:10px}
.map{padding:.6rem;overflow-x:auto}.map svg{display:block;width:100%;min-width:640px;height:auto}
.map rect{fill:var(--sunk);stroke:var(--line)}
.map .p.error rect{fill:var(--error-bg)}.map .p.warning rect{fill:var(--warning-bg)}
.map .p:hover rect,.map .p:focus rect{stroke:var(--accent);stroke-width:2}
.map .p{text-decoration:none}.map text{fill:var(--ink);font:600 13px system-ui,sans-serif}.map text.n{fill:var(--muted);font-weight:400;font-size:11.5px}
.map .l path{fill:none;stroke:var(--accent);opacity:.42}.map .l.r path{stroke:var(--muted);stroke-dasharray:5 4;opacity:.3}
.map .l path.hit{stroke:transparent;stroke-width:12;stroke-dasharray:none}.map .l:hover path,.map .l:focus path{opacity:.95}
.map.focus .l:not(.on){opacity:.12}.map .l.on path{opacity:.95}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:.5rem .3rem .1rem;color:var(--muted);font-size:.82rem;padding:0;list-style:none}
.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:3px;margin-right:.4rem;vertical-align:-.08rem;border:1px solid var(--line);background:var(--sunk)}
.legend .e{background:var(--error-bg)}.legend .w{background:var(--warning-bg)}.legend .s,.legend .d{height:0;border:0;border-top:2px solid var(--accent);vertical-align:.22rem;border-radius:0;background:none;width:1.3rem}.legend .d{border-top:2px dashed var(--muted)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.5rem .7rem;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-size:.78rem;color:var(--muted);font-weight:600}tbody tr:last-child>*{border-bottom:0}
td.num,th.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.matrix table{width:auto;font-size:.82rem}.matrix th,.matrix td{padding:.18rem .34rem;border:1px solid var(--line);text-align:center;font-variant-numeric:tabular-nums}
.matrix thead th{min-width:2.3rem;font-weight:600}.matrix tbody th{text-align:left;font-weight:500;white-space:nowrap;max-width:24rem;overflow:hidden;text-overflow:ellipsis}
.matrix tbody th b{display:inline-block;min-width:1.7rem;color:var(--muted);font-weight:600}
.matrix td a{display:block;color:inherit;text-decoration:none}.matrix td a:hover{text-decoration:underline}
.matrix .self{background:var(--sunk)}.matrix .h1{background:color-mix(in srgb,var(--accent) 12%,var(--surface))}.matrix .h2{background:color-mix(in srgb,var(--accent) 24%,var(--surface))}
.matrix .h3{background:color-mix(in srgb,var(--accent) 42%,var(--surface))}.matrix .h4{background:color-mix(in srgb,var(--accent) 66%,var(--surface));color:var(--accent-ink)}.matrix .h5{background:var(--accent);color:var(--accent-ink)}
.matrix .ref{color:var(--muted)}
details.row{border-bottom:1px solid var(--line)}details.row:last-child{border-bottom:0}
details.row>summary{display:grid;grid-template-columns:minmax(0,1fr) auto auto;gap:.2rem 1.1rem;padding:.62rem 1rem;cursor:pointer;list-style-position:inside;align-items:baseline}
details.row>summary::-webkit-details-marker{display:none}details.row>summary .nm::before{content:"\\25B8";display:inline-block;width:1.1em;color:var(--muted)}details.row[open]>summary .nm::before{content:"\\25BE"}
details.row>summary:hover{background:var(--sunk)}
details.row .nm{font-weight:600;overflow-wrap:anywhere}details.row .nm small{font-weight:400;color:var(--muted)}details.row .meta{color:var(--muted);font-size:.86rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.body{padding:.1rem 1rem 1rem 2.1rem}.body>:first-child{margin-top:.4rem}
ul.plain{margin:.2rem 0;padding:0 0 0 1.05rem}ul.plain li{margin:.12rem 0;overflow-wrap:anywhere}ul.plain.cols{columns:2 20rem;column-gap:2rem}
.filters{display:none;gap:.5rem .7rem;flex-wrap:wrap;align-items:center;padding:.7rem 1rem;border-bottom:1px solid var(--line)}.js .filters{display:flex}
.filters input,.filters select,.filters button{font:inherit;font-size:.88rem;color:var(--ink);background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:.32rem .6rem}
.filters input{flex:1 1 14rem;min-width:9rem}.filters select{max-width:15rem}.filters button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.filters output{color:var(--muted);font-size:.86rem;margin-left:auto;font-variant-numeric:tabular-nums}
table.commands,table.data{table-layout:fixed;min-width:46rem}table.commands th:nth-child(2){width:22%}table.commands th:nth-child(3){width:26%}table.data th:nth-child(1){width:28%}table.data th:nth-child(2){width:7.5rem}table.data th:nth-child(3){width:20%}
.fold .scroll{border-top:1px solid var(--line)}.halves{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:0 1.5rem}
.findings td:first-child{white-space:nowrap;width:1%}.findings .pk{color:var(--muted);font-size:.86rem;overflow-wrap:anywhere;width:13rem}
.findings details{margin-top:.25rem;font-size:.88rem}.findings summary{cursor:pointer;color:var(--muted)}.findings td>.rule{display:block;margin-top:.2rem}.findings .id{font:.8rem var(--mono);margin-left:.5rem;opacity:.75}
tr:target,div:target{background:color-mix(in srgb,var(--accent) 9%,transparent)}
.empty{color:var(--muted);padding:1rem;margin:0}.more{color:var(--muted);font-size:.87rem;margin:.4rem 0 0}
.checks{list-style:none;padding:0;margin:0}.checks li{padding:.3rem 0 .3rem 1.7rem;position:relative}.checks li::before{position:absolute;left:0;content:"\\25CB";color:var(--muted)}.checks li.ok::before{content:"\\2713";color:var(--good);font-weight:700}
footer{color:var(--muted);font-size:.85rem;padding:2.4rem 0 3rem}
[hidden]{display:none!important}
@media (max-width:640px){.wrap{padding:0 1rem}header.top{padding-top:1.5rem}h1{font-size:1.4rem}.tiles{grid-template-columns:repeat(2,1fr)}
details.row>summary{grid-template-columns:minmax(0,1fr)}.body{padding-left:1rem}.findings .pk,.findings thead th:nth-child(3){display:none}.findings td{padding:.5rem .6rem}ol.fix>li{padding:.75rem .8rem;grid-template-columns:1.3rem minmax(0,1fr)}}
@media print{:root{--bg:#fff;--surface:#fff;--ink:#000;--muted:#444}nav.bar,.filters,.skip{display:none!important}body{font-size:10pt}section{padding:1rem 0 0}.panel,ol.fix>li{break-inside:avoid-page}.panel.long{break-inside:auto}a{color:inherit;text-decoration:none}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;
