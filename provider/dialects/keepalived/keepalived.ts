import { isRunning } from "../../facts/keepalived/daemon";
import { fragmentPath } from "../../facts/keepalived/paths";
import { type FileStep, run, type Step } from "../../step";
import { hasForeignWork, isDropInCurrent, removeDropIn, writeDropIn } from "./drop-in";
import { loadFragments } from "./load";
import { blockToCome, excludeFragments, includeFragments, mainWith, mainWithout } from "./main-file";
import { refuseUnusable, versionOf } from "./problems";
import { dropDaemon, originalDaemon, recordDaemon, recordedDaemon } from "./record";
import { restoreDaemon } from "./restore";
import type { KeepalivedSeen } from "./seen";
import { beginStage, stageFragment, testStage } from "./stage";

/** The state of the daemon, as far as files of ours depend on it. */
export interface DaemonState {
  /** It runs. */
  readonly live: boolean;
  /** A boot starts it, with our files and in our order. */
  readonly boot: boolean;
  /** It has read this file as it is. */
  readonly loaded: boolean;
}

export function daemonState(name: string, seen: KeepalivedSeen): DaemonState {
  const { keepalivedDaemon: daemon, keepalivedConfig, keepalivedMain, keepalivedDropIn } = seen;
  const isIncluded = keepalivedMain === mainWith(keepalivedMain);
  return {
    live: isRunning(daemon.unit.activeState),
    boot: daemon.unit.fileState === "enabled" && isIncluded && isDropInCurrent(keepalivedDropIn, keepalivedConfig),
    loaded: daemon.loaded.includes(name) && !daemon.executable.includes(fragmentPath(name)),
  };
}

/** Whether the daemon may still have a file that is gone. */
export function isStillLoaded(name: string, { keepalivedDaemon }: KeepalivedSeen): boolean {
  return keepalivedDaemon.stillLoaded.includes(name);
}

/**
 * Writes a file of ours and has the daemon read it: recorded how the daemon was, tested with all that it reads, then put in place. The daemon is
 * started with its first file, and reads anew with others. For the jobs of a batch it is tested and read once.
 */
export function writeFragment(name: string, text: string, seen: KeepalivedSeen): readonly Step[] {
  versionOf(seen);
  refuseUnusable(seen);
  const { keepalivedDaemon, keepalivedConfig, keepalivedMain, keepalivedDropIn, keepalivedBefore } = seen;
  const path = fragmentPath(name);
  const original = originalDaemon(keepalivedBefore, keepalivedDaemon);
  const isIncluded = keepalivedMain === mainWith(keepalivedMain);
  return [
    ...(recordedDaemon(keepalivedBefore) === undefined ? [recordDaemon(original)] : []),
    ...staging(name, text, seen),
    ...(keepalivedDaemon.executable.includes(path) ? [run("chmod", "a-x", "--", path)] : []),
    { file: path, summary: text.trimEnd().replaceAll("\n", "; "), edit: () => text },
    ...(isIncluded ? [] : [includeFragments]),
    ...(isDropInCurrent(keepalivedDropIn, keepalivedConfig) ? [] : [writeDropIn(keepalivedConfig)]),
    { ...loadFragments(runsWithoutUs(seen) ? "reload" : "stop"), claims: DAEMON },
  ];
}

/** Who has a file of ours needs all that we have made of the daemon. */
const DAEMON = "keepalived";

/**
 * Removes a file of ours, and has the daemon forget it: with the last one it stops, unless it ran before us. What else is ours then is traces.
 *
 * @param first what is to be done between the two.
 */
export function removeFragment(name: string, seen: KeepalivedSeen, ...first: readonly Step[]): readonly Step[] {
  const remove: FileStep = { file: fragmentPath(name), summary: "remove it", edit: () => undefined };
  return [...staging(name, undefined, seen), remove, ...first, loadFragments(runsWithoutUs(seen) ? "reload" : "stop")];
}

/** What is ours besides, where this file is the last. */
export function removeTracesWith(name: string, seen: KeepalivedSeen): readonly Step[] {
  const isLast = seen.keepalivedDaemon.fragments.every((one) => one === name);
  return isLast ? removeKeepalivedTraces(seen) : [];
}

/** Whether anything of ours is left where no file of ours is: a run that was cut left it, or two that each removed a file. */
export function hasKeepalivedTraces({
  keepalivedDaemon,
  keepalivedBefore,
  keepalivedMain,
  keepalivedDropIn,
}: KeepalivedSeen): boolean {
  if (keepalivedDaemon.fragments.length > 0) return false;
  return (
    recordedDaemon(keepalivedBefore) !== undefined ||
    keepalivedMain !== mainWithout(keepalivedMain) ||
    keepalivedDropIn !== undefined
  );
}

/** Nothing of it is done in a batch where another job makes a file of ours. */
export function removeKeepalivedTraces(seen: KeepalivedSeen): readonly Step[] {
  const { keepalivedBefore, keepalivedDaemon, keepalivedMain, keepalivedDropIn } = seen;
  const recorded = recordedDaemon(keepalivedBefore);
  const steps = [
    ...(keepalivedMain === mainWithout(keepalivedMain) ? [] : [excludeFragments]),
    ...(keepalivedDropIn === undefined ? [] : [removeDropIn]),
    restoreDaemon({ ...originalDaemon(keepalivedBefore, keepalivedDaemon), running: runsWithoutUs(seen) }),
    ...(recorded === undefined ? [] : [dropDaemon]),
  ];
  return steps.map((step) => ({ ...step, releases: DAEMON }));
}

/** It ran before us, or somebody has given it work since. */
function runsWithoutUs({ keepalivedBefore, keepalivedDaemon, keepalivedConfig }: KeepalivedSeen): boolean {
  return originalDaemon(keepalivedBefore, keepalivedDaemon).running || hasForeignWork(keepalivedConfig);
}

function staging(name: string, text: string | undefined, { keepalivedMain }: KeepalivedSeen): readonly Step[] {
  return [beginStage, stageFragment(name, text), testStage(blockToCome(keepalivedMain))];
}
