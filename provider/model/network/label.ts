/** Characters that the kernel has room for. */
export const LONGEST_LABEL = 15;

/** The first label of a device that is not in use: `eth0:0`, `eth0:1` and so on; undefined where none fits. */
export function freeLabel(device: string, isInUse: (label: string) => boolean): string | undefined {
  let number = 0;
  while (isInUse(`${device}:${number}`)) number++;
  const label = `${device}:${number}`;
  return label.length > LONGEST_LABEL ? undefined : label;
}

/** The label by default. It stands for any number: `eth0:1` where another address has it. */
export function defaultLabel(device: string): string | undefined {
  return freeLabel(device, () => false);
}

/** Whether a label is the default one with some number. */
export function isNumbered(label: string, device: string): boolean {
  return label.startsWith(`${device}:`) && /^\d+$/.test(label.slice(device.length + 1));
}
