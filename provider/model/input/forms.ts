import type { z } from "zod";

/** The forms that a value may have at a path of an input: all of a union, each without what is around it. */
export function formsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodTypes[] {
  const [first, ...rest] = path;
  const forms = formsOf(schema);
  return first === undefined ? forms : forms.flatMap((form) => below(form, first).flatMap((one) => formsAt(one, rest)));
}

/** The names that a map may have, where the schema lists them. */
export function namesOf(form: z.core.$ZodTypes): readonly string[] {
  const { def } = form._zod;
  return def.type === "object" ? Object.keys(def.shape) : [];
}

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

function below({ _zod: { def } }: z.core.$ZodTypes, name: PropertyKey): readonly z.core.$ZodType[] {
  if (def.type === "object") return Object.entries(def.shape).flatMap(([own, inner]) => (own === name ? [inner] : []));
  if (def.type === "record") return [def.valueType];
  return def.type === "array" ? [def.element] : [];
}
