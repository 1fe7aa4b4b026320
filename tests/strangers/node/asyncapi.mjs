// The AsyncAPI document has nothing that its own parser complains of.
import { Parser, fromFile } from "@asyncapi/parser";

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
for (const { severity, code, message, path } of diagnostics) {
  console.error(`${severity} ${code} at ${path.join("/")}: ${message}`);
}
console.log(document ? `${document.messages().all().length} messages, ${diagnostics.length} complaints` : "not parsed");
process.exit(document && diagnostics.length === 0 ? 0 : 1);
