// Removes download addresses from package-lock.json; the integrity hashes still pin every file.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const path = join(import.meta.dirname, "package-lock.json");
const lock = JSON.parse(await readFile(path, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved;
  delete entry.funding;
}
await writeFile(path, JSON.stringify(lock, null, 2) + "\n");
