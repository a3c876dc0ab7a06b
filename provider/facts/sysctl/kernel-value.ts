import { cpuListOf } from "../../model/sysctl/cpu-list";

/** Whether the kernel takes the text as the value: `0x1`, `01` and `1 # on` are 1, and `0,1` is the list of processors 0-1. */
export function isKernelValue(text: string, value: string): boolean {
  if (/\d[,-]/.test(value)) return cpuListOf(text.trim()) === value;
  const wanted = value.split(/[ \t]/).filter((one) => one !== "");
  const numbers = kernelNumbers(text, wanted.length);
  return text === value || (numbers?.length === wanted.length && wanted.every((one, n) => Number(one) === numbers[n]));
}

/** Up to `count` numbers that the kernel reads in a text; it ignores what follows. Undefined: it refuses the text. */
export function kernelNumbers(text: string, count: number): number[] | undefined {
  const numbers: number[] = [];
  NUMBER.lastIndex = 0;
  while (numbers.length < count) {
    const [all, minus, digits = ""] = NUMBER.exec(text) ?? [];
    if (all === undefined) break;
    const octal = /^0[0-7]/.test(digits);
    const number = (minus === "-" ? -1 : 1) * Number(octal ? `0o${digits}` : digits);
    if (digits.length > LONGEST || number > INT_MAX || number < -INT_MAX - 1) return undefined;
    numbers.push(number);
  }
  const isRead = numbers.length === count || BLANKS.test(text.slice(NUMBER.lastIndex));
  return numbers.length > 0 && isRead ? numbers : undefined;
}

const NUMBER = /[\t-\r ]*(-?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)(?=[\t\n ]|$)/y;
const BLANKS = /^[\t-\r ]*$/;
const INT_MAX = 2 ** 31 - 1;
/** Digits that fit into the kernel's buffer. */
const LONGEST = 20;
