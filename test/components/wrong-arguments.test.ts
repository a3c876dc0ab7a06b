import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "../../provider/components/check-args";
import * as lvs from "../../provider/index";
import { UNKNOWN } from "../../provider/model/input/unknowns";
import { argumentProblems, COMPONENTS, type ComponentName } from "../../provider/schemas";
import { inputWith, wrongInputs } from "../support/wrong-inputs";
import { type Args, failover, POOL, pages, pathsIn, small, VALID, withValue } from "./right-arguments";

const names = Object.keys(COMPONENTS) as ComponentName[];

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
    call: () => ({}),
  }),
);

const OF_NAMES = ["vips", "vips.0", "ports", "ports.0", "ports.0.port", "ports.0.protocol", "protocol", "directors"];

/** Where names of resources come from. */
const PLACES: Readonly<Record<ComponentName, readonly (readonly [Args, string])[]>> = {
  DrCluster: [
    ...OF_NAMES.map((place) => [small, place] as const),
    [small, "directors.director1.vips"],
    [small, "directors.director1.vips.0"],
    [small, "realServers"],
    [small, "realServers.web1.forwarding"],
    [small, "granularity"],
  ],
  NatCluster: [],
  TunCluster: [],
  FailoverPair: [
    [failover, "hosts"],
    [{ ...failover, hosts: ["lb1", "lb2"] }, "hosts.1"],
  ],
  SharedDocumentRoot: [
    [pages, "webServers"],
    [{ ...pages, webServers: ["web1"] }, "webServers.0"],
    [pages, "service"],
  ],
};

/** What making a component says, and what it has registered by then. */
function make(name: ComponentName, args: unknown): { readonly error?: unknown; readonly names: readonly string[] } {
  const made: string[] = [];
  const record: pulumi.ResourceTransformation = (resource) => {
    made.push(resource.name);
    return undefined;
  };
  try {
    new lvs[name]("it", args as never, { transformations: [record] });
    return { names: made };
  } catch (error) {
    return { error, names: made };
  }
}

/** What its arguments say, without it. */
function refusal(name: ComponentName, args: unknown): unknown {
  try {
    checkArgs(name, "it", args as object);
    return undefined;
  } catch (error) {
    return error;
  }
}

function linesOf(error: unknown): string[] {
  return pulumi.RunError.isInstance(error)
    ? error.message.split("\n")
    : [error instanceof Error ? `no RunError: ${error.message}` : "no error"];
}

describe.each(names)("%s", (name) => {
  const wrong = wrongInputs(COMPONENTS[name]);

  // Each of them is checked alike.
  test("each argument that is wrong in one place is refused by its path, before anything is registered", () => {
    expect(wrong.length).toBeGreaterThan(100);
    const unsaid: string[] = [];
    for (const { path, input, says } of wrong) {
      const { error, names: made } = make(name, input);
      const where = path.length === 0 ? "the arguments" : path.join(".");
      const line = linesOf(error).find((one) => one.startsWith(`${name} it: ${where}: `));
      if (line?.includes(says) !== true || /Invalid|expected|undefined/.test(line) || made.length > 0)
        unsaid.push(`${JSON.stringify(input)}: ${line ?? linesOf(error).join("; ")}`);
    }
    expect(unsaid).toEqual([]);
  });

  test("as it is, it is made", () => {
    const { error, names: made } = make(name, VALID[name]);
    expect(error).toBeUndefined();
    expect(made.length).toBeGreaterThan(3);
  });

  test("any value in any place of right arguments is taken, or refused in words", () => {
    const otherwise = pathsIn(VALID[name]).flatMap((path) =>
      POOL.flatMap((value) => {
        const error = refusal(name, withValue(VALID[name], path, value));
        return error === undefined || pulumi.RunError.isInstance(error) ? [] : [{ path, value, error }];
      }),
    );
    expect(otherwise).toEqual([]);
  });

  test("no name of a resource is made of what is no name", () => {
    const bad = PLACES[name].flatMap(([args, place]) =>
      POOL.flatMap((value) => {
        const { names: made } = make(name, withValue(args, place.split("."), value));
        return made.some((one) => /undefined|null|NaN|object|--|-$/.test(one)) ? [`${place}: ${made.join()}`] : [];
      }),
    );
    expect(bad).toEqual([]);
  });
});

