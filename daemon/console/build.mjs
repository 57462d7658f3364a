// Makes the console: what goes into the daemon, and with it the tests of its modules.
//
// Usage: node build.mjs TOP_FOLDER WORK_FOLDER PROTOC
//
// TOP_FOLDER is the top of the source tree. WORK_FOLDER holds node_modules; the sources are copied
// there, since that is where the compiler looks for packages, and the contract is generated beside
// them. Results: WORK_FOLDER/site, and for tests WORK_FOLDER/tests and WORK_FOLDER/texts.
import { spawnSync } from "node:child_process";
import { cpSync, copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const [top, work, protoc] = process.argv.slice(2);
const sourceFolder = join(top, "daemon/console");
const testFolder = join(top, "tests/console/modules");
const proto = join(top, "proto");
const tools = join(work, "node_modules", ".bin");
const site = join(work, "site");

function run(program, ...options) {
  const { status, error } = spawnSync(program, options, { cwd: work, stdio: "inherit" });
  if (error !== undefined) console.error(String(error));
  if (status !== 0) process.exit(1); // The program has said why.
}

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function copySources() {
  for (const folder of ["source", "contract", "site", "tests", "texts"]) {
    rmSync(join(work, folder), { recursive: true, force: true });
  }
  cpSync(join(sourceFolder, "source"), join(work, "source"), { recursive: true });
  copyFileSync(join(sourceFolder, "tsconfig.json"), join(work, "tsconfig.json"));
}

function generateContract() {
  mkdirSync(join(work, "contract"));
  const files = filesBelow(proto, ".proto").map((path) => relative(proto, path));
  run(
    protoc,
    `--proto_path=${proto}`,
    `--plugin=protoc-gen-es=${join(tools, "protoc-gen-es")}`,
    `--es_out=${join(work, "contract")}`,
    "--es_opt=target=ts,import_extension=none",
    ...files,
  );
}

async function bundle() {
  const esbuild = await import(pathToFileURL(join(work, "node_modules/esbuild/lib/main.js")).href);
  const common = {
    absWorkingDir: work,
    bundle: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    jsx: "automatic",
    jsxImportSource: "preact",
  };
  await esbuild.build({
    ...common,
    entryPoints: { console: "source/main.tsx" },
    outdir: site,
    entryNames: "[name]",
    assetNames: "[name]",
    format: "esm",
    target: ["es2022"],
    minify: true,
    loader: { ".woff2": "file" },
  });
  const forNode = {
    ...common,
    nodePaths: [join(work, "node_modules")],
    alias: { contract: join(work, "contract") },
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
  };
  await esbuild.build({
    ...forNode,
    entryPoints: filesBelow(testFolder, "_test.ts"),
    outdir: join(work, "tests"),
  });
  // What the tests in a browser look for on its pages.
  await esbuild.build({
    ...forNode,
    entryPoints: ["source/i18n/messages.ts"],
    outdir: join(work, "texts"),
  });
}

copySources();
generateContract();
run(join(tools, "tsc"), "--noEmit", "--project", "tsconfig.json");
await bundle();
for (const name of ["index.html", "icon.svg"]) {
  copyFileSync(join(sourceFolder, "source", name), join(site, name));
}
