import type * as pulumi from "@pulumi/pulumi";

/** The encapsulation between a director and a real server in another network. */
export interface TunnelArgs {
  /** `ipvsadm --tun-type`. In place. @default "ipip" */
  type?: pulumi.Input<"ipip" | "gue" | "gre">;
  /** `--tun-port`: UDP port, 1 to 65535. For gue only, and required there. In place. */
  port?: pulumi.Input<number>;
  /** `--tun-nocsum`, `--tun-csum`, `--tun-remcsum` (gue only). For gue and gre. In place. @default "nocsum" */
  checksum?: pulumi.Input<"nocsum" | "csum" | "remcsum">;
}

/** Removes a real server without breaking its connections: weight 0, then a wait, then the removal. */
export interface DrainArgs {
  /** Seconds to wait until active connections end, 0 to 86400. Then the server is removed in any case. @default 60 */
  timeout?: pulumi.Input<number>;
  /** Seconds between two observations, 0.1 to 3600. @default 1 */
  pollInterval?: pulumi.Input<number>;
}

/** What a director knows about one real server. Each change is in place. */
export interface ServerArgs {
  /**
   * `ipvsadm -g`, `-m`, `-i`: direct routing, masquerading (NAT) or tunneling. Only masquerading can change the port.
   * @default "direct"
   */
  forwarding?: pulumi.Input<"direct" | "masquerade" | "tunnel">;
  /** `ipvsadm -w`, 0 to 65535. With 0 the server gets no new connections, and open ones continue. @default 1 */
  weight?: pulumi.Input<number>;
  /**
   * `ipvsadm -x`: no new connections above this number. Connections that have ended count until the director forgets them, up to two
   * minutes. 0: no limit.
   * @default 0
   */
  upperThreshold?: pulumi.Input<number>;
  /** `ipvsadm -y`: new connections again below this number. 0: three quarters of `upperThreshold`. @default 0 */
  lowerThreshold?: pulumi.Input<number>;
  /** The encapsulation, only with `forwarding: "tunnel"`. @default IP in IP */
  tunnel?: pulumi.Input<TunnelArgs>;
}
