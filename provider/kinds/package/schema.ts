import { z } from "zod";
import { yesNo } from "../../model/fields";
import { ownValue } from "../../model/own-value";

export const MANAGERS = ["apt-get", "dnf", "yum", "zypper"] as const;
export type ManagerName = (typeof MANAGERS)[number];

/** The desired package. */
export interface WantedPackage {
  readonly name: string;
  readonly manager?: ManagerName;
  readonly removeOnDestroy: boolean;
  readonly lockTimeout: number;
}

/** The observed package. */
export interface Package {
  readonly name: string;
  /** Its name on this host. */
  readonly packageName: string;
  readonly version: string;
}

/**
 * Names that work on each system, with the name that each package manager has for them. Other names are used as they are. On Red
 * Hat systems one package contains both the NFS client and the server.
 */
export const NEUTRAL: Readonly<Record<string, Readonly<Record<ManagerName, string>>>> = {
  "nfs-client": { "apt-get": "nfs-common", dnf: "nfs-utils", yum: "nfs-utils", zypper: "nfs-client" },
  "nfs-server": { "apt-get": "nfs-kernel-server", dnf: "nfs-utils", yum: "nfs-utils", zypper: "nfs-kernel-server" },
  iproute: { "apt-get": "iproute2", dnf: "iproute", yum: "iproute", zypper: "iproute2" },
  "conntrack-tools": {
    "apt-get": "conntrack",
    dnf: "conntrack-tools",
    yum: "conntrack-tools",
    zypper: "conntrack-tools",
  },
  apache: { "apt-get": "apache2", dnf: "httpd", yum: "httpd", zypper: "apache2" },
};

/** The name that a package manager has for it. */
export function packageName(name: string, manager: ManagerName): string {
  return ownValue(NEUTRAL, name)?.[manager] ?? name;
}

const NAME = 'must be the name of one package, such as "ipvsadm" or "nfs-client"';

/** Other names for the same package. */
export function otherNames(name: string, manager: ManagerName): readonly string[] {
  const native = packageName(name, manager);
  const all = [native, ...Object.keys(NEUTRAL).filter((each) => packageName(each, manager) === native)];
  return [...new Set(all)].filter((each) => each !== name);
}

/** The user's arguments. */
export const packageSchema = z
  .strictObject({
    name: z
      .string({ error: NAME })
      .regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, { error: `${NAME}: no version, no pattern, no group`, abort: true })
      // apt-get removes nginx when asked to install "nginx-".
      .refine((name) => !name.endsWith("-"), { error: 'must not end with "-"' }),
    manager: z.enum(MANAGERS, { error: `must be one of ${MANAGERS.join(", ")}` }).optional(),
    removeOnDestroy: yesNo.default(false),
    lockTimeout: z
      .int({ error: "must be a whole number of seconds" })
      .min(0, { error: "must be 0 or more" })
      .max(3600, { error: "must be 3600 at most" })
      .default(120),
    packageName: z.undefined({ error: "is an output" }).optional(),
    version: z
      .undefined({ error: "is an output: the newest version that the host's repositories have is installed" })
      .optional(),
  })
  .transform(({ name, manager, removeOnDestroy, lockTimeout }): WantedPackage => {
    return { name, removeOnDestroy, lockTimeout, ...(manager !== undefined && { manager }) };
  });
