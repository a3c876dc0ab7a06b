/** The configuration that the daemon is started with. */
export const MAIN_FILE = "/etc/keepalived/keepalived.conf";
/** Whole files of ours, which the main file includes. Names that begin with a dot, and those of another ending, are not read. */
export const FRAGMENTS = "/etc/keepalived/pulumi-lvs.d";
export const FRAGMENTS_PATTERN = `${FRAGMENTS}/*.conf`;
export const DROP_IN_FOLDER = "/etc/systemd/system/keepalived.service.d";
export const KEEPALIVED_DROP_IN = `${DROP_IN_FOLDER}/10-pulumi-lvs.conf`;
/** The name of the protocol of its addresses, which keepalived writes for iproute2 since 2.3, and leaves. */
export const PROTOCOL_FILE = "/etc/iproute2/rt_addrprotos.d/keepalived.conf";
/** Of this boot: what is tested before it counts, and what the daemon has read. */
export const RUN_FOLDER = "/run/pulumi-lvs";
export const STAGE = `${RUN_FOLDER}/keepalived`;
/** The process, and the files as they were when it had read them last at our request. */
export const LOADED = `${RUN_FOLDER}/keepalived-loaded`;
/** Names of fragments that are about to change, or have changed, and were not read since. */
export const PENDING = `${RUN_FOLDER}/keepalived-pending`;

export function fragmentPath(name: string): string {
  return `${FRAGMENTS}/${name}.conf`;
}

/** The name of a fragment by its path. */
export function fragmentName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.conf$/, "");
}

/** The key of the VrrpInstance whose file this is: `51 on eth0`. Undefined: it is another one's. */
export function instanceKeyOf(path: string): string | undefined {
  const [, device, id, ipv6] =
    /^vrrp-(.+)-(\d+)(-ipv6)?$/.exec(path.startsWith(`${FRAGMENTS}/`) ? fragmentName(path) : "") ?? [];
  return device === undefined || id === undefined
    ? undefined
    : `${id} on ${device}${ipv6 === undefined ? "" : ", IPv6"}`;
}
