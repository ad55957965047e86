import type { SampleFlags } from "./answers.ts";
import { namesFor } from "./names.ts";
import { plantData } from "./packages/data.ts";
import { plantHome } from "./packages/home.ts";
import { plantLightning } from "./packages/lightning.ts";
import { plantOvh } from "./packages/ovh.ts";
import { plantTherapeutic } from "./packages/therapeutic.ts";
import { plantVanished } from "./packages/vanished.ts";
import { plantProject } from "./packages/project.ts";
import { plantRoot } from "./packages/root.ts";
import { plantBulk } from "./planters/bulk.ts";
import { plantCopies } from "./planters/copies.ts";
import { plantPlan } from "./planters/plan.ts";
import { plantSecrets } from "./planters/secrets.ts";
import { plantEvaluation, plantSite } from "./planters/evaluation.ts";
import { plantNamesInModules } from "./planters/names-in-modules.ts";
import { plantNotes } from "./planters/notes.ts";
import { plantSettings } from "./planters/settings.ts";
import { plantTraps } from "./planters/traps.ts";
import { plantTools } from "./planters/tools.ts";
import { seededRandom } from "./random.ts";
import { settle, type Settled } from "./settle.ts";
import { World } from "./world.ts";

/** All files of a seed's repository with their history, and the key. Nothing is written. */
export function plantSample(seed: number, flags: SampleFlags): Settled {
  const random = seededRandom(`sample ${seed}`);
  const world = new World(flags, random, namesFor(random.fork("names"), seed));
  plantVanished(world);
  plantTherapeutic(world);
  plantLightning(world);
  plantHome(world);
  plantOvh(world);
  plantData(world);
  plantRoot(world);
  plantProject(world);
  plantNotes(world);
  plantSettings(world);
  plantTools(world);
  plantEvaluation(world);
  plantSite(world);
  plantTraps(world);
  plantNamesInModules(world);
  plantCopies(world);
  plantSecrets(world);
  plantPlan(world);
  for (let unit = 2; unit <= flags.scale; unit++) plantBulk(world, unit);
  return settle(world, seed);
}
