/** What a host can tell of a VIP. */
export interface Vip {
  readonly role: "director" | "realServer";
  /** With its prefix. */
  readonly address: string;
  readonly device: string;
  /** IPv4 only. The kernel says the name of the device where there is no label. */
  readonly label?: string;
  /** The host's network configuration says all of this, so a reboot changes nothing. */
  readonly boot: boolean;
  /** The host has a file for this address that says something else, whether it is to have one or not. */
  readonly bootFile?: "differs";
  readonly live: boolean;
}
