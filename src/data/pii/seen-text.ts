import { hasHead, headOf } from "../kernel/word-heads.ts";
import { seen, type TurnFacts } from "../words.ts";
import { namesMayBegin } from "./capital-cues.ts";
import { capitalsOf, findCapitals, type Capital } from "./capitals.ts";
import { findCities } from "./cities.ts";
import { findNamePlaces, findPeople, type Person } from "./names.ts";
import { withoutOverlaps, type PiiSpan } from "./span.ts";
import { findStructured } from "./structured.ts";

/** A place that holds personal data; `person`: whose name stands there. */
export type Place = PiiSpan & { person?: number };

const noCapitals: readonly Capital[] = [];
const nameHead = headOf("name");

/** A text and what is known of where personal data may stand in it; without `turn` everything is looked for. */
export class SeenText {
  private readonly text: string;
  private readonly turn: TurnFacts | undefined;
  /** Where names may begin; undefined: anywhere. */
  private readonly starts: readonly number[] | undefined;
  private readonly mayHoldCue: boolean;
  private found: readonly Capital[] | undefined;

  /** `turn`: what a scan told, the heads of its words still marked. */
  constructor(text: string, turn?: TurnFacts) {
    this.text = text;
    this.turn = turn;
    const isKnown = turn !== undefined && (turn.facts.flags & seen.wide) === 0;
    this.starts = isKnown ? namesMayBegin(text, turn) : undefined;
    this.mayHoldCue = (turn === undefined || hasHead(nameHead)) && text.includes("name");
  }

  /** The capitalised words: none where no name may begin and no name is known. */
  private capitals(isWanted: boolean): readonly Capital[] {
    if (!isWanted && this.starts?.length === 0) return noCapitals;
    return (this.found ??=
      this.turn === undefined ? findCapitals(this.text) : capitalsOf(this.text, this.turn));
  }

  /** Adds the people that the text names. */
  addPeople(people: Person[]): void {
    const capitals = this.capitals(false);
    if (capitals.length === 0 && !this.mayHoldCue) return;
    people.push(...findPeople(this.text, capitals, this.starts, this.mayHoldCue));
  }

  /** Where personal data stands. `words`: the names that are known. */
  places(words: ReadonlyMap<string, number>): Place[] {
    const { text } = this;
    const capitals = this.capitals(words.size > 0);
    const places: Place[] = findStructured(text, this.turn?.facts.flags);
    if (words.size > 0) places.push(...findNamePlaces(text, capitals, words, this.mayHoldCue));
    if (capitals.length > 0 && this.starts?.length !== 0)
      places.push(...findCities(text, capitals, this.starts));
    return places.length < 2 ? places : withoutOverlaps(places);
  }
}
