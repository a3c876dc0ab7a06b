import { setTimeout as sleep } from "node:timers/promises";
import { currentCall, unlessCancelled } from "./call";
import { Progress } from "./progress";
import { tell } from "./tell";

const progress = new WeakMap<object, Progress>();

/** Waits between two looks at a host, and says what for while that lasts. Throws as soon as the call is cancelled. */
export async function pause(milliseconds: number, what: string): Promise<void> {
  const call = currentCall();
  const key = call ?? NOBODY;
  let ours = progress.get(key);
  if (ours === undefined) {
    ours = new Progress(tell);
    // Its looks are part of one long wait.
    ours.begin(call);
    progress.set(key, ours);
  }
  ours.say(what);
  try {
    await unlessCancelled(what, sleep(milliseconds), call);
  } finally {
    ours.say(undefined);
  }
}

const NOBODY = {};
