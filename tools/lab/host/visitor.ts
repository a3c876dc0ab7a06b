import { Conversation } from "./conversation.ts";
import type { Shell } from "./shell.ts";

/** Where a visit goes, and what it comes from; the kernel chooses what is not said. */
export interface Visit {
  /** The address; port 80 unless it says another one: "192.168.4.5", "[2001:db8:4::5]:8080". */
  readonly to: string;
  /** The client's own address. */
  readonly from?: string | undefined;
  readonly fromPort?: number | undefined;
  readonly times?: number;
}

/** A browser that keeps connections open for as long as it likes. Each of its answers is the page, or why there was none. */
export class Visitor {
  readonly #browser: Conversation;

  private constructor(browser: Conversation) {
    this.#browser = browser;
  }

  static async start(shell: Shell): Promise<Visitor> {
    return new Visitor(await Conversation.start(shell, PROGRAM));
  }

  /** Requests one after the other, each on a connection of its own that ends with it. */
  get(visit: Visit): Promise<readonly string[]> {
    return this.#tell({ ...visit, keep: false });
  }

  /** The same, and the connections stay open. */
  hold(visit: Visit): Promise<readonly string[]> {
    return this.#tell({ ...visit, keep: true });
  }

  /** One more request on each connection that is open. */
  again(): Promise<readonly string[]> {
    return this.#tell({ again: true });
  }

  /** Ends the connections that are open. */
  letGo(): Promise<readonly string[]> {
    return this.#tell({ again: false });
  }

  end(): Promise<void> {
    return this.#browser.end();
  }

  async #tell(wish: object): Promise<readonly string[]> {
    return (await this.#browser.tell(wish)) as string[];
  }
}

/** How many pages of each kind: { web1: 3, "Connection refused": 1 }. */
export function count(pages: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const page of pages) counts[page] = (counts[page] ?? 0) + 1;
  return counts;
}

const PROGRAM = `
import http.client, json, sys
held = []

def ask(connection, last):
    try:
        connection.request("GET", "/", headers={"Connection": "close"} if last else {})
        return connection.getresponse().read().decode().strip()
    except OSError as error:
        return error.strerror or str(error)

def visit(to, times=1, keep=False, **source):
    for _ in range(times):
        connection = http.client.HTTPConnection(
            to, timeout=5, source_address=(source.get("from", ""), source.get("fromPort", 0)))
        yield ask(connection, not keep)
        if keep:
            held.append(connection)
        else:
            connection.close()

for line in sys.stdin:
    wish = json.loads(line)
    if "again" not in wish:
        answers = list(visit(**wish))
    elif wish["again"]:
        answers = [ask(connection, False) for connection in held]
    else:
        answers = []
        while held:
            held.pop().close()
    print(json.dumps(answers))
`;
