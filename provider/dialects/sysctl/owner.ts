/**
 * How the ledger names an owner: `DrKernelTuning all lo of shop/prod/web1`, the object and the resource that needs it. Two stacks may need
 * the same object, and the last of them restores what was before. Resources of 0.1.0 are named by the object alone.
 */
export function ownerName(object: string, resource: string | undefined): string {
  return resource === undefined ? object : `${object} of ${resource}`;
}

/** Whether an owner needs this object. */
export function needs(owner: string, object: string): boolean {
  return owner === object || owner.startsWith(`${object} of `);
}
