export { courseChart } from "./course-chart.ts";
export type { CourseInput, Phase } from "./course-input.ts";
export { individualsChart } from "./individuals-chart.ts";
export type { SiteCourse } from "./site-band.ts";
export { chartStyle } from "./style.ts";
export { rounded } from "./svg.ts";
