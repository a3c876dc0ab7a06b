import { trim } from "./blanks";

/** Whether a file of modules-load.d(5) loads a module: a name on a line, comments are whole lines that begin with `#` or `;`. */
export function loadsModule(text: string | undefined, module: string): boolean {
  const lines = (text ?? "").split(/[\n\0]/).map((line) => trim(line, " \t\r"));
  return lines.some((line) => !/^[#;]/.test(line) && line.replaceAll("-", "_") === module);
}
