import { z } from "zod";
import type { CommandSpec, FlagMeta } from "./command.ts";

/** A flag as parsing, help and the reference need it. */
export type Flag = {
  key: string;
  name: string;
  kind: "boolean" | "value" | "list";
  value: string;
  short?: string;
  description: string;
  choices?: readonly string[];
  default?: unknown;
  required: boolean;
  numeric: boolean;
};

/** Flags that every command has. */
export const commonFlags: readonly Flag[] = [
  {
    key: "json",
    name: "--json",
    kind: "boolean",
    value: "",
    description: "print one JSON document instead of text",
    required: false,
    numeric: false,
  },
  {
    key: "debug",
    name: "--debug",
    kind: "boolean",
    value: "",
    description: "show the stack of an error",
    required: false,
    numeric: false,
  },
  {
    key: "help",
    name: "--help",
    short: "-h",
    kind: "boolean",
    value: "",
    description: "show this help",
    required: false,
    numeric: false,
  },
];

const yesFlag: Flag = {
  key: "yes",
  name: "--yes",
  short: "-y",
  kind: "boolean",
  value: "",
  description: "do it without asking",
  required: false,
  numeric: false,
};

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function unwrap(type: z.ZodType): { inner: z.ZodType; default?: unknown; required: boolean } {
  let inner: z.ZodType = type;
  let fallback: unknown;
  let required = true;
  for (;;) {
    if (inner instanceof z.ZodOptional) {
      required = false;
      inner = inner.unwrap() as z.ZodType;
    } else if (inner instanceof z.ZodDefault) {
      required = false;
      fallback = inner.def.defaultValue;
      inner = inner.unwrap() as z.ZodType;
    } else if (inner instanceof z.ZodPipe) {
      inner = inner.def.in as z.ZodType;
    } else {
      return fallback === undefined ? { inner, required } : { inner, default: fallback, required };
    }
  }
}

function flagOf(key: string, type: z.ZodType): Flag {
  const { inner, required, default: fallback } = unwrap(type);
  const meta = (type.meta() ?? {}) as FlagMeta & { description?: string };
  const isList = inner instanceof z.ZodArray;
  const item = isList ? (inner.element as z.ZodType) : inner;
  const choices = item instanceof z.ZodEnum ? item.options.map(String) : undefined;
  const numeric = item instanceof z.ZodNumber;
  return {
    key,
    name: `--${kebab(key)}`,
    kind: inner instanceof z.ZodBoolean ? "boolean" : isList ? "list" : "value",
    value: meta.value ?? (choices ? choices.join("|") : numeric ? "N" : "VALUE"),
    description: meta.description ?? type.description ?? "",
    required,
    numeric,
    ...(meta.short === undefined ? {} : { short: meta.short }),
    ...(choices === undefined ? {} : { choices }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

/** All flags of a command in the order of its schema, then the common ones. */
export function flagsOf(spec: Pick<CommandSpec, "options" | "writes">): Flag[] {
  const own = Object.entries(spec.options.shape).map(([key, type]) => flagOf(key, type as z.ZodType));
  return [...own, ...(spec.writes ? [yesFlag] : []), ...commonFlags];
}
