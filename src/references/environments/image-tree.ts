import { appendAll } from "../structure/append.ts";
import picomatch from "picomatch";
import type { TreeIndex } from "../../repository/index.ts";
import { hole, type ImageStage } from "../schema.ts";
import type { ContainerIgnore } from "./container-ignore.ts";
import { imagePath, joinFolder } from "./paths.ts";

/** Puts a file, or what a folder holds, of the repository at a place of the image. */
export type CopyRule = { image: string; repository: string; isFolder: boolean };

/** What an image built from a Dockerfile and a context holds of the repository. Later copies hide earlier ones. */
export class ImageTree {
  readonly #index: TreeIndex;
  readonly #context: string;
  readonly #isIgnored: ContainerIgnore;
  readonly #rules: CopyRule[] = [];
  /** Paths that the build itself makes: here-documents, clones, downloads. */
  readonly made = new Set<string>();
  /** True if a copy's place or source is not known: what is not found may be there all the same. */
  hasUnknown = false;

  constructor(index: TreeIndex, context: string, isIgnored: ContainerIgnore) {
    this.#index = index;
    this.#context = context;
    this.#isIgnored = isIgnored;
  }

  /** Starts from what an earlier stage holds. */
  inherit(parent: ImageTree): void {
    appendAll(this.#rules, parent.#rules);
    for (const path of parent.made) this.made.add(path);
    this.hasUnknown ||= parent.hasUnknown;
  }

  /** Enters one COPY or ADD. `from`: the stage that it copies from; `null` for another image. */
  copy(copy: ImageStage["copies"][number], from: ImageTree | null | undefined): void {
    if (copy.target.includes(hole) || copy.sources.some((source) => source.includes(hole))) {
      this.hasUnknown = true;
      return;
    }
    const target = imagePath("/", copy.target);
    if (from === null) this.made.add(target);
    else if (from !== undefined) this.#copyFromStage(copy, target, from);
    else for (const source of copy.sources) this.#copySource(source, copy, target);
  }

  #place(source: string, copy: ImageStage["copies"][number], target: string, count: number): string {
    if (!copy.target.endsWith("/") && count === 1) return target;
    return imagePath(target, source.slice(source.lastIndexOf("/") + 1));
  }

  #copySource(source: string, copy: ImageStage["copies"][number], target: string): void {
    const path = joinFolder(this.#context, source.replace(/^\/+/, ""));
    if (path === undefined) return;
    const found = /[*?[]/.test(source) ? this.#expand(path) : [path];
    const count = Math.max(copy.sources.length, found.length);
    for (const one of found) {
      if (this.#index.hasFile(one) && !this.#leavesOut(one)) {
        const image = this.#place(one, copy, target, count);
        this.#rules.push({ image, repository: one, isFolder: false });
      } else if (one === "" || this.#index.isFolder(one)) {
        this.#rules.push({ image: target, repository: one, isFolder: true });
      }
    }
  }

  #expand(pattern: string): string[] {
    const slash = pattern.search(/[*?[]/);
    const start = pattern.slice(0, pattern.lastIndexOf("/", slash) + 1).replace(/\/$/, "");
    let folders = [start];
    for (const part of pattern.slice(start === "" ? 0 : start.length + 1).split("/")) {
      const matches = picomatch(part, { dot: true });
      folders = folders.flatMap((folder) =>
        this.#index
          .children(folder)
          .filter((child) => matches(child.slice(folder === "" ? 0 : folder.length + 1))),
      );
    }
    return folders;
  }

  #copyFromStage(copy: ImageStage["copies"][number], target: string, from: ImageTree): void {
    for (const source of copy.sources) {
      const path = imagePath("/", source);
      const file = from.toRepository(path);
      if (file !== undefined && this.#index.hasFile(file)) {
        const image = this.#place(path, copy, target, copy.sources.length);
        this.#rules.push({ image, repository: file, isFolder: false });
        continue;
      }
      let isKnown = false;
      for (const rule of from.#rules) {
        const below = path === "/" ? rule.image : rule.image.slice(path.length);
        if (rule.image === path || (rule.image.startsWith(path === "/" ? "/" : `${path}/`) && below !== "")) {
          const image = rule.image === path ? target : imagePath(target, `.${below}`);
          this.#rules.push({ ...rule, image });
          isKnown = true;
        } else if (rule.isFolder && (rule.image === "/" || path.startsWith(`${rule.image}/`))) {
          const rest = path.slice(rule.image === "/" ? 1 : rule.image.length + 1);
          const repository = joinFolder(rule.repository, rest);
          if (repository !== undefined && this.#index.isFolder(repository)) {
            this.#rules.push({ image: target, repository, isFolder: true });
            isKnown = true;
          }
        }
      }
      if (!isKnown) this.made.add(target);
    }
  }

