export { cusumHeight, cusumOf, cusumRise, type Cusum } from "./cusum.ts";
export { goalAttainmentT } from "./goal-attainment.ts";
export { mannKendall, smallestP, type MannKendall } from "./mann-kendall.ts";
export { clinicalCutoffs, reliableChange, type ReliableChange } from "./reliable-change.ts";
export { scatterAbout, type Scatter } from "./scatter.ts";
export { tauEffects, type Tau } from "./tau.ts";
export { theilSen, type TheilSen } from "./theil-sen.ts";
export { xmrLimits, xmrSignals, type Xmr, type XmrSignal } from "./xmr.ts";
