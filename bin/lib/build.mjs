/**
 * Bundles what pages load: node bin/lib/build.mjs TARGET makes TARGET/ anew from the static folders of the apps.
 *
 * What a template names with {% static %} is an entry: a module, a classic script or a style sheet. Each becomes a
 * minified file whose name holds a hash of its content, beside it the same as .br and .gz; TARGET/manifest.json maps the
 * names of the sources to those of the files. Former files stay for two weeks, for pages that are still open.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";
import { modernLeaflet } from "./leaflet.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const VENDORS = {
  "vendor/leaflet/": "node_modules/leaflet/dist/",
  "vendor/geoman/": "node_modules/@geoman-io/leaflet-geoman-free/dist/",
};
/** Files of Django's own apps, which serve them as they are. */
const FOREIGN = /^(admin|rest_framework|drf_spectacular_sidecar)\//;
/**
 * Scripts that are bundled by themselves, into one file each. Modules that several entries share become files of their
 * own: of all entries together a page would have to fetch a dozen, so that the first pages people see share with nobody.
 */
const ALONE = ["mapping/js/site.js", "mapping/js/campaign.js"];
/** Scripts of a campaign's page, also in a frame: it loads the words of what comes with them first. */
const OF_CAMPAIGN = ["mapping/js/campaign.js", "mapping/js/site/embed.js"];
/** Milliseconds for which files stay after a build that no longer makes them. */
const FORMER = 14 * 24 * 3600 * 1000;
/** Folders of templates that only staff see. */
const OF_STAFF = /\/(planning|setup)\//;

const NAMED = /<(script|link)\b[^>]*?\{% static ['"]([^'"]+\.(?:js|css))['"] %\}[^>]*>/g;

/** @returns {Promise<string[]>} */
async function filesIn(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Where the source of a static file lies. */
async function sourceOf(name) {
  for (const [prefix, folder] of Object.entries(VENDORS)) {
    if (name.startsWith(prefix)) return join(ROOT, folder, name.slice(prefix.length));
  }
  for (const app of await readdir(ROOT)) {
    const path = join(ROOT, app, "static", name);
    if (existsSync(path)) return path;
  }
  throw new Error(`A template names ${name}, which is in no static folder.`);
}

/** What templates name: entries by kind, each a map of names to sources, and the entries that only staff load. */
async function entries() {
  const kinds = { modules: new Map(), classic: new Map(), styles: new Map() };
  const ofCitizens = new Set();
  const templates = (await filesIn(join(ROOT, "templates"))).filter((path) => path.endsWith(".html")).sort();
  for (const template of templates) {
    for (const [tag, , name] of (await readFile(template, "utf-8")).matchAll(NAMED)) {
      if (FOREIGN.test(name)) continue;
      const source = await sourceOf(name);
      if (name.endsWith(".css")) kinds.styles.set(name, source);
      else if (tag.includes('type="module"')) kinds.modules.set(name, source);
      else kinds.classic.set(name, source);
      if (!OF_STAFF.test(template)) ofCitizens.add(name);
    }
  }
  const alone = ALONE.map((name) => new Map([[name, kinds.modules.get(name)]]));
  for (const name of ALONE) kinds.modules.delete(name);
  return { ...kinds, alone, ofCitizens };
}

/**
 * @typedef {object} Bundled
 * @property {[string, string][]} names of sources and of what was made of them
 * @property {import("esbuild").Metafile} metafile
 */

/**
 * Bundle one group of entries.
 * @param {string} target
 * @param {Map<string, string>} group names and sources of entries
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<Bundled>}
 */
async function bundle(target, group, { plugins = [], ...options }) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...group].map(([name, source]) => ({ in: source, out: name.replace(/\.(js|css)$/, "") })),
    outdir: target,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "parts/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    bundle: true,
    minify: true,
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    logLevel: "warning",
    target: ["chrome109", "firefox115", "safari16.4"],
    loader: { ".png": "file", ".svg": "dataurl", ".woff2": "file" },
    plugins: [modernLeaflet, foldersAsOne, ...plugins],
    ...options,
  });
  const sources = new Map([...group].map(([name, source]) => [relative(ROOT, source), name]));
  const names = [];
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    const name = entryPoint && sources.get(entryPoint);
    if (name) names.push([name, relative(target, resolve(ROOT, path))]);
  }
  return { names, metafile };
}

/**
 * Bundle one script into one file, and into further ones what it imports later, on demand.
 *
 * esbuild gives a file of its own to each set of modules that the script and some of the later ones share. The later
 * ones are loaded by the script alone, so each is told to import it: all that the script needs at once is one set then.
 * @returns {Promise<Bundled>}
 */
