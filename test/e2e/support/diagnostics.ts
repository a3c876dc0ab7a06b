/** What the CLI says was wrong, by the name of the resource: its words, without the indentation. */
export function diagnostics(text: string): Readonly<Record<string, string>> {
  const [, block = ""] = /^Diagnostics:\n([^]*?)\n(?=\S)/m.exec(`${text}\nend`) ?? [];
  const parts = block.split(/^ {2}(?=\S)/m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = "", ...lines] = part.split("\n");
      const said = lines.map((line) => line.replace(/^ {4}/, "")).join("\n");
      return [/\((.*)\):$/.exec(head)?.[1] ?? head, said.trim()];
    }),
  );
}
