/** One line of a sysctl.d file that sets a value. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
}

/** `-net.ipv4.ip_forward = 1`. The dash tells sysctl to ignore errors. A comment or any other text is undefined. */
export function parseAssignment(line: string): Assignment | undefined {
  if (!line.includes("=")) return undefined;
  const text = line.trim().replace(/^-/, "");
  const equals = text.indexOf("=");
  const key = text.slice(0, equals).trim();
  // No pattern with blanks on both sides of a match: such a one takes minutes for a line of a million blanks.
  return key === "" || /[\s#;]/.test(key) ? undefined : { key, value: text.slice(equals + 1).trim() };
}

/** The same of a line that somebody commented out: `#net.ipv4.ip_forward = 1`. */
export function parseDisabledAssignment(line: string): Assignment | undefined {
  const text = line.trim();
  return /^[#;]/.test(text) ? parseAssignment(text.slice(1)) : undefined;
}
