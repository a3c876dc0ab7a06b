/** Whether a file of modules-load.d(5) loads a module: a name on a line, comments are whole lines that begin with `#` or `;`. */
export function loadsModule(text: string | undefined, module: string): boolean {
  const lines = (text ?? "").split(/[\n\0]/).map(stripped);
  return lines.some((line) => !/^[#;]/.test(line) && line.replaceAll("-", "_") === module);
}

function stripped(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && BLANK.includes(line.charAt(start))) start += 1;
  while (end > start && BLANK.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

const BLANK = " \t\r";
