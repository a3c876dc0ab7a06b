import type { IpvsLoader } from "../../facts/ipvs/loader";
import { type UnitLine, unitLines } from "../../facts/ipvs/unit-file";
import type { RulesLoaderName } from "../../model/ipvs/rules-loader";
import { ownValue } from "../../model/own-value";

/** What the next boot will run to load IPVS rules. */
export interface NextBoot {
  readonly by: "unit" | "init script";
  /** Whose files it reads. Undefined: a unit that is neither Debian's nor RHEL's. */
  readonly loads: RulesLoaderName | undefined;
  /** Who reads /etc/default/ipvsadm for it. */
  readonly reader: "shell" | "systemd";
  /** Whether the boot starts it. */
  readonly isStarted: boolean;
  /** Why it loads nothing, even if it is started. */
  readonly problem?: string;
  /** The assignments of the unit with its drop-ins. */
  readonly lines: readonly UnitLine[];
}

/** Undefined: the host has neither a unit nor an init script that its next boot could run. */
export function nextBoot(loader: IpvsLoader): NextBoot | undefined {
  if (!loader.systemd) return loader.initScript ? scriptOf(loader) : unitOf(loader);
  if (loader.unit !== undefined) return unitOf(loader);
  // systemd makes a unit of the script, which has the drop-ins of that name.
  return loader.initScript && loader.runsInitScripts ? scriptOf(loader) : undefined;
}

function scriptOf(loader: IpvsLoader): NextBoot {
  const lines = loader.systemd ? unitLines(loader.texts) : [];
  const replaced = lines.find(({ name }) => /^Service\.(?:ExecStart|ExecCondition)$/.test(name));
  const problem =
    replaced === undefined ? conditionProblem(lines, loader) : `${replaced.file} runs "${replaced.value}" in its place`;
  return {
    by: "init script",
    loads: loader.defaults ? "debian" : undefined,
    reader: "shell",
    isStarted: loader.links === "enabled",
    ...(problem !== undefined && { problem }),
    lines,
  };
}

function unitOf(loader: IpvsLoader): NextBoot | undefined {
  const { unit } = loader;
  if (unit === undefined) return undefined;
  const lines = unitLines(loader.texts);
  const commands = lines.filter(({ name }) => name === "Service.ExecStart" || name === "Service.ExecStartPre");
  const has = (program: RegExp) => commands.some(({ value }) => program.test(value));
  const script = has(/(?:^|[\s"'])\/etc\/init\.d\/ipvsadm["']?\s+(?:start|restart|reload|force-reload|load)\b/);
  const debian = script || has(/^[-+!@:|]*\/usr\/libexec\/ipvsadm\/ipvsadm-load\b/);
  const rhel = has(/\/etc\/sysconfig\/ipvsadm(?![-a-z])/);
  const problem = unit.masked
    ? `ipvsadm.service is masked by ${unit.path}. Run "systemctl unmask ipvsadm"`
    : conditionProblem(lines, loader);
  return {
    by: "unit",
    loads: unit.masked ? undefined : debian ? "debian" : rhel ? "rhel" : undefined,
    reader: script ? "shell" : "systemd",
    isStarted: loader.pulledInBy.some((link) => isReached(link, loader)),
    ...(problem !== undefined && { problem }),
    lines,
  };
}

/** Targets that every boot of a server reaches. Others wait for something that may not be there. */
const ALWAYS = ["multi-user", "basic", "sysinit", "sockets", "timers", "paths", "local-fs", "getty"];

function isReached(link: string, { target }: IpvsLoader): boolean {
  const [, name] = /\/([^/]+)\.target\.(?:wants|requires|upholds)\/[^/]+$/.exec(link) ?? [];
  if (name === undefined) return false;
  if (target === "other") return name === "default" || ["basic", "sysinit", "local-fs"].includes(name);
  return ALWAYS.includes(name) || name === "default" || name === target;
}

/** A condition that the next boot may find false. systemd then leaves the unit out, without an error. */
function conditionProblem(lines: readonly UnitLine[], loader: IpvsLoader): string | undefined {
  const condition = lines.find((line) => CONDITION.test(line.name) && !isTrue(line, loader));
  if (condition === undefined) return undefined;
  const text = `${condition.name.replace(/^\w+\./, "")}=${condition.value}`;
  return `${condition.file} says "${text}", which may keep ipvsadm.service from running at boot. Remove it`;
}

const CONDITION = /^Unit\.(?:Condition|Assert)|^Service\.ExecCondition$/;

/** Files that are there at boot: ours to write, or present now on a disk. */
function isTrue({ name, value }: UnitLine, { paths }: IpvsLoader): boolean {
  const [, test] = /^Unit\.(?:Condition|Assert)(PathExists|FileNotEmpty|FileIsExecutable)$/.exec(name) ?? [];
  const [, negated, path] = /^(!?)(\/[^%]*)$/.exec(value) ?? [];
  if (test === undefined || path === undefined) return false;
  if (/^\/(?:run|tmp|var\/run|dev|proc|sys)\//.test(path)) return negated === "" && LOADED_EARLY.includes(path);
  if (WRITTEN.includes(path) && test !== "FileIsExecutable") return negated === "";
  const word = ownValue(
    { PathExists: "exists", FileNotEmpty: "filled", FileIsExecutable: "executable" } as const,
    test,
  );
  return paths.includes(`${word} ${path}`) === (negated === "");
}

/** With the module, which is loaded early. */
const LOADED_EARLY = ["/proc/net/ip_vs", "/sys/module/ip_vs"];
const WRITTEN = ["/etc/ipvsadm.rules", "/etc/sysconfig/ipvsadm", "/etc/default/ipvsadm"];
