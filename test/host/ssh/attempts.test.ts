import { failureEnds, repeatedly } from "../../../provider/host/ssh/attempts";
import { DialError, type Retry } from "../../../provider/host/ssh/dial-error";
import { noHost } from "../../../provider/host/ssh/dial-failure";
import { FakeClock } from "../fake-clock";

/** Attempts that fail after so many seconds each, and what they were told to do then. */
async function attemptsOf(
  seconds: number,
  retry: Retry,
  settings: { dialErrorLimit?: number; perDialTimeout?: number },
) {
  const clock = new FakeClock();
  let attempts = 0;
  const attempt = () => {
    attempts += 1;
    clock.advance(seconds * 1000);
    return Promise.reject(new DialError("no answer", [], [], retry));
  };
  const message = await repeatedly(
    attempt,
    { dialErrorLimit: undefined, perDialTimeout: 15, ...settings },
    clock,
  ).catch(String);
  return { attempts, seconds: Math.round(clock.now() / 1000), message, pauses: clock.sleeps };
}

test.each([
  { what: "nothing answers", took: 15, retry: "soon", settings: {}, attempts: 3, seconds: 46 },
  { what: "connections are refused", took: 0, retry: "soon", settings: {}, attempts: 13, seconds: 43 },
  { what: "a login is refused", took: 1, retry: "no", settings: {}, attempts: 1, seconds: 1 },
  {
    what: "one attempt may take minutes",
    took: 300,
    retry: "soon",
    settings: { perDialTimeout: 300 },
    attempts: 1,
    seconds: 300,
  },
  { what: "a number is given", took: 15, retry: "soon", settings: { dialErrorLimit: 10 }, attempts: 10, seconds: 178 },
  {
    what: "none is given to be made again",
    took: 15,
    retry: "soon",
    settings: { dialErrorLimit: 0 },
    attempts: 1,
    seconds: 15,
  },
] as const)("$what: $attempts attempts in $seconds s", async ({ took, retry, settings, attempts, seconds }) => {
  const made = await attemptsOf(took, retry, settings);
  expect(made).toMatchObject({ attempts, seconds });
  expect(made.message).toBe(`DialError: no answer${attempts === 1 ? "" : ` (${attempts} attempts)`}`);
});

test("an sshd that turns us away is left alone for longer each time", async () => {
  const { attempts, seconds, pauses } = await attemptsOf(0, "later", {});
  expect(seconds).toBeLessThanOrEqual(60);
  expect(attempts).toBeGreaterThanOrEqual(5);
  for (const [index, pause] of pauses.entries())
    expect(pause / Math.min(2000 * 2 ** index, 15_000)).toBeCloseTo(0.875, 0);
  // From the fourth on they are as long as they get, and differ by chance alone.
  expect(pauses.slice(1, 4).every((pause, index) => pause > (pauses[index] ?? 0) * 0.9)).toBe(true);
});

const failed = (code: string, message = `connect ${code} 10.0.0.9:22`) => Object.assign(new Error(message), { code });

test.each([
  [failed("ECONNREFUSED"), "connect ECONNREFUSED 10.0.0.9:22: the host is there, and nothing listens", "soon"],
  [failed("EHOSTUNREACH"), "connect EHOSTUNREACH 10.0.0.9:22: there is no way to it", "soon"],
  [failed("ENETUNREACH"), "connect ENETUNREACH 10.0.0.9:22: there is no way to it", "soon"],
  [failed("ENOTFOUND", "getaddrinfo ENOTFOUND web9"), "getaddrinfo ENOTFOUND web9: no such name", "no"],
  [failed("EAI_AGAIN", "getaddrinfo EAI_AGAIN web9"), "getaddrinfo EAI_AGAIN web9: no answer of a name server", "soon"],
  [failed("EPERM", "connect EPERM"), "connect EPERM", "soon"],
  [
    Object.assign(new AggregateError([failed("ECONNREFUSED"), failed("ECONNREFUSED", "connect ECONNREFUSED ::1:22")]), {
      code: "ECONNREFUSED",
    }),
    "connect ECONNREFUSED 10.0.0.9:22; connect ECONNREFUSED ::1:22: the host is there, and nothing listens",
    "soon",
  ],
])("%s is told apart", (error, reason, retry) => {
  const { advice, ...rest } = noHost(error);
  expect(rest).toMatchObject({ reason, retry });
  expect(advice.join("\n")).toMatch(/\?/);
});

test.each([
  { what: "a quick one", took: 1000, counts: 10_000 },
  { what: "one that took a minute", took: 60_000, counts: 60_000 },
])("a failed login counts for all who come later: $what", ({ took, counts }) => {
  expect(failureEnds(5000, 5000 + took)).toBe(5000 + took + counts);
});
