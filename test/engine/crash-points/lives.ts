import type { FakeLife } from "./life";
import { directorLives } from "./lives-director";
import { networkLives } from "./lives-network";
import { systemLives } from "./lives-system";

export const lives: readonly FakeLife[] = [...networkLives(), ...directorLives(), ...systemLives()];
