import type { z } from "zod";
import { ownValue } from "../../model/own-value";
import { overlap } from "./clients";
import { sameOptions } from "./effect";
import { parseExports } from "./exports-facts";
import { exportLine } from "./exports-file";
import type { WantedExport } from "./schema";

/** Refuses an export that exportfs would read otherwise than it is meant, from our file or from its own table. */
export function refuseUnwritable(want: WantedExport, ctx: z.RefinementCtx<WantedExport>): void {
  const refuse = (path: string[], input: unknown, message: string) =>
    ctx.addIssue({ code: "custom", path, input, message });
  const { path, clients } = want;
  const [entry] = parseExports([{ number: 1, text: exportLine({ path, clients: { "*": [] } }) }]);
  if (entry?.path !== path) refuse(["path"], path, pathProblem(path));
  const names = Object.keys(clients);
  for (const [index, name] of names.entries()) {
    const options = ownValue(clients, name) ?? [];
    if (Buffer.byteLength(`${name}(${options.join(",")})`) > LONGEST) {
      refuse(["clients", name], name, `is longer, with its options, than the ${LONGEST} bytes that exportfs reads`);
    }
    const other = names
      .slice(0, index)
      .find((one) => overlap(one, name, NO_HOSTS) === true && !sameOptions(options, ownValue(clients, one)));
    if (other !== undefined) refuse(["clients", name], name, overlapProblem(other));
  }
}

const LONGEST = 511;

const NO_HOSTS = new Map<string, never>();

function pathProblem(path: string): string {
  return Buffer.byteLength(path) > 1024
    ? "must not be longer than 1024 bytes, which is all that exportfs reads"
    : "must not have a backslash in front of three digits from 0 to 7: exportfs takes them for the code of a character";
}

function overlapProblem(other: string): string {
  return (
    `has hosts in common with "${other}", and other options: exportfs gives a host those of the client that it was told first, ` +
    "which is another one after a boot. Give both the same options, or let no host be both"
  );
}
