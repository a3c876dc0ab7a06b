import { NUMBERS, SWITCHES, THRESHOLD } from "../../../provider/kinds/ipvs-settings/sysctls.ts";

/** What is wanted of each switch of IPVS: the opposite of what the kernel has. */
const switches: Readonly<Record<keyof typeof SWITCHES, boolean>> = {
  backupOnly: true,
  cacheBypass: true,
  conntrack: true,
  expireNodestConn: true,
  expireQuiescentTemplate: true,
  ignoreTunneled: true,
  natIcmpSend: true,
  pmtuDisc: false,
  runEstimation: false,
  scheduleIcmp: true,
  sloppySctp: true,
  sloppyTcp: true,
  snatReroute: false,
  syncPersistMode: true,
};

/** Settings that a host's kernel may not have yet: test/lab/ipvs/ipvs-settings.test.ts sets them where it has. */
const NEWER = ["connLfactor", "connMax", "estNice", "svcLfactor"] as const;
export const newerSettings: readonly string[] = [...NEWER, "estCpulist"];

/** What is wanted of each other number, which is not what the kernel has, and what somebody makes of it. */
const numbers: Readonly<
  Record<Exclude<keyof typeof NUMBERS, (typeof NEWER)[number]>, readonly [wanted: number, byHand: number]>
> = {
  amDroprate: [20, 21],
  amemthresh: [512, 513],
  connReuseMode: [0, 1],
  dropEntry: [1, 0],
  dropPacket: [1, 3],
  secureTcp: [1, 0],
  syncPorts: [2, 4],
  syncQlenMax: [2000, 2001],
  syncRefreshPeriod: [10, 11],
  syncRetries: [1, 2],
  syncSockSize: [200000, 200001],
  syncVersion: [0, 1],
};

/** Arguments of IpvsSettings. */
export const settings = {
  ...switches,
  ...Object.fromEntries(Object.entries(numbers).map(([name, [wanted]]) => [name, wanted])),
  syncThreshold: { packets: 2, period: 20 },
};

const byHand: readonly (readonly [field: string, sysctl: string, value: string | number])[] = [
  ...entries(SWITCHES).map(([name, { sysctl }]) => [name, sysctl, switches[name] ? 0 : 1] as const),
  ...entries(numbers).map(([name, [, value]]) => [name, NUMBERS[name].sysctl, value] as const),
  ["syncThreshold", THRESHOLD.sysctl, "3 50"],
];

/** Each of them changed by hand. */
export const settingDrifts = {
  fields: byHand.map(([field]) => field),
  byHand: `sysctl -qw ${byHand.map(([, key, value]) => `'${key}=${value}'`).join(" ")}`,
};

function entries<Name extends string, Row>(table: Readonly<Record<Name, Row>>): [Name, Row][] {
  return Object.entries(table) as [Name, Row][];
}
