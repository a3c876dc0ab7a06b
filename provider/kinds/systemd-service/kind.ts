import { dropOriginal, originalOf, originalState, recordOriginal } from "../../facts/files/original-state";
import { MANAGER_OF_UNIT } from "../../facts/network/manager-units";
import { type SshPath, sshPath } from "../../facts/network/ssh-path";
import type { Step } from "../../step";
import { defineKind } from "../define-kind";
import { systemdAdvice, type Unit, unit } from "./facts";
import { isSshd, refuseCuttingOff } from "./lockout";
import { type Earlier, type Service, systemdService as schema, type WantedService } from "./schema";
import { type Transition, transitionStep, transitionsTo } from "./transitions";

interface Seen {
  readonly unit: Unit;
  readonly before: string | undefined;
  /** Asked for only where the service keeps a network up. */
  readonly wayIn?: SshPath;
}

type Change =
  | { readonly op: "remember"; readonly name: string }
  | { readonly op: "forget"; readonly name: string }
  | {
      readonly op: "move";
      readonly name: string;
      readonly move: Transition;
      readonly allowed: boolean;
      /** To how it was: pointless where the unit is gone with its package. */
      readonly back: boolean;
    };

/** A unit of systemd: runs or not, now and at boot. A destroy puts back how it was before. */
export const systemdService = defineKind<WantedService, Service, Seen, Change>({
  name: "SystemdService",
  schema,
  identity: ["name"],
  observedProperties: ["name", "running", "enabled", "before"],
  key: ({ name }) => name,
  commands: ({ name, running, enabled }) => [`${name}: ${running ? "running" : "stopped"}, ${enabled}`],
  facts: ({ name }) => ({
    unit: unit(name),
    before: originalState,
    ...(Object.hasOwn(MANAGER_OF_UNIT, name) && { wayIn: sshPath }),
  }),
  observe: find,
  plan,
  render,
  lockoutProblem: ({ name, running, enabled, allowCuttingOff }) => {
    if (allowCuttingOff || !isSshd(name) || (running && enabled === "enabled")) return undefined;
    const property = running ? "enabled" : "running";
    return {
      property,
      reason: "would end our own way into the host: set allowCuttingOff: true if you know another one",
    };
  },
  advice: [
    ...systemdAdvice,
    {
      when: /Unit .* (?:not found|could not be found)|does not exist/,
      say: "No package on this host has that unit: install it first, with a Package, and let this depend on it.",
    },
    {
      when: /start.?limit|too quickly|too often/i,
      say: 'systemd gave up on it after several failed starts: mend it, then "systemctl reset-failed" it, or run again later.',
    },
    {
      when: /Failed to mask unit: File .* already exists/,
      say: "Somebody wrote that unit into /etc/systemd/system himself, and systemd masks only units of packages: disable it instead.",
    },
  ],
});

/** A unit that is not there is nothing, unless it is masked ahead of its package. */
function find(seen: Seen, want: WantedService): Service | undefined {
  const { name, allowCuttingOff } = want;
  const earlier = originalOf(seen.before, "SystemdService", name) as Earlier | undefined;
  if (!seen.unit.exists && earlier === undefined) return undefined;
  return {
    name,
    ...stateOf(seen.unit, want),
    ...(earlier !== undefined && { before: earlier }),
    allowCuttingOff,
  };
}

export function plan(want: WantedService | undefined, have: Service | undefined): readonly Change[] {
  if (want === undefined) {
    const { name, before: earlier, allowCuttingOff: allowed = false } = have ?? {};
    if (have === undefined || name === undefined || earlier === undefined) return [];
    const back = transitionsTo(have, { running: earlier.running, enabled: bootWord(earlier.enabled) });
    return [...back.map((move) => ({ op: "move", name, move, allowed, back: true }) as const), { op: "forget", name }];
  }
  const { name, allowCuttingOff: allowed } = want;
  const from = have ?? { name, running: false, enabled: "disabled" };
  return [
    ...(have?.before === undefined ? [{ op: "remember", name } as const] : []),
    ...transitionsTo(from, want).map((move) => ({ op: "move", name, move, allowed, back: false }) as const),
  ];
}

function render(change: Change, seen: Seen): readonly Step[] {
  switch (change.op) {
    case "remember":
      return [recordOriginal("SystemdService", change.name, earlierOf(seen.unit))];
    case "forget":
      return dropOriginal("SystemdService", change.name);
    case "move":
      if (change.back && !seen.unit.exists) return [];
      if (!change.allowed) refuseCuttingOff(change.move, seen.unit, seen.wayIn);
      return [transitionStep(change.move, seen.unit)];
  }
}

/** In the user's words where they fit; a unit that cannot be enabled, such as a static one, is as good as disabled. */
function stateOf(unit: Unit, want: WantedService): { running: boolean; enabled: string } {
  const idle = ["inactive", "failed"].includes(unit.activeState);
  const up = ["active", "reloading"].includes(unit.activeState);
  const fits = bootWord(unit.fileState) === want.enabled && unit.fileState !== "masked-runtime";
  return { running: want.running ? up : !idle, enabled: fits ? want.enabled : plain(unit.fileState) };
}

function earlierOf({ activeState, fileState }: Unit): Earlier {
  return { running: ["active", "reloading", "activating"].includes(activeState), enabled: plain(fileState) };
}

function plain(fileState: string): string {
  return fileState === "" ? "disabled" : fileState;
}

function bootWord(fileState: string): WantedService["enabled"] {
  if (fileState.startsWith("masked")) return "masked";
  return fileState === "enabled" || fileState === "alias" ? "enabled" : "disabled";
}
