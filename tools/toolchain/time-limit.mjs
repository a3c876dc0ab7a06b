// jest takes a time limit for all projects or none; each project says its own in jest.config.mjs.
jest.setTimeout(/** @type {{ PATIENCE_MS: number }} */ (/** @type {unknown} */ (globalThis)).PATIENCE_MS);
