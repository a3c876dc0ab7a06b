import type { Fact } from "../../facts/fact";

/** The NICs that have an IPv6 default route from a router advertisement. */
export const advertisedBy: Fact<readonly string[]> = {
  command: { sh: "ip -6 -o route show default", inShell: true },
  parse: parseAdvertised,
};

/** `default via fe80::1 dev eth0 proto ra metric 1024 expires 1790sec hoplimit 64 pref medium`; several routers stand in one line. */
export function parseAdvertised(output: string): readonly string[] {
  const lines = output.split("\n").filter((line) => /\bproto ra\b/.test(line));
  return [...new Set(lines.flatMap((line) => [...line.matchAll(/\bdev (\S+)/g)].map(([, device = ""]) => device)))];
}
