import { DEFAULTS } from "../../facts/ipvs/loader";
import { daemonTarget } from "../../facts/ipvs/rule-target";
import type { Reader } from "../../facts/ipvs/shell-environment";
import { systemdEnvironment } from "../../facts/ipvs/systemd-environment";
import type { UnitLine } from "../../facts/ipvs/unit-file";
import { readAuto } from "./debian-defaults";
import type { LoaderFacts } from "./loader";
import { nextBoot } from "./next-boot";

/** Why Debian's loader would not load /etc/ipvsadm.rules, although its defaults have this text. */
export function defaultsProblem(
  { loader }: Pick<LoaderFacts, "loader">,
  text: string | undefined,
  reader: Reader,
): string | undefined {
  const reading = readAuto(text, reader);
  if ("problem" in reading)
    return `${DEFAULTS}, line ${reading.line}: what follows ${reading.problem}, so that AUTO cannot be told. Write assignments only, each on a line of its own`;
  if (reading.value !== "true")
    return `${DEFAULTS}: a line of AUTO="true" at its end would have no effect. Correct the end of the file`;
  const boot = nextBoot(loader);
  if (boot?.by === "unit" && reader === systemdEnvironment) return environmentProblem(boot.lines, loader);
  return reader === systemdEnvironment ? undefined : shellProblem(text ?? "", reader);
}

/** Where the file and DAEMON start the same sync daemon, the second start fails, and the unit empties the table. */
export function daemonProblem(
  { debianRules }: Pick<LoaderFacts, "debianRules">,
  text: string,
  reader: Reader,
): string | undefined {
  const reading = reader(text, "DAEMON");
  const daemon = "value" in reading ? reading.value : undefined;
  const roles = ["master", "backup"].filter((role) => daemon === role || daemon === "both");
  const twice = roles.find((role) => debianRules.load.last.has(daemonTarget(role)));
  return twice === undefined
    ? undefined
    : `${DEFAULTS} says DAEMON="${daemon}", and ${FILE} starts the ${twice} as well. The second start fails, and ipvsadm.service then empties the table. Set DAEMON="none"`;
}

const FILE = "/etc/ipvsadm.rules";

/** The unit reads its files in order, and a later one counts. */
function environmentProblem(lines: readonly UnitLine[], loader: LoaderFacts["loader"]): string | undefined {
  const files = lines.filter(({ name }) => name === "Service.EnvironmentFile");
  const paths = files.map(({ value }) => value.replace(/^-/, ""));
  const at = paths.lastIndexOf(DEFAULTS);
  if (at < 0) return `ipvsadm.service does not read ${DEFAULTS}: no drop-in may take its EnvironmentFile= away`;
  const unset = lines.find(
    ({ name, value }) => name === "Service.UnsetEnvironment" && /(?:^|[\s"'])AUTO\b/.test(value),
  );
  if (unset !== undefined) return `${unset.file} says "UnsetEnvironment=${unset.value}". Remove it`;
  // Files of a pattern come with it; what is missing now may be there at boot.
  const later = loader.environment.find(({ path, lines: text }) => {
    const reading = readAuto(text.join("\n"), systemdEnvironment);
    return isAfter(path, paths, at) && !("value" in reading && (reading.value ?? "true") === "true");
  });
  return later === undefined
    ? undefined
    : `${later.path} sets AUTO as well, and ipvsadm.service reads it after ${DEFAULTS}. Remove AUTO there`;
}

/** Without the pattern that brought it, a file counts as a later one. */
function isAfter(path: string, paths: readonly string[], at: number): boolean {
  const own = paths.indexOf(path);
  return own < 0 || own > at;
}

/** The init script reads these from the file as well. */
function shellProblem(text: string, reader: Reader): string | undefined {
  const rules = reader(text, "IPVSADM_RULES");
  if (!("value" in rules) || rules.value === undefined || rules.value === "/etc/ipvsadm.rules") return undefined;
  return `${DEFAULTS} says IPVSADM_RULES="${rules.value}", so that the init script does not read /etc/ipvsadm.rules. Remove it`;
}
