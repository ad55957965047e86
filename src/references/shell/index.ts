export { argumentShape } from "./argument-shape.ts";
export { scriptStart, type ShellScan, type ShellStart } from "./recorder.ts";
export { scanShell, type ShellOptions } from "./scan.ts";
