/** @typedef {import("zod")} Zod */
/** @typedef {import("zod").core.$ZodType} Schema */
/** @typedef {Record<string, unknown>} Json */
/** @typedef {(name: string, property: string) => string | undefined} Sentence what a documented interface says of a property */

/**
 * What they are made of: the schemas that check a run's input, by the code that reads them.
 * @typedef {{
 *   readonly z: Pick<Zod, "toJSONSchema" | "registry" | "looseObject" | "string">,
 *   readonly formsAt: (schema: Schema, path: readonly PropertyKey[]) => readonly Schema[],
 *   readonly hosts: Schema,
 *   readonly clusterConfig: Schema,
 * }} Sources
 */

/** Where each documented interface is: the sentences of its properties stand in the editor, too. */
const CONNECTION = /** @type {const} */ ({ "": "ConnectionArgs", proxy: "ReachArgs" });

const CHECK = /** @type {const} */ ({
  http: "HttpCheckArgs",
  https: "HttpCheckArgs",
  dns: "DnsCheckArgs",
  udp: "UdpCheckArgs",
});

const CLUSTER = /** @type {const} */ ({
  "": "NatClusterArgs",
  "ports.0": "PortArgs",
  "directors.*": "DirectorArgs",
  "directors.*.internal": "InternalArgs",
  "realServers.*": "ClusterServerArgs",
  "realServers.*.returnRoute": "ReturnRouteSettings",
  "realServers.*.healthCheck": "CheckArgs",
  healthCheck: "HealthCheckArgs",
  ...below("healthCheck", CHECK),
  tunnel: "TunnelArgs",
  drain: "DrainArgs",
  ipvs: "IpvsSettingsArgs",
  "ipvs.timeouts": "TimeoutsArgs",
  "ipvs.syncThreshold": "SyncThresholdArgs",
  failover: "FailoverArgs",
  "failover.track": "TrackArgs",
  "failover.preempt": "PreemptArgs",
  sync: "SyncArgs",
  transform: "ClusterTransforms",
  ...below("directors.*.host", CONNECTION),
});

/**
 * The JSON schemas of the package, by name of file, for editors: none refuses what a run would take.
 * @param {Sources} sources
 * @param {Sentence} sentence
 * @returns {Readonly<Record<string, Json>>}
 */
export function jsonSchemas(sources, sentence) {
  const { z, hosts, clusterConfig } = sources;
  const stack = z.looseObject({
    config: z
      .looseObject({ "lvs:hosts": hosts, "lvs:hostsFile": z.string(), "lvs:cluster": clusterConfig })
      .partial()
      .optional(),
  });
  const places = { ...below("config.lvs:hosts.*", CONNECTION), ...below("config.lvs:cluster", CLUSTER) };
  return {
    "hosts.json": jsonOf(sources, hosts, below("*", CONNECTION), sentence),
    "cluster.json": jsonOf(sources, clusterConfig, CLUSTER, sentence),
    "stack.json": withSecrets(jsonOf(sources, stack, places, sentence)),
  };
}

/**
 * @param {Sources} sources
 * @param {Schema} schema
 * @param {Readonly<Record<string, string>>} places of documented interfaces
 * @param {Sentence} sentence
 * @returns {Json}
 */
function jsonOf({ z, formsAt }, schema, places, sentence) {
  /** @type {import("zod").core.$ZodRegistry<{ id: string }>} */
  const metadata = z.registry();
  /** @type {Map<string, string>} */
  const interfaces = new Map();
  for (const [place, name] of Object.entries(places).filter(([path]) => path !== "")) {
    for (const form of formsAt(schema, place.split("."))) {
      if (form._zod.def.type !== "object" || metadata.has(form)) continue;
      const id = interfaces.has(name) ? `${name}${interfaces.size}` : name;
      interfaces.set(id, name);
      metadata.add(form, { id });
    }
  }
  const made = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    metadata,
    override: ({ jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = everywhere(jsonSchema.pattern);
    },
  });
  const json = /** @type {Json} */ (made);
  if (places[""] !== undefined) describe(json, places[""], sentence);
  const definitions = /** @type {Record<string, Json>} */ (json["definitions"] ?? {});
  for (const [id, definition] of Object.entries(definitions)) {
    const name = interfaces.get(id);
    if (name !== undefined) describe(definition, name, sentence);
  }
  return json;
}

/**
 * Some editors read patterns without Unicode, where `\\p` is a letter.
 * @param {string} pattern
 */
function everywhere(pattern) {
  return pattern.replaceAll("\\p{Cc}", "\\u0000-\\u001f\\u007f-\\u009f");
}

/**
 * A description beside a reference counts in no editor.
 * @param {Json} json
 * @param {string} name
 * @param {Sentence} sentence
 */
function describe(json, name, sentence) {
  const properties = /** @type {Record<string, Json>} */ (json["properties"]);
  for (const [property, inner] of Object.entries(properties)) {
    const { $ref, ...rest } = inner;
    const said = sentence(name, property);
    properties[property] = {
      ...(said !== undefined && { description: said }),
      ...($ref === undefined ? rest : { allOf: [{ $ref }] }),
    };
  }
}

/** A value that Pulumi has encrypted. */
const SECURE = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};

const SIMPLE = new Set(["string", "number", "integer", "boolean"]);

/**
 * In the file of a stack, any value may be a secret. Hosts and cluster as a whole may be a text of JSON, too.
 * @param {Json} json
 * @returns {Json}
 */
function withSecrets(json) {
  const { properties, definitions, ...rest } = /** @type {Record<string, Record<string, Json>>} */ (json);
  const config = /** @type {Json} */ (properties?.["config"]);
  const ours = Object.entries(/** @type {Record<string, Json>} */ (config["properties"])).map(([name, inner]) => {
    const text = { type: "string", ...(name !== "lvs:hostsFile" && { pattern: "^\\s*[{]" }) };
    return /** @type {const} */ ([name, { anyOf: [inSecret(inner), { $ref: "#/definitions/secure" }, text] }]);
  });
  return {
    ...rest,
    properties: { config: { ...config, properties: Object.fromEntries(ours) } },
    definitions: { .../** @type {Json} */ (inSecret(definitions)), secure: SECURE },
  };
}

/**
 * @param {unknown} json
 * @returns {unknown}
 */
function inSecret(json) {
  if (Array.isArray(json)) return json.map(inSecret);
  if (typeof json !== "object" || json === null) return json;
  const isSimple =
    "type" in json && typeof json.type === "string" && SIMPLE.has(json.type) && !("propertyNames" in json);
  if (isSimple) {
    const { description, ...value } = /** @type {Json} */ (json);
    return { ...(description !== undefined && { description }), anyOf: [value, { $ref: "#/definitions/secure" }] };
  }
  return Object.fromEntries(
    Object.entries(json).map(([name, inner]) => [
      name,
      name === "propertyNames" || name === "not" ? inner : inSecret(inner),
    ]),
  );
}

/**
 * @param {string} place
 * @param {Readonly<Record<string, string>>} inside
 */
function below(place, inside) {
  return Object.fromEntries(
    Object.entries(inside).map(([path, name]) => [path === "" ? place : `${place}.${path}`, name]),
  );
}
