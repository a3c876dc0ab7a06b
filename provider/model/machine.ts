/** The machine at the other end of a connection. */
export interface Machine {
  /** The text of /etc/machine-id; empty where the host has none. Clones may have the same. */
  readonly id: string;
  /** Of this boot and this network namespace. Of machines that run at the same time, no two have the same. */
  readonly running: string;
  /** The fingerprint of the host key that was accepted. A machine may have several keys, and clones may have the same. */
  readonly hostKey: string;
}

/** From the three words. */
export function machineOf([id = "", boot = "", network = ""]: readonly string[], hostKey: string): Machine {
  const isWhole = boot !== "-" && network !== "-";
  return { id: /^[0-9a-f]{32}$/.test(id) ? id : "", running: isWhole ? `${boot} ${network}` : "", hostKey };
}

/** Whether two machines that run at the same time are one. */
export function isSameMachine(one: Machine, other: Machine): boolean {
  if (one.running !== "" && other.running !== "") return one.running === other.running;
  return one.id === other.id && one.hostKey === other.hostKey;
}
