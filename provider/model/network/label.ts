/** The first label of a device that is not in use: `eth0:0`, `eth0:1` and so on. */
export function freeLabel(device: string, isInUse: (label: string) => boolean): string {
  let number = 0;
  while (isInUse(`${device}:${number}`)) number++;
  return `${device}:${number}`;
}
