import { z } from "zod";
import { compact, whole, yesNo } from "../../model/fields";
import { type RulesLoaderName, rulesLoader } from "../../model/ipvs/rules-loader";
import type { Setting } from "../../model/sysctl/setting";
import { DEFENCES, NUMBERS, numberNames, SWITCHES, switchNames, sysctlFields, THRESHOLD } from "./sysctls";

export const TIMEOUT_NAMES = ["tcp", "tcpFin", "udp"] as const;
export type TimeoutName = (typeof TIMEOUT_NAMES)[number];

/** Seconds after which an idle connection is forgotten. Those that are not named are left as they are. */
export type Timeouts = { readonly [Name in TimeoutName]?: number | undefined };

const seconds = whole(1, 2678400);

const fields = z.strictObject({
  timeouts: z
    .strictObject({ tcp: seconds.optional(), tcpFin: seconds.optional(), udp: seconds.optional() })
    .transform((said): Timeouts => compact(said))
    .refine((said) => Object.keys(said).length > 0, { error: "must name at least one of tcp, tcpFin, udp" })
    .optional(),
  ...sysctlFields,
  connTabBits: whole(8, 27).optional(),
  boot: yesNo.default(true),
  rulesLoader,
});

type Fields = z.output<typeof fields>;

/** The settings of a host's IPVS, as the host tells them: those that somebody asked for. */
export type IpvsSettings = Omit<Fields, "rulesLoader"> & {
  /** What waits for the next boot. */
  readonly pending?: string;
};

export type WantedIpvsSettings = Omit<Fields, "rulesLoader"> & { readonly rulesLoader?: RulesLoaderName };

export const ipvsSettings = fields.transform((said, ctx): WantedIpvsSettings => {
  const { boot: _, rulesLoader: __, ...settings } = said;
  if (Object.keys(compact(settings)).length === 0) {
    const message = "is missing: name at least one setting, such as timeouts or conntrack";
    ctx.addIssue({ code: "custom", path: ["timeouts"], message, input: undefined });
  }
  return compact(said);
});

/** The names of all settings, as a host can tell them. */
export const SETTING_NAMES = ["timeouts", ...switchNames, ...numberNames, "syncThreshold", "connTabBits"] as const;

/** The kernel settings that somebody asked for. */
export function vsSettings(want: Partial<Fields>): readonly Setting[] {
  const { syncThreshold } = want;
  return [
    ...switchNames.flatMap((name) => {
      const value = want[name];
      return value === undefined ? [] : [setting(SWITCHES[name], value ? 1 : 0)];
    }),
    ...numberNames.flatMap((name) => {
      const value = want[name];
      return value === undefined ? [] : [setting(NUMBERS[name], value)];
    }),
    ...(syncThreshold === undefined ? [] : [setting(THRESHOLD, `${syncThreshold.packets} ${syncThreshold.period}`)]),
  ];
}

/** The way back: live values by the kernel's name, in the user's words. Throws on what makes no sense. */
export function readVsSettings(values: ReadonlyMap<string, string>): Partial<Fields> {
  const of = ({ sysctl }: { readonly sysctl: string }) => values.get(sysctl);
  const threshold = of(THRESHOLD)?.split(" ").map(Number);
  const [packets = 0, period = 0] = threshold ?? [];
  const numbers = numberNames.map((name) => [name, readNumber(name, of(NUMBERS[name]))] as const);
  return {
    ...Object.fromEntries(switchNames.map((name) => [name, of(SWITCHES[name])]).flatMap(readSwitch)),
    ...Object.fromEntries(numbers.filter(([, value]) => value !== undefined)),
    ...(threshold !== undefined && { syncThreshold: { packets, period } }),
  };
}

function readSwitch([name = "", value]: readonly (string | undefined)[]): (readonly [string, boolean])[] {
  return value === undefined ? [] : [[name, value !== "0"]];
}

function readNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  return value === "2" && DEFENCES.includes(name) ? 1 : Number(value);
}

function setting({ sysctl, reason }: { readonly sysctl: string; readonly reason: string }, value: Setting["value"]) {
  return { key: sysctl, value, reason };
}
