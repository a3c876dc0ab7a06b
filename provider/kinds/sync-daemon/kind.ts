import { isDeepStrictEqual } from "node:util";
import { BACKUP_ONLY, refuseBackupOnly } from "../../dialects/ipvs/backup-only";
import {
  type BootChange,
  cleanupRules,
  hasBootTraces,
  isInBlock,
  isPersisted,
  renderBoot,
  rulesFacts,
} from "../../dialects/ipvs/boot-rules";
import type { LoaderFacts } from "../../dialects/ipvs/loader";
import type { RuleOwner } from "../../dialects/ipvs/rules-file";
import { rulesKeeper } from "../../dialects/ipvs/used-loaders";
import { UserError } from "../../errors";
import { daemonTarget } from "../../facts/ipvs/rule-target";
import { ipvsAdvice } from "../../facts/ipvs/table";
import { type StartOrder, startOrder } from "../../facts/network/start-order";
import { type SysctlValues, sysctlValues } from "../../facts/sysctl/values";
import { type Advice, run, type Step } from "../../step";
import { defineKind } from "../define-kind";
import { type Daemons, syncDaemons } from "./facts";
import { OBSERVED } from "./properties";
import { SYNC_DEFAULTS, type SyncDaemon, syncDaemon as schema, type WantedSyncDaemon } from "./schema";

export interface SyncSeen extends LoaderFacts {
  readonly daemons: Daemons;
  readonly order: StartOrder;
  readonly values: SysctlValues;
}

export type SyncChange =
  | { readonly op: "start"; readonly daemon: WantedSyncDaemon }
  | { readonly op: "stop"; readonly role: SyncDaemon["role"] }
  | (BootChange & { readonly daemon?: WantedSyncDaemon });

/** The kernel thread that sends a director's connections to its backup, or receives those of its master. */
export const syncDaemon = defineKind<WantedSyncDaemon, SyncDaemon, SyncSeen, SyncChange>({
  name: "SyncDaemon",
  schema,
  identity: ["role"],
  observedProperties: OBSERVED,
  renamed: { state: "role", interface: "device", rules: "rulesLoader" },
  key: ({ role }) => role,
  commands: (want) => [["ipvsadm", ...startArgs(want)].join(" ")],
  facts: () => ({ daemons: syncDaemons, order: startOrder, values: backupOnlyValue, ...rulesFacts }),
  observe,
  plan,
  render,
  keeper: rulesKeeper(({ role }) => ownerOf(role)),
  combines: ({ role }) => [{ property: "role", thing: `a ${role} sync daemon`, of: BACKUP_ONLY }],
  cleanup: (seen, { role }) => cleanupRules(seen, ownerOf(role)),
  advice: [...syncAdvice(), ...ipvsAdvice],
});

const BACKUP_ONLY_KEY = "net.ipv4.vs.backup_only";
const backupOnlyValue = sysctlValues(BACKUP_ONLY_KEY);

/** The running daemon. If only the rules file has it, somebody stopped it. */
function observe(seen: SyncSeen, want: WantedSyncDaemon): SyncDaemon | undefined {
  const running = seen.daemons.get(want.role);
  const owner = ownerOf(want.role);
  const inBlock = isInBlock(seen, owner);
  if (running === undefined && !inBlock) return undefined;
  const { rulesLoader, ...desired } = want;
  const boot = want.boot
    ? isPersisted(seen, owner, [startArgs(want).join(" ")], rulesLoader) && !isTooEarly(want, seen)
    : hasBootTraces(seen, owner);
  return { ...(running ?? desired), live: running !== undefined, boot };
}

function plan(want: WantedSyncDaemon | undefined, have: SyncDaemon | undefined): readonly SyncChange[] {
  if (want === undefined) return have === undefined ? [] : planRemoval(have);
  const { rulesLoader, boot, ...desired } = want;
  const { boot: persisted, ...observed } = have ?? {};
  const owner = ownerOf(want.role);
  const dialect = rulesLoader === undefined ? {} : { dialect: rulesLoader };
  const line = startArgs(want).join(" ");
  const differs = !isDeepStrictEqual(desired, observed);
  return [
    // The kernel cannot change a running daemon.
    ...(differs && have?.live === true ? [{ op: "stop", role: want.role } as const] : []),
    ...(differs ? [{ op: "start", daemon: want } as const] : []),
    ...(boot && persisted !== true ? [{ op: "boot", owner, rules: [line], daemon: want, ...dialect } as const] : []),
    // Of what is not there, it is not known yet whether a boot has anything left of it.
    ...(!boot && persisted !== false ? [{ op: "unboot", owner } as const] : []),
  ];
}

function planRemoval({ role, live }: SyncDaemon): readonly SyncChange[] {
  const unboot = { op: "unboot", owner: ownerOf(role) } as const;
  return live ? [{ op: "stop", role }, unboot] : [unboot];
}

function render(change: SyncChange, seen: SyncSeen): readonly Step[] {
  if (change.op === "stop") return [run("ipvsadm", "--stop-daemon", change.role)];
  if (change.op === "start") {
    refuseBackupOnly(seen.values.get(BACKUP_ONLY_KEY) === "1", [...seen.daemons.keys(), change.daemon.role]);
    return [run("ipvsadm", ...startArgs(change.daemon))];
  }
  if (change.daemon !== undefined && isTooEarly(change.daemon, seen))
    throw new UserError(
      `${change.daemon.device} has no address yet when a boot starts the daemon: networking.service of ifupdown2 is ordered before nothing. ` +
        'Write "[Unit]", "Wants=network.target" and "Before=network.target network-online.target" into ' +
        "/etc/systemd/system/networking.service.d/order.conf, or set boot: false",
    );
  return renderBoot(change, seen);
}

/** A master needs an address of the device when it starts. */
function isTooEarly({ role, device }: WantedSyncDaemon, { order }: SyncSeen): boolean {
  return role === "master" && order.unordered.includes(device);
}

/** Defaults are left out: ipvsadm up to 1.28 knows interface and syncid only. */
function startArgs({ role, device, syncId, group, port, ttl, maxLength }: SyncDaemon): string[] {
  return [
    "--start-daemon",
    role,
    "--mcast-interface",
    device,
    "--syncid",
    String(syncId),
    ...(group === SYNC_DEFAULTS.group ? [] : ["--mcast-group", group]),
    ...(port === SYNC_DEFAULTS.port ? [] : ["--mcast-port", String(port)]),
    ...(ttl === SYNC_DEFAULTS.ttl ? [] : ["--mcast-ttl", String(ttl)]),
    ...(maxLength === undefined ? [] : ["--sync-maxlen", String(maxLength)]),
  ];
}

function ownerOf(role: SyncDaemon["role"]): RuleOwner {
  return { service: daemonTarget(role), itself: true, servers: [] };
}

function syncAdvice(): readonly Advice[] {
  return [
    { when: /No such device/, say: 'The device is not there: run "ip link" on the host to see which are.' },
    {
      when: /Daemon has already run/,
      say: "Something else starts it: keepalived (lvs_sync_daemon), or DAEMON in /etc/default/ipvsadm. Leave it to one of the two.",
    },
    {
      when: /unknown option/,
      say: "The ipvsadm of the host is too old for group, port, ttl and maxLength: they need 1.29 and Linux 4.3.",
    },
    {
      when: /Cannot assign requested address|Invalid operation/,
      say: "The device needs an address of the group's family, and no real server may be of another family than its VIP.",
    },
  ];
}
