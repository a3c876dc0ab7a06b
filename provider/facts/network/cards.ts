import type { Fact } from "../fact";

/** The hardware addresses of a host's interfaces, in the spelling of `ip neigh`. */
export const cards: Fact<readonly string[]> = {
  command: {
    sh: `for file in /sys/class/net/*/address; do
  { read -r mac <"$file"; } 2>/dev/null && echo "$mac"
done
:`,
    inShell: true,
  },
  parse: (output) => output.split("\n").filter((line) => line !== ""),
};
