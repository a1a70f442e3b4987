// Corrects lines with Harper: lines in, as many lines out. Run by `evaluation/_harper.py`.
// Where the package harper.js lies is the first argument: modules are not looked for in NODE_PATH.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const dist = join(process.argv[2], "dist");
const load = (name) => import(pathToFileURL(join(dist, name)).href);
const { LocalLinter, Dialect, SuggestionKind } = await load("index.js");
const { binary } = await load("binary.js");
const linter = new LocalLinter({ binary, dialect: Dialect.American });
await linter.setup();

// The first suggestion of each lint; of lints that overlap, the first one.
async function corrected(line) {
  const lints = await linter.lint(line, { language: "plaintext" });
  const edits = [];
  for (const lint of lints) {
    const [first] = lint.suggestions();
    const { start, end } = lint.span();
    if (first) edits.push({ start, end, kind: first.kind(), text: first.get_replacement_text() });
  }
  edits.sort((one, other) => one.start - other.start || one.end - other.end);
  const parts = [];
  let at = 0;
  for (const { start, end, kind, text } of edits) {
    if (start < at) continue;
    parts.push(line.slice(at, start));
    if (kind === SuggestionKind.InsertAfter) parts.push(line.slice(start, end), text);
    else if (kind === SuggestionKind.Replace) parts.push(text);
    at = end;
  }
  parts.push(line.slice(at));
  return parts.join("").replaceAll("\n", " ");
}

const lines = readFileSync(0, "utf8").replace(/\n$/, "").split("\n");
const made = [];
for (const line of lines) made.push(line.trim() ? await corrected(line) : line);
process.stdout.write(made.join("\n") + "\n", () => process.exit(0));
