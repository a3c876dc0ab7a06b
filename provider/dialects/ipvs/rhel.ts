import { DROP_IN, DROP_IN_DIRECTORY, type IpvsLoader } from "../../facts/ipvs/loader";
import { unitLines } from "../../facts/ipvs/unit-file";
import { quote, type Step } from "../../step";
import type { LoaderFacts, RulesLoader } from "./loader";
import { nextBoot } from "./next-boot";

/**
 * RHEL and its relatives: ipvsadm.service loads /etc/sysconfig/ipvsadm. When it stops, also at every shutdown, it overwrites that file
 * with the live table, without thresholds, and empties the table. The drop-in removes both actions. The unit is never started or
 * restarted here, and stopped only if systemd has nothing to run for that.
 */
export const rhelRules: RulesLoader = {
  name: "rhel",
  file: "/etc/sysconfig/ipvsadm",
  isInstalled: ({ loader }) => nextBoot(loader)?.loads === "rhel",
  rules: ({ rhelRules }) => rhelRules,
  originalState: ({ loader }) => (isStarted(loader) ? "enabled" : "disabled"),
  isEnabled: ({ loader }) => isEnabled(loader),
  problem: ({ loader }) => maskProblem(loader) ?? savingProblem(loader),
  loadsWhole: () => false,
  enable: ({ loader }): Step[] => {
    if (isEnabled(loader)) return [];
    return [{ command: { sh: ENABLE, args: [DROP_IN_TEXT, isStarted(loader) ? "enabled" : "disabled"] }, once: true }];
  },
  restore: ({ loader }, original): Step[] => {
    const disable = original.loader !== "enabled" && isStarted(loader);
    if (dropInOf(loader) === undefined && !disable) return [];
    return [{ command: { sh: RESTORE, args: [disable ? "disable" : "leave"] }, once: true }];
  },
};

function isStarted(loader: IpvsLoader): boolean {
  return nextBoot(loader)?.isStarted === true;
}

function isEnabled(loader: IpvsLoader): boolean {
  return isStarted(loader) && dropInOf(loader)?.startsWith(DROP_IN_TEXT) === true;
}

/** The text of our drop-in. */
function dropInOf({ texts }: Pick<LoaderFacts["loader"], "texts">): string | undefined {
  const lines = texts.find(({ path }) => path === DROP_IN)?.lines;
  return lines?.map((line) => `${line}\n`).join("");
}

function maskProblem({ nulls }: IpvsLoader): string | undefined {
  return nulls.includes(DROP_IN)
    ? `${DROP_IN} is a link to /dev/null, so that ours cannot be there, and each shutdown writes the live table over the file. Remove it`
    : undefined;
}

/** A drop-in that counts after ours would bring the saving back: thresholds are lost at the second boot. */
function savingProblem({ texts }: IpvsLoader): string | undefined {
  const later = texts.filter(({ path }) => path.endsWith(".conf") && (path.split("/").at(-1) ?? "") > OWN_NAME);
  const saving = unitLines(later).find(
    ({ name, value }) => /^Service\.ExecStop(?:Post)?$/.test(name) && value.includes("/etc/sysconfig/ipvsadm"),
  );
  return saving === undefined
    ? undefined
    : `${saving.file} says "ExecStop=${saving.value}", which writes the live table over the file at each shutdown. Remove it`;
}

const OWN_NAME = DROP_IN.slice(DROP_IN_DIRECTORY.length + 1);

const DROP_IN_TEXT = `# Written by pulumi-lvs: without this, stop and shutdown would write the live table over /etc/sysconfig/ipvsadm
# (without thresholds) and empty it.
[Service]
ExecStop=
`;

const INACTIVE = "# The unit was not active before.";

// "systemctl enable" makes systemd read its units anew, the drop-in included. When systemd could not, the drop-in goes
// again, so that the next run sees that it is still to be done. Dot files are no drop-ins.
const ENABLE = `was=
if grep -qs ${quote(`^${INACTIVE}`)} ${DROP_IN} || ! systemctl --quiet is-active ipvsadm.service; then was=${quote(INACTIVE)}; fi
mkdir -p -- ${DROP_IN_DIRECTORY} &&
new=$(mktemp -- ${DROP_IN_DIRECTORY}/.pulumi-lvs.XXXXXXXXXX) || exit 1
{ chmod 0644 "$new" && printf '%s%s\\n' "$1" "$was" | cat >"$new" && mv -f -- "$new" ${DROP_IN}; } || { rm -f -- "$new"; exit 1; }
if [ "$2" = enabled ]; then systemctl daemon-reload; else systemctl --quiet enable ipvsadm.service; fi && exit 0
rm -f -- ${DROP_IN}
exit 1`;

// A unit that a boot has made active would, with its ExecStop back, write the table over the file at the next shutdown. While
// systemd itself says that there is nothing to run, a stop runs nothing, and only makes the unit inactive again.
const RESTORE = `if grep -qs ${quote(`^${INACTIVE}`)} ${DROP_IN}; then
  case $(systemctl show --property LoadState --property ExecStop ipvsadm.service) in
    *path=*) ;;
    *LoadState=loaded*) systemctl stop ipvsadm.service ;;
  esac
fi
rm -f -- ${DROP_IN} ${DROP_IN_DIRECTORY}/.pulumi-lvs.*
rmdir -- ${DROP_IN_DIRECTORY} 2>/dev/null
if [ "$1" = disable ]; then systemctl --quiet disable ipvsadm.service; else systemctl daemon-reload; fi`;
