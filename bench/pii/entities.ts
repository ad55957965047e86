import type { drawer } from "../../src/data/generate/draw.ts";

type Draw = ReturnType<typeof drawer>;
const digits = (draw: Draw, count: number): string =>
  Array.from({ length: count }, () => draw.below(10)).join("");
const pickOf = (text: string): string[] => text.split(" ");

// ISO/IEC 7812: the last digit makes the sum of digits, every second one doubled, a multiple of ten.
function luhn(body: string): string {
  let sum = 0;
  for (const [at, digit] of body.split("").reverse().entries()) {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}

// ISO 13616: letters as numbers, country and 00 to the end, 98 less the remainder by 97.
function iban(country: string, body: string): string {
  const number = `${body}${country}00`
    .split("")
    .map((one) => Number.parseInt(one, 36))
    .join("");
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, "0")}${body}`;
}

// NHS number: weights 10 to 2, eleven less the remainder; ten is no number.
function nhs(draw: Draw): string {
  for (;;) {
    const body = digits(draw, 9);
    const check = 11 - (body.split("").reduce((sum, one, at) => sum + Number(one) * (10 - at), 0) % 11);
    if (check !== 10) return `${body}${check === 11 ? 0 : check}`;
  }
}

// ABA routing number: 3, 7, 1 over nine digits, a multiple of ten; the first two digits 01 to 12.
function routing(draw: Draw): string {
  const body = `${draw.pick(pickOf("01 02 03 04 05 06 07 08 09 10 11 12"))}${digits(draw, 6)}`;
  const sum = body.split("").reduce((all, one, at) => all + Number(one) * ([3, 7, 1][at % 3] as number), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const street = (draw: Draw): string =>
  `${draw.below(9800) + 12} ${draw.pick(pickOf("Maple Cedar Washington Oakwood Lincoln Highland"))} ${draw.pick(pickOf("Street Avenue Road Lane Drive Blvd"))}`;
const two = (value: number): string => String(value).padStart(2, "0");

/** A made-up value of a type; telephone numbers are of ranges that nobody owns where there are such. */
export function entityOf(type: string, draw: Draw): string {
  const word = draw.pick(pickOf("blueriver kestrel maple77 tinystar quietowl j.moss k_lind r.dahl99"));
  const host = draw.pick(pickOf("mailbox.net fastpost.org inbox.co.uk corp.io"));
  switch (type) {
    case "email":
      return `${word}@${host}`;
    case "url":
      return draw.pick([
        `https://www.${word.replace(/\W/g, "")}.org/people/${digits(draw, 3)}`,
        `www.${word.replace(/\W/g, "")}.com`,
      ]);
    case "phone":
      return draw.pick([
        `(${draw.pick(pickOf("212 415 617"))}) 555-${digits(draw, 4)}`,
        `${draw.pick(pickOf("312 720"))}-555-${digits(draw, 4)}`,
        `+44 20 7946 0${digits(draw, 3)}`,
      ]);
    case "mobile":
      return `555 ${digits(draw, 2)} ${digits(draw, 2)} ${digits(draw, 2)}`;
    case "ssn":
      return `${draw.below(500) + 100}-${two(draw.below(98) + 1)}-${String(draw.below(9998) + 1).padStart(4, "0")}`;
    case "card":
      return luhn(`4${digits(draw, 14)}`).replace(/(\d{4})(?=\d)/g, draw.pick(["$1 ", "$1-", "$1"]));
    case "iban":
      return draw.pick([
        iban("DE", digits(draw, 18)),
        iban("GB", `WEST${digits(draw, 14)}`),
        iban("FR", digits(draw, 23)),
      ]);
    case "ip":
      return `192.0.2.${draw.below(254) + 1}`;
    case "routing":
      return routing(draw);
    case "nhs":
      return nhs(draw).replace(/(\d{3})(\d{3})/, "$1 $2 ");
    case "npi":
      return luhn(`80840${draw.pick(["1", "2"])}${digits(draw, 8)}`).slice(5);
    case "date":
      return draw.pick([
        `19${draw.below(50) + 40}-${two(draw.below(12) + 1)}-${two(draw.below(28) + 1)}`,
        `${draw.below(12) + 1}/${draw.below(28) + 1}/19${draw.below(50) + 40}`,
        `${draw.pick(pickOf("March June October"))} ${draw.below(28) + 1}, 19${draw.below(50) + 40}`,
      ]);
    case "age":
      return String(90 + draw.below(14));
    case "street":
      return street(draw);
    case "postcode":
      return draw.pick([`${draw.below(80000) + 10000}`, "SW1A 1AA", "M1 1AE"]);
    case "record":
      return `${draw.pick(["A", "B-", ""])}${digits(draw, 7)}`;
    case "city":
      return draw.pick(pickOf("Denver Seattle Houston Phoenix Boston Portland Chicago"));
    default:
      throw new Error(`no entity ${type}`);
  }
}