/** Places in which an output is refused, because names of resources, or which of them there are, depend on what is there. */
function plainPlaces(name: ComponentName): readonly string[] {
  const places = new Set(wrongInputs(COMPONENTS[name]).map(({ path }) => path.map(String).join(".")));
  return [...places].filter((place) => {
    const path = place.split(".").map((word) => (word === "0" ? 0 : word));
    return argumentProblems(name, inputWith(path, UNKNOWN)).some((line) => line.startsWith(`${place}: must be plain`));
  });
}

test.each<[ComponentName, readonly string[]]>([
  [
    "DrCluster",
    [
      "vips",
      "vips.0",
      "ports",
      "ports.0",
      "ports.0.port",
      "ports.0.protocol",
      "protocol",
      "directors",
      "directors.web1",
      "directors.web1.vips",
      "directors.web1.vips.0",
      "directors.web1.internal",
      "directors.web1.internal.alias",
      "realServers",
      "realServers.web1",
      "realServers.web1.forwarding",
      "realServers.web1.returnRoute",
      "realServers.web1.returnRoute.mode",
      "returnRoute",
      "returnRoute.mode",
      "ipvs",
      "failover",
      "failover.peers",
      "sync",
      "granularity",
    ],
  ],
  ["FailoverPair", ["hosts", "hosts.0", "hosts.web1", "packages"]],
  ["SharedDocumentRoot", ["server", "webServers", "webServers.0", "webServers.web1", "packages", "service"]],
])("%s lets an output through but where names of resources are made", (name, places) => {
  expect(plainPlaces(name).filter((place) => !place.startsWith("transform"))).toEqual(places);
});

describe("names that all objects have", () => {
  const named = (one: string, value: unknown): unknown => Object.fromEntries([[one, value]]);
  const others = Object.getOwnPropertyNames(Object.prototype).filter((one) => one !== "__proto__");
  const server = { address: "192.168.2.100" };
  const director = { device: "eth0" };
  const hosts = (one: string) => ({ ...(named(one, {}) as object), lb2: {} });
  const rows = (one: string): readonly (readonly [ComponentName, Args])[] => [
    ["DrCluster", { ...small, realServers: named(one, server) }],
    ["DrCluster", { ...small, directors: named(one, director) }],
    ["FailoverPair", { ...failover, hosts: hosts(one) }],
    ["FailoverPair", { ...failover, hosts: [one, "lb2"] }],
    ["SharedDocumentRoot", { ...pages, webServers: named(one, {}) }],
    ["SharedDocumentRoot", { ...pages, webServers: [one] }],
  ];

  test.each(others)("%s can be the name of a host", (one) => {
    for (const [component, args] of rows(one)) {
      const { error, names: made } = make(component, args);
      expect({ component, error }).toEqual({ component, error: undefined });
      expect(made.some((name) => name.includes(one))).toBe(true);
    }
  });

  test.each(others)("%s is no argument", (one) => {
    for (const name of names)
      expect(refusal(name, { ...VALID[name], ...(named(one, {}) as object) })).toMatchObject({
        message: expect.stringContaining(`it: ${one}: is not an argument; there are `),
      });
  });

  test("__proto__ is refused, and not dropped", () => {
    for (const [component, args] of rows("__proto__"))
      expect(refusal(component, args)).toMatchObject({
        message: expect.stringMatching(/must not (?:be|have the name) "__proto__"/),
      });
    for (const name of names)
      expect(refusal(name, { ...VALID[name], ...{ ["__proto__"]: {} } })).toMatchObject({
        message: expect.stringContaining("__proto__"),
      });
  });
});

test("what is in an output is left to the child", async () => {
  const realServers = { web1: { address: pulumi.output("no address"), weight: Promise.resolve("2") } };
  expect(refusal("DrCluster", { ...small, realServers })).toBeUndefined();
  expect(refusal("DrCluster", { ...small, realServers: { web1: { ...realServers.web1, weight: "2" } } })).toMatchObject(
    {
      message: 'it: realServers.web1.weight: must be a whole number from 0 to 65535, not "2"',
    },
  );
  await realServers.web1.weight;
});
