import type { z } from "zod";
import { compact, settings, whole, yesNo } from "../../model/fields";
import { type RulesLoaderName, rulesLoader } from "../../model/ipvs/rules-loader";
import type { Setting } from "../../model/sysctl/setting";
import {
  CPUS,
  DEFENCES,
  NUMBERS,
  numberNames,
  SWITCHES,
  switchNames,
  sysctlFields,
  THRESHOLD,
  type VsSetting,
} from "./sysctls";

export const TIMEOUT_NAMES = ["tcp", "tcpFin", "udp"] as const;
export type TimeoutName = (typeof TIMEOUT_NAMES)[number];

/** Seconds after which the kernel drops an idle connection. An absent timeout is left unchanged. */
export type Timeouts = { readonly [Name in TimeoutName]?: number | undefined };

const seconds = whole(1, 2678400);

const fields = settings(
  {
    timeouts: settings({ tcp: seconds.optional(), tcpFin: seconds.optional(), udp: seconds.optional() }, "{ tcp: 900 }")
      .transform((input): Timeouts => compact(input))
      .refine((timeouts) => Object.keys(timeouts).length > 0, { error: "must name at least one of tcp, tcpFin, udp" })
      .optional(),
    ...sysctlFields,
    connTabBits: whole(8, 27).optional(),
    boot: yesNo.default(true),
    rulesLoader,
  },
  "{ expireNodestConn: true }",
);

type Fields = z.output<typeof fields>;

/** The observed state: the settings that we own. */
export type IpvsSettings = Omit<Fields, "rulesLoader"> & {
  /** A setting that takes effect at the next boot. */
  readonly pending?: string;
};

export type WantedIpvsSettings = Omit<Fields, "rulesLoader"> & { readonly rulesLoader?: RulesLoaderName };

export const ipvsSettings = fields.transform((input, ctx): WantedIpvsSettings => {
  const { boot: _, rulesLoader: __, ...rest } = input;
  if (Object.keys(compact(rest)).length === 0) {
    const message = "is missing: name at least one setting, such as timeouts or conntrack";
    ctx.addIssue({ code: "custom", path: ["timeouts"], message, input: undefined });
  }
  return compact(input);
});

/** The desired kernel settings. */
export function vsSettings(want: Partial<Fields>): readonly Setting[] {
  const { syncThreshold, estCpulist } = want;
  return [
    ...switchNames.flatMap((name) => {
      const value = want[name];
      return value === undefined ? [] : [setting(SWITCHES[name], value ? 1 : 0)];
    }),
    ...numberNames.flatMap((name) => {
      const value = want[name];
      return value === undefined ? [] : [setting(NUMBERS[name], value)];
    }),
    ...(estCpulist === undefined ? [] : [setting(CPUS, estCpulist)]),
    ...(syncThreshold === undefined ? [] : [setting(THRESHOLD, `${syncThreshold.packets} ${syncThreshold.period}`)]),
  ];
}

/** The inverse: live values by the kernel's names, as properties. */
export function readVsSettings(values: ReadonlyMap<string, string>): Partial<Fields> {
  const valueOf = ({ sysctl }: { readonly sysctl: string }) => values.get(sysctl);
  const cpus = valueOf(CPUS);
  const threshold = valueOf(THRESHOLD)?.split(" ").map(Number);
  const [packets = 0, period = 0] = threshold ?? [];
  const numbers = numberNames.map((name) => [name, readNumber(name, valueOf(NUMBERS[name]))] as const);
  return {
    ...Object.fromEntries(switchNames.map((name) => [name, valueOf(SWITCHES[name])]).flatMap(readSwitch)),
    ...Object.fromEntries(numbers.filter(([, value]) => value !== undefined)),
    ...(cpus !== undefined && { estCpulist: cpus }),
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

function setting({ sysctl, ...rest }: VsSetting, value: Setting["value"]): Setting {
  return { key: sysctl, value, ...rest };
}
