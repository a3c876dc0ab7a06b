/** A resource's inputs, which name it: `project/stack/name`. */
type Named = Readonly<Record<string, unknown>>;

/** How the inputs name the types of a resource's parents, `lvs:index:DrCluster`; empty: it has none. Taken out by `check`: no state has it. */
export const PARENTS = "__parents";

/**
 * Where resources stand in their stack: the engine shows a line beside the resource whose URN comes with it. It tells dynamic providers none, so
 * it is put together from what the program has said in this run; a run without the program knows none.
 */
export class Urns {
  readonly #parents = new Map<string, string>();

  learn(kind: string, named: Named, parents: unknown): void {
    if (typeof parents === "string") this.#parents.set(keyOf(kind, named), parents);
  }

  of(kind: string, named: Named): string | undefined {
    const parents = this.#parents.get(keyOf(kind, named));
    const [project, stack, ...name] = String(named["__resource"]).split("/");
    if (parents === undefined || name.length === 0) return undefined;
    const type = `${parents === "" ? "" : `${parents}$`}pulumi-nodejs:dynamic/lvs:${kind}`;
    return `urn:pulumi:${stack}::${project}::${type}::${name.join("/")}`;
  }
}

function keyOf(kind: string, { __resource: resource }: Named): string {
  return `${kind} ${String(resource)}`;
}
