import { CLASS, matchesAnyName } from "../files/glob";

/** Whether systemd-sysctl takes a key for a pattern of several settings. */
export function isPattern(setting: string): boolean {
  return /[*?[]/.test(setting);
}

/** Whether a pattern is for a setting, as glob(7) reads it. Undefined: it may be, with braces, a backslash or a class of characters. */
export function matchesSetting(pattern: string, setting: string): boolean | undefined {
  const wider = pattern.replaceAll(/\{[^{}/]*\}/g, "*");
  const special = wider.search(SPECIAL);
  if (special !== -1) {
    const plain = wider.slice(0, special).search(/[*?[]/);
    return setting.startsWith(wider.slice(0, plain === -1 ? special : plain)) ? undefined : false;
  }
  const matches = matchesAnyName(wider, setting);
  return matches === true && wider !== pattern ? undefined : matches;
}

const SPECIAL = new RegExp(`[{}\\\\]|${CLASS.source}`);
