/** Linux Virtual Server, declared in TypeScript and applied by Pulumi over SSH. */
export type {
  ClusterArgs,
  ClusterServerArgs,
  DirectorArgs,
  InternalArgs,
  PortArgs,
  ReturnRouteSettings,
  ServiceSettings,
} from "./components/cluster/args";
export type { Cluster, DirectorNodes } from "./components/cluster/cluster";
export type { DirectorSetup } from "./components/cluster/directors";
export { DrCluster, type DrClusterArgs } from "./components/cluster/dr-cluster";
export type { FailoverArgs, SyncArgs } from "./components/cluster/failover/args";
export type { DirectorSync } from "./components/cluster/failover/sync-daemons";
export { NatCluster, type NatClusterArgs, type NatDirectorArgs } from "./components/cluster/nat-cluster";
export type { RealServerNodes } from "./components/cluster/real-servers";
export type { DirectorRules } from "./components/cluster/services";
export { TunCluster, type TunClusterArgs } from "./components/cluster/tun-cluster";
export type { FailoverHostArgs, FailoverPairArgs, FailoverPairTransforms } from "./components/failover-pair/args";
export { FailoverPair } from "./components/failover-pair/failover-pair";
export type { Nodes } from "./components/nodes";
export type {
  DocumentClientArgs,
  DocumentRootTransforms,
  DocumentServerArgs,
  SharedDocumentRootArgs,
} from "./components/shared-document-root/args";
export { SharedDocumentRoot } from "./components/shared-document-root/shared-document-root";
export type { ClusterTransforms, Transform, Transformed } from "./components/transform";
export type { ConnectionArgs, Host, ReachArgs } from "./resources/args/connection";
export type {
  CheckArgs,
  DnsCheckArgs,
  HealthCheckArgs,
  HttpCheckArgs,
  UdpCheckArgs,
} from "./resources/args/health-check";
export type { IpvsSysctlArgs, SyncThresholdArgs, TimeoutsArgs } from "./resources/args/ipvs";
export type { DrainArgs, ServerArgs, TunnelArgs } from "./resources/args/server";
export { type ConfiguredHost, hostNamed, hostNames } from "./resources/configured/hosts";
export { DrKernelTuning, type DrKernelTuningArgs } from "./resources/dr-kernel-tuning";
export { File, type FileArgs } from "./resources/file";
export type { HostResource } from "./resources/host-resource";
export { IpvsSettings, type IpvsSettingsArgs } from "./resources/ipvs-settings";
export { NatKernelTuning, type NatKernelTuningArgs } from "./resources/nat-kernel-tuning";
export { NfsExport, type NfsExportArgs } from "./resources/nfs-export";
export { NfsMount, type NfsMountArgs } from "./resources/nfs-mount";
export { Package, type PackageArgs } from "./resources/package";
export { RealServer, type RealServerArgs } from "./resources/real-server";
export { ReturnRoute, type ReturnRouteArgs } from "./resources/return-route";
export { SyncDaemon, type SyncDaemonArgs } from "./resources/sync-daemon";
export { SystemdService, type SystemdServiceArgs } from "./resources/systemd-service";
export { TunKernelTuning, type TunKernelTuningArgs } from "./resources/tun-kernel-tuning";
export { VipAlias, type VipAliasArgs } from "./resources/vip-alias";
export {
  type FwmarkServiceArgs,
  type InlineServerArgs,
  type ServiceArgs,
  type TransportServiceArgs,
  VirtualService,
  type VirtualServiceArgs,
} from "./resources/virtual-service";
export {
  type PreemptArgs,
  type TrackArgs,
  type VrrpAddressArgs,
  VrrpInstance,
  type VrrpInstanceArgs,
} from "./resources/vrrp-instance";
