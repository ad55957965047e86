export { type Action, type Ask, type Finding, type Platform, type Product } from "./action.ts";
export { installedTools, platformNames, platforms, type ToolState } from "./registry.ts";
export { modeOf, shellLine, type Command, type Rendered, type RenderedFile } from "./rendered.ts";
export { asker, carryOut, writeRendered, type Done } from "./run-commands.ts";
export { readSettings, settingsText } from "./settings.ts";
export { deploymentLines, writeDeployments, type DeployedModel, type Deployment } from "./deployments.ts";
