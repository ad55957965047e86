/** A value that is assigned to a secret's name: its span in the text. */
export type Assignment = { name: string; start: number; end: number };

// From the end of a name that may mean a secret (`…key`, `…TOKEN`) over `=` or `:` to a value without blanks.
const assignment =
  /(?:[Kk]ey|KEY|[Ss]ecret|SECRET|[Pp]ass(?:word|wd|phrase)|PASS(?:WORD|WD|PHRASE)|pwd|PWD|[Tt]oken|TOKEN)["']?[ \t]{0,8}(?::=|=|:)[ \t]{0,8}(["'`]?)([^\s"'`,;(){}[\]<>\\]{12,200})\1/g;

const longestName = 60;

/** The whole name whose end stands at an offset: `OPENAI_API_` of `OPENAI_API_KEY`. */
function nameBefore(text: string, offset: number): string {
  let start = offset;
  while (start > 0 && offset - start < longestName && /[A-Za-z0-9_.-]/.test(text[start - 1] as string))
    start--;
  return text.slice(start, offset);
}

const secretTail =
  /(?:^|[_.-]|(?<=[a-z])(?=[A-Z]))(?:api[_-]?key|apikey|secret(?:[_-]?(?:access)?[_-]?key)?|password|passwd|pwd|passphrase|access[_-]?key|private[_-]?key|auth[_-]?key|client[_-]?secret|(?:access|auth|api|bearer|refresh|bot|deploy|hf|hub|github|gitlab|gh|wandb|slack|npm|pypi|telegram|discord|huggingface|session)[_-]?token)$/i;

/** A plain `TOKEN` or `token`: in a language-model repository mostly a piece of text, so only alone or in upper case. */
const bareToken = /^(?:token|[A-Z0-9_]*[A-Z0-9]_TOKEN|TOKEN)$/;

const modelToken =
  /(?:pad|eos|bos|unk|sep|cls|mask|special|stop|start|end|image|video|audio|new|next|prev|max|num|min|per)[_-]?token$/i;

/** True for a name whose value is meant to be secret. */
export function isSecretKey(name: string): boolean {
  if (modelToken.test(name)) return false;
  return secretTail.test(name) || bareToken.test(name);
}

const placeholder =
  /^(?:x{4,}|\*{3,}|\.{3,}|-+|_+|0+|1234.*|abc.*|your.*|my[_-].*|insert.*|enter.*|change.*|replace.*|example.*|sample.*|dummy.*|fake.*|mock.*|test.*|todo.*|fixme.*|none|null|true|false|undefined|placeholder.*|secret.*|password.*|token.*|api[_-]?key.*|default.*|some[_-].*|the[_-].*|a[_-].*|not[_-].*|no[_-].*|redacted.*|hidden.*|removed.*)$/i;

const placeholderWithin =
  /(?:your|example|placeholder|dummy|changeme|xxxx|\*\*\*|\.\.\.|redacted|insert|replace)/i;

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const number of counts.values()) bits -= (number / text.length) * Math.log2(number / text.length);
  return bits;
}

/**
 * True for a value that looks random. A random string of n characters from an alphabet of a has nearly
 * min(log2 a, log2 n) bits a character; words, paths and identifiers stay well below, or lack digits.
 */
export function looksRandom(value: string): boolean {
  if (placeholder.test(value) || placeholderWithin.test(value)) return false;
  if (/^[a-z]+:\/\//i.test(value) || /[$%@]\w*[{(]|^\$|^%|^@/.test(value)) return false;
  const digits = value.replace(/[^0-9]/g, "").length;
  if (digits < 2 || digits === value.length) return false;
  if (!/[A-Za-z]/.test(value)) return false;
  // os.environ.X, config.value, path/to/file, 2024-01-01, 1.2.3: written by people.
  if (
    /^[A-Za-z_][A-Za-z_0-9]*(?:[./:-][A-Za-z_][A-Za-z_0-9]*)+$/.test(value) &&
    !/^[A-Za-z0-9_-]{24,}$/.test(value)
  )
    return false;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value))
    return entropy(value) > 3;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 24 && entropy(value) >= 3;
  return value.length >= 16 && entropy(value) >= Math.min(3.6, Math.log2(value.length) * 0.85);
}

/** Values assigned to secrets' names that look random; placeholders and code are left out. */
export function secretAssignments(text: string): Assignment[] {
  const found: Assignment[] = [];
  for (const match of text.matchAll(assignment)) {
    const [whole, quote = "", value = ""] = match;
    if (!looksRandom(value)) continue;
    const tail = (/^[A-Za-z]+/.exec(whole) as RegExpExecArray)[0];
    const head = nameBefore(text, match.index);
    // `?accessToken=…` of a link: made to be shared.
    if (/[?&]/.test(text[match.index - head.length - 1] ?? "")) continue;
    const name = head + tail;
    if (!isSecretKey(name.replace(/^[.-]+/, ""))) continue;
    const end = match.index + whole.length - quote.length;
    found.push({ name, start: end - value.length, end });
  }
  return found;
}
