import { Conversation } from "./conversation.ts";
import type { Shell } from "./shell.ts";

/** What clients saw between two moments. */
export interface Seen {
  /** Requests that were begun. */
  readonly begun: number;
  /** Those that failed, with their words. */
  readonly failed: readonly string[];
  /** Those that failed or took longer than 0.9 s: a second is what TCP waits before it tries again. */
  readonly hurt: number;
  /** Seconds from the first moment to the last request that was hurt. 0: none was. */
  readonly outage: number;
  /** Connections that have been open since the start, and that answered all the time. */
  readonly held: number;
  readonly servers: readonly string[];
}

/**
 * Clients who do not wait for each other: 20 new connections a second, whatever came of those before, and some that stay open with a request
 * a second on each.
 */
export class OpenLoop {
  readonly #clients: Conversation;

  private constructor(clients: Conversation) {
    this.#clients = clients;
  }

  static async start(shell: Shell, address: string, held: number): Promise<OpenLoop> {
    const clients = await Conversation.start(shell, PROGRAM, `${address} ${held}`);
    await clients.tell({ do: "now" });
    return new OpenLoop(clients);
  }

  /** What comes of an event: what clients see from its beginning until they have been served for `quiet` seconds, at most `limit`. */
  async during(event: () => Promise<unknown>, { quiet = 1.5, limit = 20 } = {}): Promise<Seen> {
    const { at } = (await this.#clients.tell({ do: "now" })) as { at: number };
    await event();
    return (await this.#clients.tell({ do: "report", since: at, quiet, limit })) as Seen;
  }

  end(): Promise<void> {
    return this.#clients.end();
  }
}

const PROGRAM = `
import asyncio, json, sys, time
address, count = sys.argv[1], int(sys.argv[2])
REQUEST = b"GET / HTTP/1.1\\r\\nHost: lab\\r\\n%s\\r\\n"
requests, lost = [], {}

async def ask(reader, writer, last):
    writer.write(REQUEST % (b"Connection: close\\r\\n" if last else b""))
    status = await reader.readline()
    if b" 200 " not in status: raise OSError(status.decode().strip() or "closed")
    length = 0
    while (line := await reader.readline()) != b"\\r\\n":
        if line == b"": raise OSError("closed")
        if line.lower().startswith(b"content-length:"): length = int(line[15:])
    return (await reader.readexactly(length)).decode().strip()

async def visit():
    entry = {"at": time.time(), "took": None, "page": None, "error": None}
    requests.append(entry)
    writer = None
    try:
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection(address, 80)
            entry["page"] = await ask(reader, writer, True)
    except (OSError, EOFError, TimeoutError) as error:
        entry["error"] = str(error) or type(error).__name__
    finally:
        entry["took"] = time.time() - entry["at"]
        if writer: writer.close()

async def stay(number):
    reader, writer = await asyncio.open_connection(address, 80)
    try:
        while True:
            async with asyncio.timeout(20): await ask(reader, writer, False)
            await asyncio.sleep(1)
    except (OSError, EOFError, TimeoutError) as error:
        lost[number] = str(error) or type(error).__name__

def served(since, quiet):
    now = time.time()
    late = [one for one in requests if one["at"] >= since]
    recent = [one for one in late if one["at"] > now - quiet - 0.5 and one["at"] <= now - 0.5]
    return now - since > quiet + 0.5 and recent and all(one["took"] and one["took"] < 0.9 and not one["error"] for one in recent)

async def report(since, quiet, limit):
    until = time.time() + limit
    while not served(since, quiet) and time.time() < until: await asyncio.sleep(0.1)
    mine = [one for one in requests if one["at"] >= since]
    while any(one["took"] is None for one in mine) and time.time() < until + 21: await asyncio.sleep(0.1)
    hurt = [one for one in mine if one["error"] or one["took"] is None or one["took"] > 0.9]
    return {
        "begun": len(mine), "failed": [one["error"] for one in mine if one["error"]], "hurt": len(hurt),
        "outage": max((one["at"] for one in hurt), default=since) - since, "held": count - len(lost),
        "servers": sorted({one["page"] for one in mine if one["page"]}),
    }

async def loop():
    start = time.monotonic()
    tasks = set()
    for number in range(10**9):
        task = asyncio.create_task(visit()); tasks.add(task); task.add_done_callback(tasks.discard)
        await asyncio.sleep(max(0, start + 0.05 * number - time.monotonic()))

async def main():
    stdin = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    tasks = [asyncio.create_task(loop())] + [asyncio.create_task(stay(number)) for number in range(count)]
    while line := await stdin.readline():
        wish = json.loads(line)
        if wish["do"] == "now": print(json.dumps({"at": time.time()}))
        else: print(json.dumps(await report(wish["since"], wish["quiet"], wish["limit"])))
    for task in tasks: task.cancel()

asyncio.run(main())
`;
