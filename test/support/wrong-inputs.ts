import type { z } from "zod";
import { formsOf } from "../../provider/model/input/forms";

/** An input that is wrong in one place. */
export interface WrongInput {
  readonly path: readonly PropertyKey[];
  readonly input: unknown;
  /** A part of what has to be said of it. */
  readonly says: string;
}

/** Each way to write each field of a schema wrong: nothing, values of other sorts, names with a typing error. */
export function wrongInputs(schema: z.core.$ZodType): readonly WrongInput[] {
  return wrongValues(schema).map(({ path, value, says }) => ({ path, input: inputWith(path, value), says }));
}

/** As a row of a table of tests. */
export function rowOf({ path, input, says }: WrongInput): [string, WrongInput] {
  return [`${path.map(String).join(".")} ${JSON.stringify(input)}`, { path, input, says }];
}

interface WrongValue {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  readonly says: string;
}

/** One value of each sort that YAML and JSON have. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  string: "80",
  number: 80,
  boolean: true,
  list: ["80"],
  map: { "80": "80" },
};

/** `around`: the forms that the schema is a part of. One that has itself as a part is entered once. */
function wrongValues(schema: z.core.$ZodType, around: readonly z.core.$ZodTypes[] = []): readonly WrongValue[] {
  const forms = formsOf(schema);
  const sorts = new Set(forms.flatMap(sortsOf));
  const others = sorts.has("any") ? [] : Object.entries(VALUES).filter(([sort]) => !sorts.has(sort));
  return [
    ...others.map(([, value]) => ({ path: [], value, says: "" })),
    ...forms.flatMap((form) => (around.includes(form) ? [] : insideOf(form, [...around, form]))),
  ];
}

function insideOf(form: z.core.$ZodTypes, around: readonly z.core.$ZodTypes[]): readonly WrongValue[] {
  const { def } = form._zod;
  if (def.type === "array") return below(0, def.element, around);
  if (def.type === "record") return below("web1", def.valueType, around);
  if (def.type !== "object") return [];
  const names = Object.keys(def.shape);
  const misspelt = names.flatMap((name) => {
    const wrong = `${name}x`;
    return names.includes(wrong) ? [] : [{ path: [wrong], value: "80", says: "did you mean" }];
  });
  return [...Object.entries(def.shape).flatMap(([name, inner]) => below(name, inner, around)), ...misspelt];
}

function below(name: PropertyKey, schema: z.core.$ZodType, around: readonly z.core.$ZodTypes[]): readonly WrongValue[] {
  return wrongValues(schema, around).map(({ path, ...rest }) => ({ path: [name, ...path], ...rest }));
}

function sortsOf({ _zod: { def } }: z.core.$ZodTypes): readonly string[] {
  switch (def.type) {
    case "string":
    case "number":
    case "boolean":
      return [def.type];
    case "enum":
      return Object.values(def.entries).map((value) => typeof value);
    case "literal":
      return def.values.map((value) => typeof value);
    case "array":
      return ["list"];
    case "object":
    case "record":
      return ["map"];
    case "undefined":
      return [];
    default:
      return ["any"];
  }
}

/** An input that has nothing but one value. */
export function inputWith(path: readonly PropertyKey[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => (typeof name === "number" ? [inner] : { [name]: inner }), value);
}
