/** The observable state of a VIP on one interface of one host. */
export interface Vip {
  readonly role: "director" | "realServer";
  /** With its prefix length. */
  readonly address: string;
  readonly device: string;
  /** IPv4 only. An address without a label has the name of its device here, as in the output of `ip addr`. */
  readonly label?: string;
  /** The host's network configuration brings up exactly this, so a reboot changes nothing. */
  readonly boot: boolean;
  /** The host has boot configuration for this address that is not what it should be, or should not exist. */
  readonly bootFile?: "differs";
  readonly live: boolean;
  /** The address was there before us, and routes or other addresses of the host depend on it: it keeps its form, and a removal leaves it. */
  readonly adopted?: true;
  /**
   * Further addresses of the interface with the same IP and other prefix lengths, which were there before us and stay. Absent: an earlier
   * version did not note them.
   */
  readonly otherForms?: readonly string[];
}
