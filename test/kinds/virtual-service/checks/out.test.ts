import { isOut } from "../../../../provider/kinds/virtual-service/checks/declared";
import { renderFragment } from "../../../../provider/kinds/virtual-service/checks/fragment";
import { parseFragment } from "../../../../provider/kinds/virtual-service/checks/parse-fragment";
import { virtualService } from "../../../../provider/kinds/virtual-service/kind";

const ADDRESS = "192.168.4.100:80";
const told = (weight: number, onFailure: "weight0" | "remove") =>
  virtualService.schema.parse({
    protocol: "tcp",
    address: "192.168.4.5:80",
    realServers: { [ADDRESS]: { weight }, "192.168.4.200:80": {} },
    healthCheck: { tcp: {}, onFailure },
  });
const settings = (weight: number) => ({ ...told(1, "weight0").realServers?.[ADDRESS], weight });

interface Row {
  /** What keepalived was told: a weight of this server; undefined: nothing of it. */
  readonly file?: { readonly weight: number | undefined; readonly onFailure?: "weight0" | "remove" } | "unreadable";
  /** Of the program. */
  readonly want?: number;
  readonly kernel?: number;
}

test.each<[string, boolean, Row]>([
  ["0 where keepalived was told 3", true, { file: { weight: 3 }, want: 3, kernel: 0 }],
  [
    "0 that keepalived was told, and the program does not want any more",
    false,
    { file: { weight: 0 }, want: 3, kernel: 0 },
  ],
  ["0 of a server that keepalived was not told of", false, { file: { weight: undefined }, want: 3, kernel: 0 }],
  ["0 that the program wants", false, { file: { weight: 3 }, want: 0, kernel: 0 }],
  ["0 of a server that the program does not have", false, { file: { weight: 3 }, kernel: 0 }],
  ["0 without a file of keepalived", false, { want: 3, kernel: 0 }],
  ["0 where the file says what no program could", true, { file: "unreadable", want: 3, kernel: 0 }],
  ["another weight", false, { file: { weight: 3 }, want: 3, kernel: 2 }],
  ["not there, where a check gives weight 0", false, { file: { weight: 3 }, want: 3 }],
  ["not there, where a check removes", true, { file: { weight: 3, onFailure: "remove" }, want: 3 }],
  ["not there, and never was", false, { file: { weight: undefined, onFailure: "remove" }, want: 3 }],
])("the work of a check? %s: %s", (_, is, { file, want, kernel }) => {
  expect(
    isOut(
      file === undefined ? undefined : ownFile(file),
      want === undefined ? undefined : (settings(want) as never),
      ADDRESS,
      kernel === undefined ? undefined : (settings(kernel) as never),
    ),
  ).toBe(is);
});

function ownFile(file: NonNullable<Row["file"]>) {
  if (file === "unreadable") return { text: "virtual_server {", fragment: undefined };
  const { realServers = {}, ...rest } = told(file.weight ?? 1, file.onFailure ?? "weight0");
  const { [ADDRESS]: _, ...others } = realServers;
  const service = { ...rest, realServers: file.weight === undefined ? others : realServers };
  const text = renderFragment(service as never);
  return { text, fragment: parseFragment(text, "tcp 192.168.4.5:80") };
}
