import { z } from "zod";
import {
  asker,
  carryOut,
  installedTools,
  modeOf,
  platforms,
  settingsText,
  type Action,
  type Finding,
  type Platform,
  type Product,
} from "../../platforms/index.ts";
import { TrainingReadyError, tool, type ErrorCode } from "../../shared/index.ts";
import { programRoot } from "../../training/index.ts";
import { defineCommand, type CommandContext, type CommandSpec } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { formatCheck, formatDone, formatRendered } from "./action.format.ts";
import { settingsOf } from "./settings-of.ts";

const settingFlags = {
  home: z.string().optional().meta({
    description: "the home: platforms/NAME.yaml holds its settings, deploy/ what is written",
    value: "DIR",
  }),
  settings: z.string().optional().meta({ description: "a file of settings", value: "FILE" }),
  set: z.array(z.string()).default([]).meta({ description: "one setting", value: "key=value" }),
  plan: z.string().optional().meta({
    description: "a saved `train plan --json`: its measured memory counts instead of the estimate",
    value: "FILE",
  }),
} as const;

const product: Product = { root: programRoot, version: tool.version };

const ofName = (name: string): Platform => platforms.find((one) => one.name === name) as Platform;

async function findings(
  platform: Platform,
  settings: Record<string, unknown>,
  context: CommandContext,
): Promise<Finding[]> {
  const ask = asker({ environment: context.environment, cwd: context.cwd, signal: context.signal });
  const tools = await installedTools(platform, ask);
  const installed = tools.map(({ program, found, install }): Finding =>
    found === null
      ? { name: program, state: "wrong", found: "not installed", code: "E_PLATFORM_TOOL", hint: install }
      : { name: program, state: "ok", found },
  );
  return [...installed, ...(await platform.check(settings, ask))];
}

function checkCommand(platform: Platform): CommandSpec {
  return defineCommand({
    name: "check",
    summary: `Find mistakes before a job goes to ${platform.title}`,
    description:
      "Reads the settings, weighs them against what the platform allows, and asks the platform's own program. Changes nothing.",
    options: z.strictObject(settingFlags),
    examples: [{ line: `training-ready platform ${platform.name} check`, does: "checks the settings" }],
    async run({ options }, context) {
      const { settings, file } = settingsOf(platform, options, context);
      const found = await findings(platform, settings, context);
      const ok = found.every((one) => one.state !== "wrong");
      const document = { platform: platform.name, ok, settingsFile: file, findings: found };
      return { exitCode: ok ? 0 : 1, document, text: formatCheck(platform.title, found) };
    },
  });
}

function settingsCommand(platform: Platform): CommandSpec {
  return defineCommand({
    name: "settings",
    summary: `Print every setting for ${platform.title} with its default`,
    description: `Save it as platforms/${platform.name}.yaml in the home and change what differs.`,
    options: z.strictObject({}),
    examples: [
      {
        line: `training-ready platform ${platform.name} settings > platforms/${platform.name}.yaml`,
        does: "writes the file to change",
      },
    ],
    async run() {
      const text = settingsText(platform.schema, platform.name);
      return {
        exitCode: 0,
        document: { platform: platform.name, settings: platform.schema.parse({}) },
        text,
      };
    },
  });
}

async function refuseWrong(
  platform: Platform,
  settings: Record<string, unknown>,
  context: CommandContext,
): Promise<void> {
  const found = await findings(platform, settings, context);
  for (const one of found.filter(({ state }) => state === "unknown"))
    context.notice(`not checked: ${one.name}: ${one.found}`);
  const wrong = found.find((one) => one.state === "wrong");
  if (wrong === undefined) return;
  throw new TrainingReadyError(
    (wrong.code ?? "E_PLATFORM_SETTING") as ErrorCode,
    `${wrong.name}: ${wrong.found}; nothing was submitted`,
    {
      exitCode: 1,
      ...(wrong.hint === undefined ? {} : { hint: wrong.hint }),
    },
  );
}

function actCommand(platform: Platform, action: Action<Record<string, unknown>>): CommandSpec {
  const name = action.path.split(" ").at(-1) as string;
  return defineCommand({
    name,
    summary: `${platform.title}: ${action.summary}`,
    description: "A dry run that prints the files and command lines; --apply writes and runs exactly these.",
    ...(action.arguments === undefined
      ? {}
      : { arguments: action.arguments.map((one) => ({ ...one, required: true })) }),
    options: z.strictObject({
      ...settingFlags,
      out: z.string().optional().meta({
        description: "folder of the files; default: deploy/NAME in the home or working directory",
        value: "DIR",
      }),
      apply: z.boolean().default(false).meta({ description: "write the files and run the commands" }),
    }),
    examples: [
      {
        line: `training-ready platform ${platform.name} ${action.example}`,
        does: action.example.includes("--apply") ? "does it" : "prints what --apply would do",
      },
    ],
    async run({ options, arguments: words }, context) {
      const { settings, folder: usual } = settingsOf(platform, options, context);
      const folder = options.out === undefined ? usual : userPath(context, options.out);
      const rendered = action.render({ settings, words, product, folder });
      const document = {
        platform: platform.name,
        action: action.path,
        dry: !options.apply,
        folder,
        files: rendered.files.map((file) => ({ ...file, mode: modeOf(file).toString(8) })),
        commands: rendered.commands.map(({ argv }) => argv),
        notes: rendered.notes,
      };
      if (!options.apply) return { exitCode: 0, document, text: formatRendered(rendered, folder) };
      if (action.checked === true) await refuseWrong(platform, settings, context);
      const done = await carryOut(rendered, folder, {
        environment: context.environment,
        cwd: context.cwd,
        signal: context.signal,
        ...(context.json ? {} : { print: context.print }),
      });
      return { exitCode: 0, document: { ...document, done }, text: formatDone(rendered, folder) };
    },
  });
}

/** The command of one action of a platform. */
export function actionCommand(name: string, path: string): CommandSpec {
  const platform = ofName(name);
  if (path === "check") return checkCommand(platform);
  if (path === "settings") return settingsCommand(platform);
  return actCommand(
    platform,
    platform.actions.find((one) => one.path === path) as Action<Record<string, unknown>>,
  );
}
