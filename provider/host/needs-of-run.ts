import type { KindsProgram, Needs } from "../facts/programs";

/** What resources of this run need of each host, by the host's name: whoever is told that a program is missing is told of all. */
class NeedsOfRun {
  readonly #byHost = new Map<string, Map<KindsProgram, Set<string>>>();

  declare(host: string, { kind, programs }: Needs): void {
    const known = this.#byHost.get(host) ?? new Map<KindsProgram, Set<string>>();
    this.#byHost.set(host, known);
    for (const program of programs) known.set(program, (known.get(program) ?? new Set()).add(kind));
  }

  /** The kinds that need a program, by name. */
  of(host: string): ReadonlyMap<string, readonly string[]> {
    const known = this.#byHost.get(host) ?? new Map<KindsProgram, Set<string>>();
    return new Map([...known].map(([program, kinds]) => [program, [...kinds].sort()]));
  }
}

/** Of this process. */
export const needsOfRun = new NeedsOfRun();
