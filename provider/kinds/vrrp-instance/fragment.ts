import { splitPrefix } from "../../model/network/interface-address";
import { familyOfInstance, needsVersion3, type Track, type VrrpAddress, type VrrpInstance } from "./schema";

type Identity = Pick<VrrpInstance, "device" | "virtualRouterId" | "addresses">;
/** What the file says. */
export type Written = Omit<VrrpInstance, "live" | "boot" | "loaded" | "file">;

/** The two families of an interface have numbers of their own. */
export function instanceKey(want: Identity): string {
  return `${want.virtualRouterId} on ${want.device}${familyOfInstance(want) === "ipv6" ? ", IPv6" : ""}`;
}

/** The name of the file, without its ending. */
export function fragmentNameOf(want: Identity): string {
  return `vrrp-${want.device}-${want.virtualRouterId}${familyOfInstance(want) === "ipv6" ? "-ipv6" : ""}`;
}

/** The name of the instance in keepalived's configuration. */
export function instanceName(want: Identity): string {
  return fragmentNameOf(want).replace("vrrp-", "pulumi_lvs_").replaceAll("-", "_");
}

/** The file of an instance. */
export function fragmentText(want: Written): string {
  return [`# VrrpInstance ${instanceKey(want)}: kept by pulumi-lvs as a whole`, ...fragmentLines(want), ""].join("\n");
}

/**
 * Its lines. All addresses but the first are left out of what the hosts tell each other: hosts whose lists differ for a moment would each
 * be master. A master that was cut off and comes back says so again, or the clients would stay with the other host.
 */
export function fragmentLines(want: Written): readonly string[] {
  const { device, virtualRouterId, addresses, priority, advertInterval, preempt, peers, source } = want;
  const scripts = scriptsOf(want);
  const [first, ...others] = addresses.map(addressLine);
  return [
    ...scripts.flatMap(([name, command]) => [
      `vrrp_script ${name} {`,
      ...indent([`script "${command}"`, "interval 1", "timeout 3", "fall 2", "rise 2", "user root"]),
      "}",
    ]),
    `vrrp_instance ${instanceName(want)} {`,
    ...indent([
      "state BACKUP",
      preempt === false ? "nopreempt" : `preempt_delay ${preempt.delay}`,
      `interface ${device}`,
      `virtual_router_id ${virtualRouterId}`,
      `priority ${priority}`,
      ...(needsVersion3(want) ? ["version 3"] : []),
      `advert_int ${advertInterval}`,
      "higher_prio_send_advert true",
      "garp_lower_prio_repeat 2",
      ...(source === undefined ? [] : [`${peers === undefined ? "mcast" : "unicast"}_src_ip ${source}`]),
      ...block("unicast_peer", peers ?? []),
      ...block("track_interface", want.track?.devices ?? []),
      ...block(
        "track_script",
        scripts.map(([name]) => name),
      ),
      ...block("virtual_ipaddress", first === undefined ? [] : [first]),
      ...block("virtual_ipaddress_excluded", others),
    ]),
    "}",
  ];
}

/** An IPv6 address with the prefix /128 would be deprecated without the last words, and no connection would begin from it. */
function addressLine({ address, device, label }: VrrpAddress): string {
  const more = splitPrefix(address).family === "ipv6" ? " preferred_lft forever" : "";
  return `${address} dev ${device}${label === undefined ? "" : ` label ${label}`}${more}`;
}

/**
 * Scripts by name. keepalived 2.3 trusts none whose path has a symbolic link among its folders, as /bin is. Those of services are the
 * service's name. Of hosts, in single quotes, since 2.3 reads escaped double ones in another way, one that answers is enough: of a single one the end would take the addresses from all.
 */
function scriptsOf(want: Identity & { readonly track?: Track }): readonly (readonly [name: string, command: string])[] {
  const { services = [], hosts = [], scripts = [] } = want.track ?? {};
  const name = instanceName(want);
  const pings = hosts.map((host) => `ping -q -c 1 -W 1 ${host} &`).join(" ");
  return [
    ...scripts.map((script, index) => [`${name}_script_${index + 1}`, script] as const),
    ...services.map((service) => [`${name}_${service}`, `/usr/bin/systemctl is-active -q ${service}`] as const),
    ...(hosts.length === 0
      ? []
      : [[`${name}_hosts`, `/usr/bin/sh -c '(${pings} wait) 2>&1 | grep -q received,.0%'`] as const]),
  ];
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${name} {`, ...indent(lines), "}"];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `    ${line}`);
}
