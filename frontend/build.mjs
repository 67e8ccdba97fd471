// Rebuilds assessments/web/static/vendor from package-lock.json: `npm ci && npm run build`.
// Each bundle is written beside the licences of every package that went into it.
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const vendor = join(import.meta.dirname, "..", "assessments", "web", "static", "vendor");
const modules = join(import.meta.dirname, "node_modules");

async function licenceOf(name) {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), "utf8") : `Licence: ${license}\n`;
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

function packagesIn(metafile) {
  const names = Object.keys(metafile.inputs)
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean);
  return [...new Set(names)].sort();
}

async function writeLicences(bundle, names) {
  const texts = await Promise.all(names.map(licenceOf));
  await writeFile(join(vendor, `${bundle}.LICENSES.txt`), texts.join("\n" + "-".repeat(72) + "\n\n"));
}

await rm(vendor, { recursive: true, force: true });
await mkdir(vendor, { recursive: true });

await copyFile(join(modules, "htmx.org/dist/htmx.min.js"), join(vendor, "htmx.min.js"));
await writeLicences("htmx", ["htmx.org"]);

for (const name of ["codemirror", "sortable"]) {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, `${name}.js`)],
    outfile: join(vendor, `${name}.min.js`),
    bundle: true, minify: true, format: "esm", target: "es2020", legalComments: "none",
    metafile: true,
  });
  await writeLicences(name, packagesIn(metafile));
}
