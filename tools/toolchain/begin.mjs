/** Imported first, and imports nothing: what comes after it may not run on an old Node. */
if (Number(process.versions.node.split(".")[0]) < 18) {
  console.error(
    `Node 18 is enough to begin, as it installs a newer one for this repository. This is Node ${process.versions.node}: ${process.execPath}`,
  );
  process.exit(1);
}
