import type * as pulumi from "@pulumi/pulumi";

/** How packets reach a real server in another network. */
export interface TunnelArgs {
  /** `ipvsadm --tun-type`. @default "ipip" */
  type?: pulumi.Input<"ipip" | "gue" | "gre">;
  /** `--tun-port`: UDP port, 1 to 65535. gue only, and required there. */
  port?: pulumi.Input<number>;
  /** `--tun-nocsum`, `--tun-csum`, `--tun-remcsum` (gue only). gue and gre. @default "nocsum" */
  checksum?: pulumi.Input<"nocsum" | "csum" | "remcsum">;
}

/** Taking a real server out without breaking its connections: weight 0 first, then a wait, then the removal. */
export interface DrainArgs {
  /** Seconds to wait for active connections to end. Then it is removed all the same. @default 60 */
  timeout?: pulumi.Input<number>;
  /** Seconds between two looks. @default 1 */
  pollInterval?: pulumi.Input<number>;
}

/** What a director knows about one real server. All of it is changed in place. */
export interface ServerArgs {
  /**
   * `ipvsadm -g`, `-m`, `-i`: direct routing, masquerading (NAT) or tunneling. Direct and tunnel cannot change the port.
   * @default "direct"
   */
  forwarding?: pulumi.Input<"direct" | "masquerade" | "tunnel">;
  /** `ipvsadm -w`, 0 to 65535. 0: no new connections, the ones there are go on. @default 1 */
  weight?: pulumi.Input<number>;
  /** `ipvsadm -x`: no new connections above this number. 0: no limit. @default 0 */
  upperThreshold?: pulumi.Input<number>;
  /** `ipvsadm -y`: new connections again below this number. 0: three quarters of the upper one. @default 0 */
  lowerThreshold?: pulumi.Input<number>;
  /** Only with `forwarding: "tunnel"`. @default IP in IP */
  tunnel?: pulumi.Input<TunnelArgs>;
}
