import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** What the operator has asked Pulumi for. */
export interface CliWords {
  readonly isDestroy: boolean;
  /** It runs the program first, as `up` and `preview` do. */
  readonly isUp: boolean;
  readonly isRefreshing: boolean;
  readonly isProgramRun: boolean;
}

/** They have other names. */
const DESTROY = ["destroy", "down", "dn"];
const UP = ["up", "update", "preview", "pre"];

/** Between us and the CLI there is a shell, and there may be a wrapper. */
const MOST_ANCESTORS = 5;

/** Undefined where the command line of the CLI cannot be read: only Linux shows it so. */
export function cliWords(pid = process.ppid, env: Readonly<NodeJS.ProcessEnv> = process.env): CliWords | undefined {
  const words = wordsOfCli(pid);
  const isSet = isTrue(env["PULUMI_RUN_PROGRAM"]);
  if (words === undefined && !isSet) return undefined;
  return {
    isUp: words?.some((word) => UP.includes(word)) === true,
    isDestroy: words?.some((word) => DESTROY.includes(word)) === true,
    isRefreshing: words?.some((word) => word === "refresh" || word === "-r" || isGiven(word, "refresh")) === true,
    isProgramRun: isSet || words?.some((word) => isGiven(word, "run-program")) === true,
  };
}

function wordsOfCli(start: number): readonly string[] | undefined {
  try {
    let pid = start;
    for (let n = 0; n < MOST_ANCESTORS && pid > 1; n += 1) {
      const [program = "", ...words] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (basename(program) === "pulumi") return words.filter((word) => word !== "");
      pid = parentOf(pid);
    }
  } catch {
    // No such place, or no right to look.
  }
  return undefined;
}

/** After the name, which may have blanks and brackets in it: the state, then the parent. */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function isGiven(word: string, flag: string): boolean {
  return word === `--${flag}` || (word.startsWith(`--${flag}=`) && isTrue(word.slice(flag.length + 3)));
}

function isTrue(text: string | undefined): boolean {
  return text === "1" || text?.toLowerCase() === "true";
}
