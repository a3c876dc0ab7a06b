import type { Fact } from "../../facts/fact";
import { parseFile, RECORDS, readFile } from "../../file-step";
import type { CommandStep, FileStep } from "../../step";

/**
 * Whether an installation of ours was begun and never ended: it was killed, or the power was cut. What is there then is ours, whole or
 * half. One that failed and left nothing has taken its mark away: who installs the package afterwards by hand has it for himself.
 */
export function isUnfinished(name: string): Fact<boolean> {
  return { command: readFile(markOf(name)), parse: (output) => parseFile(output) !== undefined };
}

export function begin(name: string): FileStep {
  return { file: markOf(name), record: true, summary: `begin to install ${name}`, edit: () => "" };
}

export function end(name: string): FileStep {
  return { file: markOf(name), record: true, summary: `${name} is no longer begun`, edit: () => undefined };
}

/** The installation, which takes the mark away where it fails and leaves nothing of the package. */
export function marked(step: CommandStep, name: string): CommandStep {
  const { command } = step;
  if (!("sh" in command)) return step;
  return {
    ...step,
    command: { ...command, sh: `${FORGET}\n${command.sh}`, args: [...(command.args ?? []), markOf(name)] },
  };
}

// The words of the installation are the package and the time for the lock.
const FORGET = `mark=$3
is_there() {
  case $(dpkg-query -W -f='\${db:Status-Status}' -- "$1" 2>/dev/null) in
    "" | not-installed | config-files) rpm -q -- "$1" >/dev/null 2>&1 ;;
  esac
}
trap '[ $? = 0 ] || is_there "$1" || { rm -f -- "$mark"; rmdir -- "\${mark%/*}" 2>/dev/null; }' EXIT`;

function markOf(name: string): string {
  return `${RECORDS}/installing-${name}`;
}