  #leavesOut(path: string): boolean {
    return this.#isIgnored(path.slice(this.#context === "" ? 0 : this.#context.length + 1));
  }

  /** The file or folder of the repository that stands at a path of the image. */
  toRepository(path: string): string | undefined {
    return this.copyAt(path)?.found;
  }

  /** The same, with the copy that puts it there: what of the repository goes to which place of the image. */
  copyAt(path: string): { found: string; copied: Readonly<CopyRule> } | undefined {
    const whole = imagePath("/", path);
    for (let at = this.#rules.length - 1; at >= 0; at -= 1) {
      const copied = this.#rules[at] as CopyRule;
      const { image, repository, isFolder } = copied;
      if (whole === image) return { found: repository, copied };
      if (!isFolder || !(image === "/" || whole.startsWith(`${image}/`))) continue;
      const found = joinFolder(repository, whole.slice(image === "/" ? 1 : image.length + 1));
      if (found !== undefined && this.#index.has(found) && !this.#leavesOut(found)) return { found, copied };
    }
    return undefined;
  }

  /** The path of the repository that a copied folder would put at a place of the image, there or not. */
  expected(path: string): string | undefined {
    const whole = imagePath("/", path);
    for (let at = this.#rules.length - 1; at >= 0; at -= 1) {
      const { image, repository, isFolder } = this.#rules[at] as CopyRule;
      if (isFolder && image !== "/" && whole.startsWith(`${image}/`))
        return joinFolder(repository, whole.slice(image.length + 1));
    }
    return undefined;
  }

  /** Every place of the image where a file of the repository stands. */
  toImage(path: string): string[] {
    const places = new Set<string>();
    for (const { image, repository, isFolder } of this.#rules) {
      let place: string | undefined;
      if (!isFolder) place = path === repository ? image : undefined;
      else if (repository === "" || path.startsWith(`${repository}/`))
        place = imagePath(image, path.slice(repository === "" ? 0 : repository.length + 1));
      if (place !== undefined && this.toRepository(place) === path) places.add(place);
    }
    return [...places].sort();
  }

  /** True for a file or folder of the image that is known, also one above what was copied. */
  has(path: string): boolean {
    const whole = imagePath("/", path);
    if (whole === "/" || this.toRepository(whole) !== undefined) return true;
    const below = `${whole}/`;
    return this.#rules.some(({ image }) => image.startsWith(below)) || this.isMade(whole);
  }

  /** True for what the build makes, or may have made below such a folder. */
  isMade(path: string): boolean {
    for (const one of this.made) if (path === one || path.startsWith(`${one}/`)) return true;
    return false;
  }

  /** Files of the repository with their places, each place once, in order of the places. */
  files(): [image: string, repository: string][] {
    const all = new Map<string, string>();
    for (const { image, repository, isFolder } of this.#rules) {
      if (!isFolder) all.set(image, repository);
      else {
        for (const entry of this.#index.below(repository)) {
          if (this.#leavesOut(entry.path)) continue;
          const below = entry.path.slice(repository === "" ? 0 : repository.length + 1);
          all.set(imagePath(image, below), entry.path);
        }
      }
    }
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
