// A word's first letters as a number: base 27, a = 1; at most four.
const codes = 27 ** 4;
const letters = 4;

function codeOf(word: string): number {
  let code = 0;
  for (let at = 0; at < Math.min(word.length, letters); at++) code = code * 27 + (word.charCodeAt(at) - 96);
  return code;
}

/**
 * Which beginnings of words a text holds, for hints of at most four ASCII letters. A hint shorter than that matches a
 * word's first letters too. One instance may be used for one text after the other.
 */
export class WordStarts {
  private readonly stamps = new Uint32Array(codes);
  private stamp = 0;

  /** Forgets the texts before. */
  begin(): void {
    this.stamp++;
  }

  add(text: string): void {
    let code = 0;
    let length = 0; // letters of the current word
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at) | 32; // lower case for letters
      if (unit >= 97 && unit <= 122) {
        if (length < letters) {
          code = code * 27 + (unit - 96);
          this.stamps[code] = this.stamp;
        }
        length++;
      } else {
        code = 0;
        length = 0;
      }
    }
  }

  has(hint: string): boolean {
    return this.stamps[codeOf(hint)] === this.stamp;
  }
}
