import { z } from "zod";
import { publicUri } from "../../storage/index.ts";
import { defineCommand } from "../framework/command.ts";
import { formatAcquire } from "./acquire.format.ts";
import { dataFlags } from "./folders.ts";
import { planOf } from "./plan-flags.ts";

export default defineCommand({
  name: "acquire",
  summary: "Find and pin the sources, and list the units of work",
  options: z.strictObject(dataFlags),
  examples: [
    {
      line: "training-ready data acquire",
      does: "shows size, hash, format and licence of each source of the home",
    },
  ],
  async run({ options }, context) {
    const { plan } = await planOf(options, context);
    const sources = plan.sources.map(({ config, bytes, sha256, format, packing }) => ({
      name: config.name,
      uri: publicUri(config.uri),
      licence: config.licence,
      consent: config.consent ?? null,
      format,
      packed: packing !== null,
      bytes,
      sha256,
      units: plan.units.filter((unit) => unit.source.config.name === config.name).length,
    }));
    const { absent, units } = plan;
    return {
      exitCode: 0,
      document: { sources, absent, units: units.length },
      text: formatAcquire(sources, absent),
    };
  },
});
