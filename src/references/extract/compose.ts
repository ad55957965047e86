import type { Base, BuildMention, Extractor } from "../schema.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import { SpecialReader, withHoles } from "../structure/special-reader.ts";
import { yamlScalars } from "../structure/yaml-scalars.ts";
import { yaml } from "./yaml.ts";

const here: readonly Base[] = [{ kind: "file" }];

/** Compose files: builds, mounts, environment files, commands. Paths start at the file's folder. */
export const compose: Extractor = {
  format: "compose",
  version: 4,
  matches: (path) =>
    /(?:^|\/)(?:[\w.-]*[._-])?compose(?:[._-][\w.-]*)?\.ya?ml$/i.test(path) &&
    !/\.github\/workflows\//.test(path),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const scalars = yamlScalars(text);
    const services = new Map<string, Scalar[]>();
    for (const scalar of scalars) {
      if (fits(scalar.keys, "services", "*", "**")) {
        const name = String(scalar.keys[1]);
        const list = services.get(name);
        if (list === undefined) services.set(name, [scalar]);
        else list.push(scalar);
      } else readTop(reader, scalar);
    }
    for (const list of services.values()) readService(reader, list);
    return reader.done(yaml.extract(text, path));
  },
};

function readTop(reader: SpecialReader, scalar: Scalar): void {
  if (
    fits(scalar.keys, "include", "#") ||
    fits(scalar.keys, "include", "#", "path") ||
    fits(scalar.keys, "include", "#", "path", "#")
  )
    reader.scalar(scalar, { kind: "include", strength: "hard", use: "read", bases: here });
  else if (fits(scalar.keys, "configs", "*", "file"))
    reader.scalar(scalar, { kind: "mount", strength: "hard", use: "read", bases: here });
  else if (fits(scalar.keys, "secrets", "*", "file"))
    reader.scalar(scalar, { kind: "mount", strength: "soft", use: "read", bases: here });
}

function joined(context: string, dockerfile: string): string {
  return dockerfile.startsWith("/") || context === "."
    ? dockerfile
    : `${context.replace(/\/+$/, "")}/${dockerfile}`;
}

function readService(reader: SpecialReader, scalars: readonly Scalar[]): void {
  const build = readBuild(reader, scalars);
  const one = (...keys: string[]): Scalar | undefined =>
    scalars.find((scalar) => fits(scalar.keys, "services", "*", ...keys));
  for (const scalar of scalars) {
    const keys = scalar.keys.slice(2);
    if (fits(keys, "env_file") || fits(keys, "env_file", "#") || fits(keys, "env_file", "#", "path")) {
      // Environment files hold secrets: they are rarely committed.
      reader.scalar(scalar, { kind: "include", strength: "soft", use: "read", key: "env_file", bases: here });
    } else if (fits(keys, "volumes", "#")) readVolume(reader, scalar);
    else if (fits(keys, "volumes", "#", "source")) {
      if (/^[./~]/.test(scalar.value))
        reader.scalar(scalar, { kind: "mount", strength: "soft", use: "read", bases: here });
      else reader.claim(scalar);
    } else if (fits(keys, "volumes", "#", "target") || fits(keys, "working_dir") || fits(keys, "tmpfs", "**"))
      reader.claim(scalar);
    else if (fits(keys, "extends", "file"))
      reader.scalar(scalar, { kind: "include", strength: "hard", use: "read", bases: here });
    else if (fits(keys, "develop", "watch", "#", "path"))
      reader.scalar(scalar, { kind: "value", strength: "soft", use: "read", bases: here });
    else if (fits(keys, "image") || fits(keys, "environment", "**")) reader.claim(scalar);
  }
  const workdir = one("working_dir");
  const environment = environmentOf(scalars);
  for (const name of ["entrypoint", "command"]) {
    const place = {
      cwdBase: "image" as const,
      ...(workdir === undefined ? {} : { cwd: withHoles(workdir.value) }),
      environment,
      ...(build === undefined ? {} : { build }),
    };
    const whole = one(name);
    const list = scalars.filter(({ keys }) => fits(keys, "services", "*", name, "#"));
    if (whole !== undefined) {
      const before = reader.commands.length;
      const image = workdir?.value.startsWith("/") === true ? workdir.value : "\u0002";
      reader.shell([whole], { bases: [], cwdBase: "image", image });
      for (const command of reader.commands.slice(before)) Object.assign(command, place);
    } else {
      for (const scalar of list) reader.claim(scalar);
      reader.words(list, place);
    }
  }
}

function environmentOf(scalars: readonly Scalar[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { keys, value } of scalars) {
    if (fits(keys, "services", "*", "environment", "#")) {
      const equals = value.indexOf("=");
      if (equals > 0) environment[withHoles(value.slice(0, equals))] = withHoles(value.slice(equals + 1));
    } else if (fits(keys, "services", "*", "environment", "*"))
      environment[String(keys[3])] = withHoles(value);
  }
  return environment;
}

function readBuild(reader: SpecialReader, scalars: readonly Scalar[]): BuildMention | undefined {
  const short = scalars.find(({ keys }) => fits(keys, "services", "*", "build"));
  const context = short ?? scalars.find(({ keys }) => fits(keys, "services", "*", "build", "context"));
  const dockerfile = scalars.find(({ keys }) => fits(keys, "services", "*", "build", "dockerfile"));
  for (const scalar of scalars)
    if (
      fits(scalar.keys, "services", "*", "build", "additional_contexts", "**") &&
      /^[./]/.test(scalar.value)
    )
      reader.scalar(scalar, { kind: "context", strength: "hard", use: "read", bases: here });
  if (context === undefined && dockerfile === undefined) return undefined;
  const folder = context === undefined ? "." : withHoles(context.value);
  if (/^(?:https?|git|ssh):|^git@/.test(folder)) return undefined;
  if (context !== undefined)
    reader.scalar(context, { kind: "context", strength: "hard", use: "read", key: "context", bases: here });
  const build: BuildMention = {
    line: reader.lineOf((context ?? dockerfile ?? { start: 0 }).start),
    context: folder,
    bases: [...here],
  };
  if (dockerfile !== undefined) {
    build.dockerfile = joined(folder, withHoles(dockerfile.value));
    reader.scalar(dockerfile, {
      kind: "value",
      strength: "hard",
      use: "read",
      key: "dockerfile",
      path: build.dockerfile,
      bases: here,
      ...(folder === "." || dockerfile.value.startsWith("/")
        ? {}
        : { prefix: folder.replace(/^\.\/|\/+$/g, "") }),
    });
  }
  reader.builds.push(build);
  return build;
}

/** `./host:/container:ro`: the host's side, if it is a path and no volume's name. */
function readVolume(reader: SpecialReader, scalar: Scalar): void {
  const { value, start, isVerbatim } = scalar;
  reader.claim(scalar);
  const host = /^((?:\$\{[^}]*\}|[^:$])+):/.exec(value)?.[1];
  if (host === undefined || !isVerbatim || !/^[./~$]/.test(host)) return;
  reader.path(
    { start, end: start + host.length },
    {
      kind: "mount",
      strength: "soft",
      use: "read",
      encoding: "yaml",
      bases: host.startsWith("$") ? [] : here,
    },
  );
}
