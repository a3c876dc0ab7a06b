import { DEFAULTS, type IpvsLoader } from "../../facts/ipvs/loader";
import { type Reader, shellEnvironment } from "../../facts/ipvs/shell-environment";
import { systemdEnvironment } from "../../facts/ipvs/systemd-environment";
import type { Command, Step } from "../../step";
import { isAutomatic, setAutomatic, unsetAutomatic } from "./debian-defaults";
import { daemonProblem, defaultsProblem } from "./defaults-problem";
import type { RulesLoader } from "./loader";
import { nextBoot } from "./next-boot";
import type { OriginalLoader } from "./original-loader";

/**
 * Debian and its relatives: the init script, or since 1.31-5 a unit, loads /etc/ipvsadm.rules if AUTO is "true", which is not the
 * default. Neither is started or stopped here, because with AUTO they empty the whole table first.
 */
export const debianRules: RulesLoader = {
  name: "debian",
  file: "/etc/ipvsadm.rules",
  isInstalled: ({ loader }) => nextBoot(loader)?.loads === "debian",
  rules: ({ debianRules }) => debianRules,
  originalState: ({ loader }) => (isUnit(loader) ? (isStarted(loader) ? "enabled" : "disabled") : loader.links),
  isEnabled: ({ loader, debianDefaults }) => isStarted(loader) && isAutomatic(debianDefaults, readerOf(loader)),
  problem: (seen) => {
    const reader = readerOf(seen.loader);
    const text = setAutomatic(seen.debianDefaults, reader);
    return (
      defaultsProblem(seen, text, reader) ?? (empties(seen.loader) ? daemonProblem(seen, text, reader) : undefined)
    );
  },
  loadsWhole: ({ loader }) => empties(loader),
  enable: ({ loader }): Step[] => [
    { file: DEFAULTS, summary: 'AUTO="true"', edit: (text) => setAutomatic(text, readerOf(loader)) },
    ...(isStarted(loader) ? [] : [{ command: isUnit(loader) ? ENABLE_UNIT : ENABLE, once: true }]),
  ],
  restore: ({ loader }, original): Step[] => [
    { file: DEFAULTS, summary: "the original AUTO", edit: unsetAutomatic },
    ...restoreLinks(loader, original),
  ],
};

/** The unit ends with "ipvsadm -C" when its loading or its sync daemon fails. */
function empties(loader: IpvsLoader): boolean {
  const next = nextBoot(loader);
  return next?.by === "unit" && next.lines.some(({ name }) => name === "Service.ExecStopPost");
}

function isUnit(loader: IpvsLoader): boolean {
  return nextBoot(loader)?.by === "unit";
}

/** Where the user names this loader and the host shows another one, the links of the script count. */
function isStarted(loader: IpvsLoader): boolean {
  return nextBoot(loader)?.isStarted ?? loader.links === "enabled";
}

function readerOf(loader: IpvsLoader): Reader {
  return nextBoot(loader)?.reader === "systemd" ? systemdEnvironment : shellEnvironment;
}

const ENABLE: Command = { sh: "update-rc.d ipvsadm defaults && update-rc.d ipvsadm enable" };

// "systemctl enable" would change the links of the init script, too, and "disable" those that others made.
const ENABLE_UNIT: Command = { run: ["systemctl", "--quiet", "add-wants", "multi-user.target", "ipvsadm.service"] };
const DISABLE_UNIT: Command = {
  sh: "rm -f -- /etc/systemd/system/multi-user.target.wants/ipvsadm.service && systemctl daemon-reload",
};

function restoreLinks(loader: IpvsLoader, original: OriginalLoader): Step[] {
  if (!isStarted(loader) || original.loader === "enabled") return [];
  if (isUnit(loader)) return [{ command: DISABLE_UNIT, once: true }];
  const words =
    original.loader === "absent" ? (["-f", "ipvsadm", "remove"] as const) : (["ipvsadm", "disable"] as const);
  return [{ command: { run: ["update-rc.d", ...words] }, once: true }];
}
