/**
 * The end of a wait for a host. Each wait has one: a host can fall silent anywhere, and TCP alone takes a quarter of an hour to say so.
 * Where a wait is for several things, it begins anew with each that has come.
 */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    seconds: number,
    private readonly late: () => void,
  ) {
    this.restart(seconds);
  }

  restart(seconds: number): void {
    this.end();
    this.#timer = setTimeout(this.late, seconds * 1000);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** How long a step of a login may take, as messages name it. */
export function withinDial({ perDialTimeout }: { readonly perDialTimeout: number }): string {
  return `within ${perDialTimeout} s (perDialTimeout)`;
}
