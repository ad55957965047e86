import { artifactRoles } from "../../home/index.ts";
import type { Extraction } from "../../references/index.ts";
import type { PlacedFile } from "../artifacts.ts";
import type { PackageReport } from "../report.ts";

const readmes = ["README.md", "readme.md", "Readme.md", "README", "README.txt", "docs/README.md"];

/** Adds to each package what it holds, by role, and what its own README says first. */
export function describePackages(
  packages: readonly PackageReport[],
  placed: readonly PlacedFile[],
  extractions: ReadonlyMap<string, Extraction>,
): PackageReport[] {
  const pathsOf = new Map<string, string[]>();
  for (const { package: name, role, path } of placed) {
    const paths = pathsOf.get(`${role} ${name}`);
    if (paths === undefined) pathsOf.set(`${role} ${name}`, [path]);
    else paths.push(path);
  }
  return packages.map((one) => {
    const contents = artifactRoles.flatMap((role) => {
      const paths = (pathsOf.get(`${role} ${one.name}`) ?? []).sort();
      return paths.length === 0 ? [] : [{ role, paths }];
    });
    const purpose = purposeOf(one.path, extractions);
    return {
      ...one,
      ...(contents.length === 0 ? {} : { contents }),
      ...(purpose === undefined ? {} : { purpose }),
    };
  });
}

function purposeOf(folder: string, extractions: ReadonlyMap<string, Extraction>): PackageReport["purpose"] {
  for (const name of readmes) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const lead = extractions.get(path)?.lead;
    if (lead !== undefined) return { ...lead, path };
  }
  // A lone guide is a package of one file.
  const lead = extractions.get(folder)?.lead;
  return lead === undefined ? undefined : { ...lead, path: folder };
}
