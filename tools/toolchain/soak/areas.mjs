/**
 * What is shown on each release, and by which files of `test/`. Each leaves its hosts as it found them; those with a `boot` in
 * their name reboot, and so do the managers', the routes', NFS's, services' and every kind's.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const AREAS = {
  "IPVS rules, live": ["lab/ipvs/ipvs", "lab/ipvs/ipvs-errors"],
  "rules at boot": ["lab/ipvs/ipvs-boot"],
  "IPVS settings": ["lab/ipvs/ipvs-settings"],
  "sync daemons": ["lab/ipvs/sync"],
  "VIPs and ARP settings": ["lab/network/vip"],
  "VIPs by NetworkManager, networkd, netplan": ["lab/network/network-managers"],
  "return routes": ["lab/network/return-route"],
  NAT: ["lab/network/nat"],
  tunnels: ["lab/network/tun"],
  "failover by keepalived": ["lab/ha/vrrp-instance", "e2e/ha/failover"],
  "health checks": ["lab/ha/health-check"],
  "NFS exports and mounts": ["lab/system/nfs"],
  packages: ["lab/system/packages"],
  services: ["lab/system/services"],
  "whole files": ["lab/files/file"],
  "sessions, locks, sudo": ["lab/system/host", "e2e/hosts/hosts"],
  "all kinds in one stack, drift, reboot, destroy": ["e2e/every-kind/every-kind"],
  "clusters go in any order of destroy": ["e2e/lifecycle/destroy"],
};

/** @param {string} file @returns {string} its path in the repository */
export const pathOf = (file) => `test/${file}.test.ts`;
