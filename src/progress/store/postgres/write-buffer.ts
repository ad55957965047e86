import type { SqlValue } from "../../../vault/index.ts";
import type { Step } from "./messages.ts";

/** A write of a transaction on its way to the server. */
export type Write = Step & {
  /** Counts the connection's statements; tells what came before a savepoint. */
  number: number;
  /** Rows that it changed, once the server has said so. */
  count?: number;
  /** The request that it went with. */
  request?: number;
};

/** Where an inner transaction began; the server learns of it only if something of it must be sent before its end. */
export type Mark = { savepoint: string; from: number; isSent: boolean };

/** Writes that wait to be sent together, so that what is undone before costs nothing. */
export type WriteBuffer = {
  readonly size: number;
  /** The number of a statement that does not wait. */
  next: () => number;
  add: (text: string, values: readonly SqlValue[] | null) => Write;
  mark: (savepoint: string) => Mark;
  /** The inner transaction ended well. */
  release: (mark: Mark) => void;
  /** Takes back what was added after a mark; false if the server has some of it. */
  undo: (mark: Mark) => boolean;
  /** What is to be sent now, with a savepoint before the first write of each inner transaction that is still open. */
  take: () => Write[];
  clear: () => void;
};

/** An empty buffer. */
export function createWriteBuffer(): WriteBuffer {
  let waiting: (Write | Mark)[] = [];
  let number = 0;
  const isMark = (one: Write | Mark): one is Mark => "savepoint" in one;
  const write = (text: string, values: readonly SqlValue[] | null): Write => ({
    text,
    values,
    number: (number += 1),
  });
  return {
    get size() {
      return waiting.length;
    },
    next: () => (number += 1),
    add(text, values) {
      const made = write(text, values);
      waiting.push(made);
      return made;
    },
    mark(savepoint) {
      const made = { savepoint, from: number, isSent: false };
      waiting.push(made);
      return made;
    },
    release(mark) {
      if (mark.isSent) waiting.push(write(`RELEASE ${mark.savepoint}`, null));
      else waiting.splice(waiting.lastIndexOf(mark), 1);
    },
    undo(mark) {
      waiting.length = mark.isSent ? 0 : waiting.lastIndexOf(mark);
      return !mark.isSent;
    },
    take() {
      const last = waiting.findLastIndex((one) => !isMark(one));
      const taken = waiting.slice(0, last + 1);
      waiting = waiting.slice(last + 1);
      return taken.map((one) => {
        if (!isMark(one)) return one;
        one.isSent = true;
        return { text: `SAVEPOINT ${one.savepoint}`, values: null, number: one.from };
      });
    },
    clear() {
      waiting = [];
    },
  };
}
