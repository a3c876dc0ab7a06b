import type { z } from "zod";

/** The names that a map may have at a path of an input, where the schema lists them. */
export function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [first, ...rest] = path;
  return formsOf(schema).flatMap((form): readonly string[] => {
    const { def } = form._zod;
    if (def.type === "object" && first === undefined) return Object.keys(def.shape);
    if (def.type === "object" && Object.hasOwn(def.shape, String(first))) {
      return Object.entries(def.shape).flatMap(([name, inner]) => (name === first ? namesAt(inner, rest) : []));
    }
    if (first === undefined) return [];
    if (def.type === "record") return namesAt(def.valueType, rest);
    return def.type === "array" ? namesAt(def.element, rest) : [];
  });
}

/** The forms that an input may have: without what is around them, and each of a union. */
export function formsOf(schema: z.core.$ZodType): readonly z.core.$ZodTypes[] {
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  switch (def.type) {
    case "lazy":
      return formsOf((known as z.core.$ZodLazy)._zod.innerType);
    case "optional":
    case "default":
      return formsOf(def.innerType);
    case "pipe":
      return formsOf((def.in as z.core.$ZodTypes)._zod.def.type === "transform" ? def.out : def.in);
    case "union":
      return def.options.flatMap((option) => formsOf(option));
    default:
      return [known];
  }
}
