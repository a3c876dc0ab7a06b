import type { LabHosts } from "../../../tools/lab/index.ts";

/** Connections that are open, and say nothing yet. */
export interface Held {
  /** Asks on each of them, and returns who answered, in the order of their names; "nobody" where the connection is dead. */
  ask(): Promise<readonly string[]>;
}

/** Opens connections one after the other, so that a scheduler which takes turns gives one to each server. */
export async function hold({ client }: LabHosts, address: string, count: number): Promise<Held> {
  const folder = `/run/held-${address}`;
  await client.sh(`
    rm -rf ${folder}; mkdir ${folder}; cd ${folder}; mkfifo nothing
    for one in $(seq ${count}); do
      nohup bash -c '
        exec 3<>/dev/tcp/${address}/80 && touch "$0.open"
        # A sleep is a process each time, on hosts that are asked for their pages meanwhile.
        until [ -e ask ]; do read -r -t 0.1 _ <>nothing; done
        printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3
        page=$(timeout 20 cat <&3 | tail -n 1)
        echo "\${page:-nobody}" >"$0.page" && touch "$0.done"
      ' $one >/dev/null 2>&1 </dev/null &
      for try in $(seq 100); do [ -e $one.open ] && break; sleep 0.1; done
      [ -e $one.open ] || exit 1
    done`);
  return {
    ask: async () => {
      // One script that waits without a process each time: the way to a host takes it more than a look at the folder.
      const pages = await client.text(
        `cd ${folder}; touch ask
        for one in $(seq ${count}); do
          until [ -e $one.done ] || [ $SECONDS -gt 60 ]; do read -r -t 0.1 _ <>nothing; done
        done
        [ $SECONDS -le 60 ] && cat ./*.page`,
        { timeout: 70_000 },
      );
      return pages.split("\n").sort();
    },
  };
}
