import type { LabHosts } from "../../../tools/lab/index.ts";
import { until } from "../../support/until.ts";

type Host = ReturnType<LabHosts["host"]>;

/** What the processes of a host show to others. */
export interface GuestWatch {
  /** Ends it. The command lines and the environments that were seen, each once. */
  readonly seen: () => Promise<string>;
}

// A process that lives for a millisecond would be missed by who looks now and then. Each program that starts opens its libraries: the
// kernel tells of each file that is opened, and who waits for that at real-time priority runs before the opener goes on, on a host with
// one processor. What is seen is kept outside of what is searched for secrets afterwards.
const LOOK = `
import ctypes, glob, os, select, struct
libc = ctypes.CDLL(None, use_errno=True)
libc.fanotify_mark.argtypes = [ctypes.c_int, ctypes.c_uint, ctypes.c_uint64, ctypes.c_int, ctypes.c_char_p]
FAN_UNLIMITED_QUEUE, FAN_MARK_ADD, FAN_MARK_MOUNT, FAN_OPEN, AT_FDCWD = 0x10, 0x1, 0x10, 0x20, -100
opened = libc.fanotify_init(FAN_UNLIMITED_QUEUE, os.O_RDONLY | os.O_CLOEXEC)
if opened < 0 or libc.fanotify_mark(opened, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN, AT_FDCWD, b"/") < 0:
    raise OSError(ctypes.get_errno(), "fanotify")
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
seen = set()
def look(pid):
    for name in "cmdline", "environ":
        try:
            file = os.open("/proc/%s/%s" % (pid, name), os.O_RDONLY)
            seen.add(os.read(file, 1 << 20))
            os.close(file)
        except OSError: pass
for path in glob.glob("/proc/[0-9]*"): look(path[6:])
open("/dev/shm/watch/begun", "w")
while not os.path.exists("/dev/shm/watch/stop"):
    if not select.select([opened], [], [], 0.2)[0]: continue
    events = os.read(opened, 1 << 16)
    while events:
        length, _, _, _, _, fd, pid = struct.unpack_from("=IBBHQii", events)
        os.close(fd)
        if pid != os.getpid(): look(pid)
        events = events[length:]
with open("/dev/shm/watch/seen", "wb") as file: file.write(b"\\n".join(seen).replace(b"\\0", b" "))
os.rename("/dev/shm/watch/seen", "/dev/shm/watch/done")
`;

export async function watchGuest(host: Host): Promise<GuestWatch> {
  await host.sh("rm -rf /dev/shm/watch; mkdir -m 700 /dev/shm/watch; cat >/dev/shm/watch/look.py", {
    input: Buffer.from(LOOK),
  });
  await host.sh("setsid python3 /dev/shm/watch/look.py </dev/null >/dev/shm/watch/said 2>&1 &");
  const has = (name: string) => async () => (await host.text(`ls /dev/shm/watch/${name} 2>/dev/null || true`)) !== "";
  await until("the watch has begun", has("begun"));
  return {
    seen: async () => {
      // So that a watch that is blind fails: it has to see these two.
      await host.sh("THE_ENVIRONMENT=decoy sh -c : the-command-line-decoy; touch /dev/shm/watch/stop");
      await until("the watch ends", has("done"));
      const text = await host.text("cat /dev/shm/watch/done; rm -r /dev/shm/watch");
      for (const decoy of ["the-command-line-decoy", "THE_ENVIRONMENT=decoy"]) expect(text).toContain(decoy);
      return text;
    },
  };
}

/** Where any of the words is kept on a host: files below these folders, and the journal. */
export async function findOnGuest(host: Host, words: readonly string[]): Promise<string> {
  const input = Buffer.from(words.map((word) => `${word}\n`).join(""));
  const folders = "/etc /home /root /run /tmp /var /srv /opt /usr/local";
  return host.text(
    `cat >/dev/shm/words
grep -rlaF --devices=skip -f /dev/shm/words ${folders} 2>/dev/null
journalctl -a --no-pager -o export 2>/dev/null | grep -aF -f /dev/shm/words
dmesg | grep -aF -f /dev/shm/words
rm /dev/shm/words`,
    { input },
  );
}
