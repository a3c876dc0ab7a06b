import {
  dropOriginal,
  type OriginalState,
  originalOf,
  originalState,
  recordOriginal,
} from "../../facts/files/original-state";
import { type OwnersOf, owners } from "../../facts/files/owners";
import { MANAGER_OF_UNIT } from "../../facts/network/manager-units";
import { type SshPath, sshPath } from "../../facts/network/ssh-path";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import { systemdAdvice, type Unit, unit } from "./facts";
import { lockoutProblem, refuseCuttingOff } from "./lockout";
import { OBSERVED } from "./properties";
import {
  type OriginalService,
  originalService,
  type Service,
  systemdService as schema,
  type WantedService,
} from "./schema";
import { type Transition, transitionStep, transitionsTo } from "./transitions";

interface Seen {
  readonly unit: Unit;
  readonly before: OriginalState;
  readonly owners: OwnersOf;
  /** Read only for a network manager. */
  readonly sshPath?: SshPath;
}

type Change =
  | { readonly op: "recordOriginal"; readonly name: string }
  | { readonly op: "dropOriginal"; readonly name: string }
  | {
      readonly op: "transition";
      readonly name: string;
      readonly transition: Transition;
      readonly allowCuttingOff: boolean;
      /** Restores the original state. Skipped for a unit that was removed with its package. */
      readonly restores: boolean;
    };

/** A systemd unit: whether it runs, and whether a boot starts it. A destroy restores its original state. */
export const systemdService = defineKind<WantedService, Service, Seen, Change>({
  name: "SystemdService",
  schema,
  identity: ["name"],
  observedProperties: OBSERVED,
  key: ({ name }) => name,
  commands: ({ name, running, enabled }) => [`${name}: ${running ? "running" : "stopped"}, ${enabled}`],
  facts: ({ name }) => ({
    unit: unit(name),
    before: originalState,
    owners,
    ...(Object.hasOwn(MANAGER_OF_UNIT, name) && { sshPath }),
  }),
  observe,
  plan,
  render,
  lockoutProblem,
  alsoOwnedBy: ({ unit, owners }, { name }) =>
    unit.names.flatMap((one) => (one === name ? [] : (owners("SystemdService", one)?.names ?? []))),
  advice: [
    ...systemdAdvice,
    {
      when: /Unit .* (?:not found|could not be found)|does not exist/,
      say: "This host has no such unit: install its package first, with a Package, and let this depend on it.",
    },
    {
      when: /start.?limit|too quickly|too often/i,
      say: 'systemd gave up after several failed starts: fix the service, run "systemctl reset-failed", then run again.',
    },
    {
      when: /Failed to mask unit: File .* already exists/,
      say: "The unit is a file in /etc/systemd/system, and systemd can only mask units of packages: disable it instead.",
    },
  ],
});

/** Undefined where the unit does not exist, unless we masked it before its package was installed. */
function observe(seen: Seen, want: WantedService): Service | undefined {
  const { name, allowCuttingOff } = want;
  const [original] = originalsOf(name, seen).values();
  if (!seen.unit.exists && original === undefined) return undefined;
  return {
    name,
    ...stateOf(seen.unit, want),
    ...(original !== undefined && { before: original }),
    allowCuttingOff,
  };
}

export function plan(want: WantedService | undefined, have: Service | undefined): readonly Change[] {
  if (want === undefined) {
    if (have?.before === undefined) return [];
    const { name, before: original, allowCuttingOff = false } = have;
    const transitions = transitionsTo(have, { running: original.running, enabled: bootWord(original.enabled) });
    return [
      ...transitions.map(
        (transition) => ({ op: "transition", name, transition, allowCuttingOff, restores: true }) as const,
      ),
      { op: "dropOriginal", name },
    ];
  }
  const { name, allowCuttingOff } = want;
  const from = have ?? { name, running: false, enabled: "disabled" };
  return [
    ...(have?.before === undefined ? [{ op: "recordOriginal", name } as const] : []),
    ...transitionsTo(from, want).map(
      (transition) => ({ op: "transition", name, transition, allowCuttingOff, restores: false }) as const,
    ),
  ];
}

function render(change: Change, seen: Seen): readonly Step[] {
  switch (change.op) {
    case "recordOriginal":
      return [recordOriginal("SystemdService", change.name, originalStateOf(seen.unit))];
    case "dropOriginal":
      return [...originalsOf(change.name, seen).keys()].map((name) => dropOriginal("SystemdService", name));
    case "transition":
      if (change.restores && !seen.unit.exists) return [];
      if (!change.allowCuttingOff) refuseCuttingOff(change.transition, seen.unit, seen.sshPath);
      return [transitionStep(change.transition, seen.unit)];
  }
}

/** The state before our first change, by the names of the unit by which it is on record. */
function originalsOf(name: string, { before, unit }: Seen): ReadonlyMap<string, OriginalService> {
  const names = [...new Set([name, ...unit.names])];
  return new Map(
    names.flatMap((one) => {
      const original = originalOf(before, "SystemdService", one, originalService);
      return original === undefined ? [] : [[one, original] as const];
    }),
  );
}

/** The desired words where the unit's state amounts to them: a unit that cannot be enabled, such as a static one, counts as disabled. */
function stateOf(unit: Unit, want: WantedService): { running: boolean; enabled: string } {
  const isStopped = ["inactive", "failed"].includes(unit.activeState);
  const isRunning = ["active", "reloading"].includes(unit.activeState);
  const isAsDesired = bootWord(unit.fileState) === want.enabled && unit.fileState !== "masked-runtime";
  return {
    running: want.running ? isRunning : !isStopped,
    enabled: isAsDesired ? want.enabled : fileStateWord(unit.fileState),
  };
}

function originalStateOf({ activeState, fileState }: Unit): OriginalService {
  return { running: ["active", "reloading", "activating"].includes(activeState), enabled: fileStateWord(fileState) };
}

function fileStateWord(fileState: string): string {
  return fileState === "" ? "disabled" : fileState;
}

function bootWord(fileState: string): WantedService["enabled"] {
  if (fileState.startsWith("masked")) return "masked";
  return fileState === "enabled" || fileState === "alias" ? "enabled" : "disabled";
}
