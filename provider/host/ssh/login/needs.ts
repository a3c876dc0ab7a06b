import { ConnectionError } from "../../../errors";
import { isNeededByAll, type Needs, type Packages, packagesOf } from "../../../facts/programs";
import { needsOfRun } from "../../needs-of-run";
import { DialError } from "../dial-error";

/** The error of a host that lacks what all need, with what the kinds of this run need there besides; undefined: it has all of that. */
export function missingError(host: string, missing: readonly string[]): DialError | undefined {
  if (!missing.some(isNeededByAll)) return undefined;
  const { lines, advice } = describe(host, missing);
  return new DialError("the host lacks programs that its changes need", lines, [advice]);
}

/**
 * Fails where a host lacks what a resource needs, and says what it lacks for all resources of this run. `look`: asks once more, since a
 * Package of this run may have installed it.
 */
export async function demand(
  host: string,
  needs: Needs,
  missing: readonly string[],
  look: () => Promise<readonly string[]>,
): Promise<void> {
  const lacks = (all: readonly string[]) => needs.programs.some((program) => all.includes(program));
  if (!lacks(missing)) return;
  const now = await look();
  if (!lacks(now)) return;
  const { lines, advice } = describe(host, now);
  const details = lines.map((line) => `  ${line}`);
  throw new ConnectionError(
    [`${host}: the host lacks programs that resources of this run need`, ...details, advice].join("\n"),
  );
}

function describe(
  host: string,
  missing: readonly string[],
): { readonly lines: readonly string[]; readonly advice: string } {
  const kinds = needsOfRun.of(host);
  const found = missing.flatMap((name) => {
    const packages = packagesOf(name);
    const users = kinds.get(name);
    return packages === undefined || (users === undefined && !isNeededByAll(name)) ? [] : [{ name, packages, users }];
  });
  const all = (of: keyof Packages) => [...new Set(found.map(({ packages }) => packages[of]))].join(" ");
  return {
    lines: found.map(
      ({ name, packages, users }) =>
        `${name}, of ${packages.debian}${users === undefined ? "" : `, for ${users.join(", ")}`}`,
    ),
    advice: `Install them: apt-get install ${all("debian")}, or dnf install ${all("redHat")}.`,
  };
}