async function bundleAlone(target, group) {
  const [[name, source]] = group;
  const options = { format: "esm", splitting: true };
  const trial = await bundle(target, group, { ...options, write: false });
  const later = Object.values(trial.metafile.outputs)
    .map(({ entryPoint }) => entryPoint && join(ROOT, entryPoint))
    .filter((path) => path && path !== source && !path.includes("/node_modules/"));
  const importing = {
    name: "later-modules-import-the-script",
    setup(building) {
      building.onLoad({ filter: /\.js$/ }, async ({ path }) => {
        if (!later.includes(path)) return undefined;
        return { contents: `${await readFile(path, "utf-8")}\nimport ${JSON.stringify(source)};\n` };
      });
    },
  };
  const { names, metafile } = await bundle(target, group, { ...options, plugins: [importing] });
  const [[, entry]] = names;
  const { imports } = metafile.outputs[relative(ROOT, join(target, entry))];
  const files = imports.filter(({ kind }) => kind === "import-statement");
  if (files.length === 0) return { names, metafile };
  if (files.length > 1) throw new Error(`${name} became ${files.length} files.`);
  // The entry does nothing but import that file.
  return { names: [[name, relative(target, resolve(ROOT, files[0].path))]], metafile };
}

/**
 * The sources of scripts that pages load, at once or later as well: whose words they need.
 * @param {Set<string>} names of entries
 * @param {Bundled[]} bundled
 * @param {{isLater: boolean}} options
 * @returns {string[]} paths below the folder of the project
 */
function scriptsOf(names, bundled, { isLater }) {
  const found = new Set();
  for (const { metafile } of bundled) {
    const follow = (path) => {
      if (found.has(path) || !path.endsWith(".js") || path.startsWith("node_modules/")) return;
      found.add(path);
      for (const one of metafile.inputs[path]?.imports ?? []) {
        if (isLater || one.kind !== "dynamic-import") follow(one.path);
      }
    };
    for (const { entryPoint } of Object.values(metafile.outputs)) {
      const name = entryPoint && /^[^/]+\/static\/(.+)$/.exec(entryPoint)?.[1];
      if (name && names.has(name)) follow(entryPoint);
    }
  }
  return [...found].sort();
}

/** Modules of one app import those of another as browsers see them: all static folders as one. */
const foldersAsOne = {
  name: "folders-as-one",
  setup(building) {
    building.onResolve({ filter: /^\.\.?\// }, async ({ path, resolveDir }) => {
      const wanted = resolve(resolveDir, path);
      const [, name] = /^[^/]+\/static\/(.+)$/.exec(relative(ROOT, wanted)) ?? [];
      if (!name || existsSync(wanted)) return undefined;
      return { path: await sourceOf(name) };
    });
  },
};

/** The same file as .br and .gz, where that is smaller. */
async function compress(path) {
  if (!/\.(js|css|svg)$/.test(path)) return;
  const plain = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  for (const [ending, packed] of [
    ["br", await promisify(brotliCompress)(plain, { params })],
    ["gz", await promisify(gzip)(plain, { level: 9 })],
  ]) {
    if (packed.length < plain.length) await writeFile(`${path}.${ending}`, packed);
  }
}

/**
 * Pictures of the apps as they are, with hashed names.
 * @returns {Promise<[string, string][]>} names of sources and of their copies
 */
async function copyPictures(target) {
  const made = [];
  for (const app of await readdir(ROOT)) {
    const folder = join(ROOT, app, "static");
    if (!existsSync(folder)) continue;
    for (const path of (await filesIn(folder)).filter((one) => one.endsWith(".svg"))) {
      const name = relative(folder, path);
      const hash = createHash("sha256").update(await readFile(path)).digest("hex").slice(0, 8).toUpperCase();
      const copy = name.replace(/\.svg$/, `-${hash}.svg`);
      await mkdir(dirname(join(target, copy)), { recursive: true });
      await copyFile(path, join(target, copy));
      made.push([name, copy]);
    }
  }
  return made;
}

/** Former files, for pages that are still open: as long as browsers keep drafts. */
async function keepFormer(last, target) {
  if (!existsSync(last)) return;
  for (const path of await filesIn(last)) {
    const to = join(target, relative(last, path));
    const { atime, mtime } = await stat(path);
    if (existsSync(to) || Date.now() - mtime > FORMER) continue;
    await mkdir(dirname(to), { recursive: true });
    await copyFile(path, to);
    await utimes(to, atime, mtime);
  }
}

async function main(target) {
  const draft = `${target}.new`;
  const { alone, modules, classic, styles, ofCitizens } = await entries();
  await rm(draft, { recursive: true, force: true });
  const bundled = [];
  for (const group of alone) bundled.push(await bundleAlone(draft, group));
  bundled.push(await bundle(draft, modules, { format: "esm", splitting: true }));
  bundled.push(await bundle(draft, classic, { format: "iife" }));
  bundled.push(await bundle(draft, styles, {}));
  const names = [...bundled.flatMap((one) => one.names), ...(await copyPictures(draft))];
  const paths = await filesIn(draft);
  await Promise.all(paths.map(compress));
  const manifest = {
    files: Object.fromEntries(names.sort()),
    made: paths.map((path) => relative(draft, path)).sort(),
    citizens: scriptsOf(ofCitizens, bundled, { isLater: true }),
    campaign: scriptsOf(new Set(OF_CAMPAIGN), bundled, { isLater: false }),
  };
  await writeFile(join(draft, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
  await keepFormer(target, draft);
  await rm(`${target}.old`, { recursive: true, force: true });
  if (existsSync(target)) await rename(target, `${target}.old`);
  await rename(draft, target);
  await rm(`${target}.old`, { recursive: true, force: true });
}

await main(resolve(process.argv[2]));
