// Sums test results over native (JUnit XML from ctest) and managed (TRX from dotnet test) runs.
//   node test-summary.mjs FOLDER
// Names what failed and what was skipped with its reason, and ends with the line "N passed, M failed[, K skipped]".
// Exit code 1 if anything failed or a result file cannot be read.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&', '&#xA;': '\n', '&#xD;': '' };
const decode = (text) => text.replace(/&(?:lt|gt|quot|apos|amp|#xA|#xD);/g, (entity) => entities[entity]);
const attribute = (element, name) => decode(new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1] ?? '');
const firstLine = (text) => decode(text ?? '').trim().split('\n')[0];

/** Test cases of a ctest run: <testcase name status="run|fail|notrun|disabled"> with <skipped message>. */
function readJunit(xml, run) {
  const cases = [];
  for (const [, head, body] of xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const status = attribute(head, 'status');
    // GoogleTest prints why before it skips; ctest keeps the output.
    const reason = /Skipped\s*\n([^\n]*)/.exec(body ?? '')?.[1] ?? attribute(/<skipped[^>]*>/.exec(body ?? '')?.[0] ?? '', 'message');
    cases.push({
      name: `${run}: ${attribute(head, 'name')}`,
      outcome: status === 'run' ? 'passed' : status === 'fail' ? 'failed' : 'skipped',
      reason: firstLine(reason),
    });
  }
  return cases;
}

/** Test cases of a dotnet run: <UnitTestResult testName outcome> with <Message>. */
function readTrx(xml, run) {
  const cases = [];
  for (const [, head, body] of xml.matchAll(/<UnitTestResult\b([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const outcome = attribute(head, 'outcome');
    cases.push({
      name: `${run}: ${attribute(head, 'testName')}`,
      outcome: outcome === 'Passed' ? 'passed' : outcome === 'NotExecuted' ? 'skipped' : 'failed',
      reason: firstLine(/<Message>([\s\S]*?)<\/Message>/.exec(body ?? '')?.[1] ?? /<StdOut>([\s\S]*?)<\/StdOut>/.exec(body ?? '')?.[1]),
    });
  }
  return cases;
}

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node test-summary.mjs FOLDER');
  process.exit(2);
}
const cases = [];
for (const file of readdirSync(folder).sort()) {
  const text = () => readFileSync(join(folder, file), 'utf8');
  if (file.endsWith('.xml')) cases.push(...readJunit(text(), file.replace(/^ctest-|\.xml$/g, '')));
  else if (file.endsWith('.trx')) cases.push(...readTrx(text(), file.replace(/\.trx$/, '')));
}
const of = (outcome) => cases.filter((one) => one.outcome === outcome);
for (const one of of('skipped')) console.log(`skipped  ${one.name}${one.reason ? ` (${one.reason})` : ''}`);
for (const one of of('failed')) console.log(`FAILED   ${one.name}${one.reason ? ` (${one.reason})` : ''}`);
const skipped = of('skipped').length;
console.log(`${of('passed').length} passed, ${of('failed').length} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(of('failed').length > 0 || cases.length === 0 ? 1 : 0);
