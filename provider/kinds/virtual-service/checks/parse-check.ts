import type { Check, HttpProbe } from "../../../model/ipvs/health-check";
import { parseAddressAndPort } from "../../../model/network/address";
import { type Line, Options } from "./blocks";

/** The block of a checker, of the server with this address. Throws where it is none that we could have written. */
export function readCheck({ words, block = [] }: Line, server: string): Check {
  const options = new Options(block);
  const port = options.number("connect_port");
  const [name, ...more] = words;
  const probe = readProbe(name, options, block, server);
  const times = {
    timeout: options.needed(name === "MISC_CHECK" ? "misc_timeout" : "connect_timeout"),
    interval: options.needed("delay_loop"),
    retries: options.needed("retry"),
    retryInterval: options.needed("delay_before_retry"),
  };
  if (options.number("warmup") !== 0 || more.length > 0) throw new Error("it starts in another way");
  options.end();
  return { ...(port !== undefined && { port }), ...probe, ...times };
}

type Probe = Pick<Check, "tcp" | "http" | "https" | "dns" | "udp" | "ping" | "command" | "port">;

function readProbe(name: string | undefined, options: Options, block: readonly Line[], server: string): Probe {
  if (name === "HTTP_GET") return { http: readUrl(block) };
  if (name === "SSL_GET") {
    const https = readUrl(block);
    if (options.flag("enable_sni") !== (https.host !== undefined)) throw new Error("it names another host");
    return { https };
  }
  if (block.some((line) => line.block !== undefined)) throw new Error("only a page has a url");
  if (name === "TCP_CHECK") return { tcp: {} };
  if (name === "PING_CHECK") return { ping: {} };
  if (name === "DNS_CHECK") return { dns: { type: options.word("type") ?? "", name: options.word("name") ?? "" } };
  if (name === "UDP_CHECK") {
    const payload = options.word("payload");
    return { udp: { ...(payload !== undefined && { payload }), requireReply: options.flag("require_reply") } };
  }
  if (name === "MISC_CHECK" && options.word("user") === "root")
    return readProgram(options.word("misc_path") ?? "", server);
  throw new Error(`${name ?? "it"} is none of our checks`);
}

function readUrl(block: readonly Line[]): HttpProbe {
  const [url, ...more] = block.filter((line) => line.block !== undefined);
  if (url?.block === undefined || more.length > 0 || url.words.join(" ") !== "url") throw new Error("it has no url");
  const options = new Options(url.block);
  const host = options.word("virtualhost");
  const status = options.take("status_code");
  if (status?.some((code) => !/^\d{3}$/.test(code)) === true) throw new Error("it has other codes");
  const probe = {
    path: options.word("path") ?? "",
    ...(host !== undefined && { host }),
    ...(status !== undefined && { status: status.map(Number) }),
  };
  options.end();
  return probe;
}

/** `/usr/local/sbin/check 192.168.4.100 80` */
function readProgram(text: string, server: string): Probe {
  const [command = "", ip, port, ...more] = text.split(" ");
  const own = parseAddressAndPort(server);
  if (ip !== own.address || port === undefined || !/^\d{1,5}$/.test(port) || more.length > 0)
    throw new Error("it looks at another server");
  return { command, ...(Number(port) !== own.port && { port: Number(port) }) };
}
