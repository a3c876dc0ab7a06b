import fc from "fast-check";
import { SCHEDULERS } from "../../../../provider/model/ipvs/scheduler";
import { table, type Written } from "../../ipvs-arbitrary";

/** Services of a host with checks. */
export const checkedTable: fc.Arbitrary<readonly object[]> = table.chain((services) =>
  fc.tuple(...services.map(checksFor)),
);

/** The same services every time. */
export function sampleChecked(count: number): readonly object[] {
  return fc.sample(checkedTable, { numRuns: count, seed: 5 }).flat();
}

/** The service with a check of any sort, as far as keepalived can do it. */
function checksFor(service: Written): fc.Arbitrary<object> {
  const { realServers, ...rest } = service as Written & { scheduler?: string; persistenceTimeout?: number };
  const isKnown = SCHEDULERS.some((name) => name === rest.scheduler) && rest.scheduler !== "none";
  const addresses = Object.keys(realServers);
  const first = rest.family === "ipv6" || rest.address?.startsWith("[") === true ? "2001:db8:ffff::1" : "12.255.0.1";
  return fc
    .record({
      healthCheck: fc.tuple(probe(), times(), failing()).map(([one, two, three]) => ({ ...one, ...two, ...three })),
      overrides: fc.dictionary(
        addresses.length === 0 ? fc.constant(first) : fc.constantFrom(...addresses),
        fc.tuple(probe(), times()).map(([one, two]) => ({ ...one, ...two })),
        { maxKeys: 2 },
      ),
    })
    .map(({ healthCheck, overrides }) => ({
      ...rest,
      ...(isKnown ? {} : { scheduler: "wlc", schedulerFlags: [] }),
      persistenceTimeout: rest.persistenceTimeout ?? 60,
      realServers: Object.fromEntries(
        Object.entries({ ...realServers, [first]: { weight: 1 } }).map(([address, server]) => [
          address,
          { ...server, ...(Object.hasOwn(overrides, address) && { healthCheck: overrides[address] }) },
        ]),
      ),
      healthCheck,
    }));
}

function failing(): fc.Arbitrary<object> {
  return fc.record({ onFailure: fc.constantFrom("weight0", "remove") }, { requiredKeys: [] });
}

function probe(): fc.Arbitrary<object> {
  const port = fc.record({ port: fc.integer({ min: 1, max: 65535 }) });
  const page = fc.record(
    {
      path: fc.constantFrom("/", "/health", "/a/b?c=d&e=%20"),
      status: fc.uniqueArray(fc.integer({ min: 100, max: 599 }), { minLength: 1, maxLength: 3 }),
      host: fc.constantFrom("www.example.com", "192.0.2.1:8080"),
    },
    { requiredKeys: [] },
  );
  const udp = fc.record({ payload: fc.constantFrom("00", "0A1b"), requireReply: fc.boolean() }, { requiredKeys: [] });
  const dns = fc.record(
    { name: fc.constantFrom(".", "example.com"), type: fc.constantFrom("A", "SOA") },
    { requiredKeys: [] },
  );
  const connected = fc.oneof(
    fc.record({ tcp: fc.constant({}) }),
    fc.record({ http: page }),
    fc.record({ https: page }),
    fc.record({ dns }),
    fc.record({ udp }),
  );
  const command = fc.constantFrom("/usr/local/sbin/check", "/a").map((path) => ({ command: path, timeout: 3 }));
  return fc.oneof(
    fc.tuple(connected, port).map(([one, two]) => ({ ...one, ...two })),
    fc.constant({ ping: {} }),
    command,
  );
}

function times(): fc.Arbitrary<object> {
  const seconds = fc.integer({ min: 100, max: 9000 }).map((thousandths) => thousandths / 1000);
  return fc.record(
    { interval: seconds, retries: fc.integer({ min: 0, max: 9 }), retryInterval: seconds },
    { requiredKeys: [] },
  );
}
