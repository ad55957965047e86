import { createHash } from "node:crypto";

/** Luhn's check digit (ISO/IEC 7812-1). */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    let digit = Number(digits[digits.length - 1 - index]);
    if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** A payment card: 13 to 19 digits with a valid check digit that are not all the same. */
export function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  return /^[2-6]\d{12,18}$/.test(digits) && !/^(\d)\1+$/.test(digits) && isLuhn(digits);
}

/** ISO 13616: the number with its first four characters behind it is 1 modulo 97. */
export function isIban(text: string): boolean {
  const bare = text.replaceAll(" ", "").toUpperCase();
  if (bare.length < 15 || bare.length > 34) return false;
  let rest = 0;
  for (const character of bare.slice(4) + bare.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);

/** American Bankers Association routing number. */
export const isRouting = (digits: string): boolean =>
  /^\d{9}$/.test(digits) &&
  digits !== "000000000" &&
  weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;

/** NHS number, modulus 11 (NHS Data Dictionary). */
export function isNhs(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (!/^\d{10}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && (check === 11 ? 0 : check) === Number(digits[9]);
}

/** National Provider Identifier: Luhn with the prefix 80840 (45 CFR 162.406). */
export const isNpi = (digits: string): boolean => /^[12]\d{9}$/.test(digits) && isLuhn(`80840${digits}`);

/** Drug Enforcement Administration registration number. */
export function isDea(text: string): boolean {
  if (!/^[A-Z][A-Z9]\d{7}$/.test(text)) return false;
  const digit = (index: number): number => Number(text[index + 1]);
  const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6));
  return sum % 10 === digit(7);
}

const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const vinValues: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from("ABCDEFGH JKLMN P R STUVWXYZ", (letter, index): [string, number] => [
    letter,
    index < 8 ? index + 1 : index < 18 ? index - 8 : index - 17,
  ]).filter(([letter]) => letter !== " "),
);

/** Vehicle identification number with its check digit (49 CFR 565). */
export function isVin(text: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(text) || !/\d/.test(text) || !/[A-Z]/.test(text)) return false;
  let sum = 0;
  for (const [index, weight] of vinWeights.entries()) {
    const character = text[index] as string;
    sum += weight * (/\d/.test(character) ? Number(character) : (vinValues[character] ?? 0));
  }
  const check = sum % 11;
  return text[8] === (check === 10 ? "X" : String(check));
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** A Bitcoin address by its Base58Check sum. */
export function isBitcoin(text: string): boolean {
  let number = 0n;
  for (const character of text) {
    const digit = base58.indexOf(character);
    if (digit < 0) return false;
    number = number * 58n + BigInt(digit);
  }
  const bytes = Buffer.from(number.toString(16).padStart(50, "0"), "hex");
  if (bytes.length !== 25) return false;
  const hash = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();
  return hash(hash(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}
