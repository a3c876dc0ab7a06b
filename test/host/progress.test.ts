import { Call } from "../../provider/host/call";
import { Progress } from "../../provider/host/progress";

/** What is told, each with the second in which it is. */
const told: string[] = [];
let progress: Progress;

beforeEach(() => {
  jest.useFakeTimers();
  told.length = 0;
  const start = performance.now();
  progress = new Progress((line, call) =>
    told.push(`${Math.round((performance.now() - start) / 1000)} s ${call?.urn ?? "-"}: ${line}`),
  );
});
afterEach(() => jest.useRealTimers());

const seconds = (count: number) => jest.advanceTimersByTime(count * 1000);

test("nothing is said below five seconds, and then why, to whoever waits longest", () => {
  const end = progress.begin(new Call("one"));
  progress.begin(new Call("two"));
  seconds(1);
  progress.say("no answer; attempt 2");
  seconds(3);
  expect(told).toEqual([]);
  seconds(2);
  expect(told).toEqual(["5 s one: no answer; attempt 2"]);
  end();
  seconds(30);
  progress.say("no answer; attempt 3");
  seconds(1);
  expect(told.slice(1)).toEqual(["36 s two: no answer; attempt 3"]);
});

test("a wait that is over has nothing to say", () => {
  const end = progress.begin();
  progress.say("no answer");
  seconds(4);
  end();
  seconds(60);
  progress.begin();
  seconds(60);
  expect(told).toEqual([]);
});

test("one line in ten seconds, the last one, and none twice", () => {
  progress.begin();
  for (let left = 100; left > 0; left -= 1) {
    progress.say(`${Math.ceil(left / 50)} connections left`);
    seconds(1);
  }
  expect(told).toEqual(["5 s -: 2 connections left", "50 s -: 1 connections left"]);
  for (let count = 0; count < 40; count += 1) {
    progress.say(`line ${count}`);
    seconds(1);
  }
  expect(told.slice(2)).toEqual([
    "100 s -: line 0",
    "110 s -: line 9",
    "120 s -: line 19",
    "130 s -: line 29",
    "140 s -: line 39",
  ]);
});

test("commands that follow one another are no long wait, and a better reason precedes them", () => {
  progress.begin();
  for (let count = 0; count < 20; count += 1) {
    progress.say(`command ${count}`, true);
    seconds(1);
  }
  expect(told).toEqual([]);
  progress.say("apt-get install nginx", true);
  seconds(6);
  progress.say("the host is booting");
  seconds(20);
  progress.say(undefined);
  progress.say(undefined, true);
  seconds(20);
  expect(told).toEqual(["25 s -: apt-get install nginx", "35 s -: the host is booting"]);
});
