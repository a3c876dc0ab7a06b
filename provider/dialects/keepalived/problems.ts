import { UserError } from "../../errors";
import { isRunning } from "../../facts/keepalived/daemon";
import { MAIN_FILE } from "../../facts/keepalived/paths";
import type { Advice } from "../../step";
import { hasForeignWork } from "./drop-in";
import { secondInclude } from "./main-file";
import { recordedDaemon } from "./record";
import type { KeepalivedSeen } from "./seen";

/** The version of the host's keepalived. Throws where it has none. */
export function versionOf({ keepalivedDaemon: { version } }: Pick<KeepalivedSeen, "keepalivedDaemon">): string {
  if (version !== undefined) return version;
  throw new UserError(
    'keepalived is not installed on this host: declare new Package("keepalived", { host, name: "keepalived" }), and let this depend on it',
  );
}

/** Throws where the daemon would not read our files, or where it would begin what the host does not do now. */
export function refuseUnusable(seen: KeepalivedSeen): void {
  const problem = [serviceProblem, optionsProblem, mainProblem, foreignProblem]
    .map((find) => find(seen))
    .find((one) => one !== undefined);
  if (problem !== undefined) throw new UserError(problem);
}

function serviceProblem({ keepalivedDaemon: { unit } }: KeepalivedSeen): string | undefined {
  if (!unit.exists) return "this host has no keepalived.service, by which systemd starts the daemon";
  return unit.fileState.startsWith("masked")
    ? 'keepalived.service is masked on this host: "systemctl unmask keepalived.service" ends that'
    : undefined;
}

function optionsProblem({ keepalivedDaemon: { options } }: KeepalivedSeen): string | undefined {
  const line = options.find((one) => /(?:^|[\s"'=])(?:-f|--use-file\b)/.test(one));
  if (line === undefined) return undefined;
  return `the options of keepalived (${line}) name another file than ${MAIN_FILE}, by which ours are included. Remove the option`;
}

function mainProblem({ keepalivedDaemon, keepalivedConfig, keepalivedMain }: KeepalivedSeen): string | undefined {
  if (keepalivedDaemon.executable.includes(MAIN_FILE)) {
    return `keepalived passes over ${MAIN_FILE}, because it is executable: "chmod a-x ${MAIN_FILE}" ends that`;
  }
  const second = secondInclude(keepalivedConfig, keepalivedMain);
  if (second === undefined) return undefined;
  return `${second}, includes our files, too, and keepalived would read each twice. Remove that line`;
}

/** It would begin with what somebody has turned off. */
function foreignProblem({ keepalivedDaemon, keepalivedConfig, keepalivedBefore }: KeepalivedSeen): string | undefined {
  const isNew = recordedDaemon(keepalivedBefore) === undefined && !isRunning(keepalivedDaemon.unit.activeState);
  if (!isNew || !hasForeignWork(keepalivedConfig)) return undefined;
  const [one] = [...keepalivedConfig.instances, ...keepalivedConfig.services];
  return (
    one &&
    `keepalived does not run on this host, and ${one.file}, line ${one.line}, has something for it to do, which would begin with ours. Start it, or remove that`
  );
}

/** What to do when a step of the daemon's fails. */
export const keepalivedAdvice: readonly Advice[] = [
  {
    when: /and did so before this change/,
    say: "Nothing was changed, and keepalived was not told to read its files: it would end, or leave out what it does not understand. Correct that file first.",
  },
  {
    when: /SECURITY VIOLATION/,
    say: `Write "global_defs { enable_script_security }" into ${MAIN_FILE}: without it keepalived trusts scripts that others may write, and some versions refuse to start. It also ends scripts of yours that others may write.`,
  },
  {
    when: /Unknown keyword '(?:nopreempt|higher_prio_send_advert|garp_lower_prio_repeat)'/,
    say: "This keepalived is too old for that.",
  },
  {
    when: /start.?limit|too quickly|too often/i,
    say: 'systemd gave up after several failed starts: "journalctl -u keepalived" says why.',
  },
];
