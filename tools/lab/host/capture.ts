import { setTimeout as sleep } from "node:timers/promises";
import type { Running, Shell } from "./shell.ts";

/** One frame as a card saw it. */
export interface Frame {
  /** Hardware addresses of this hop: who put the frame on the wire, and for whom. */
  readonly from: string;
  readonly to: string;
  /** The rest of tcpdump's line: "192.168.4.10.40112 > 192.168.4.5.80: Flags [S], ...". */
  readonly text: string;
}

/** Watch a card while something happens. The filter is pcap-filter(7)'s. The guest is not changed by it. */
export async function capture(
  shell: Shell,
  { nic, filter }: { readonly nic: string; readonly filter: string },
  during: () => Promise<unknown>,
): Promise<readonly Frame[]> {
  // sshd passes no signals on to root's programs: the end of the script's input ends it.
  const tcpdump = `tcpdump -p -l -n -e -q -t --immediate-mode -i ${nic} ${quote(filter)}`;
  // Asleep, it has read all frames that its card has: then it is told to end.
  const script = `${tcpdump} & cat > /dev/null
for try in $(seq 100); do [ "$(cut -d ' ' -f 3 /proc/$!/stat)" != S ] || break; sleep 0.05; done
kill -INT $!; wait $!`;
  const { channel, output } = await new Promise<Running>((resolve, reject) => {
    const running = shell.open(script, 300_000, (said) => {
      if (said.includes("listening on")) resolve(running);
    });
    running
      .then((opened) => opened.output)
      .then(({ stderr }) => reject(new Error(`tcpdump ended: ${stderr}`)))
      .catch(reject);
  });
  try {
    await during();
    // The last frames are still on their way to its output.
    await sleep(300);
  } finally {
    channel.end();
  }
  const { stdout } = await output;
  return stdout.split("\n").flatMap(readFrame);
}

/** 02:00:63:00:29:01 > 02:00:63:00:0b:01, IPv4, length 74: 192.168.4.10.33304 > 192.168.4.5.80: tcp 0 */
function readFrame(line: string): Frame[] {
  const [, from, to, text] = /^(\S{17}) > ([^\s,]+), (?:.*?length \d+: )?(.*)$/.exec(line) ?? [];
  return from === undefined || to === undefined || text === undefined ? [] : [{ from, to, text }];
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
