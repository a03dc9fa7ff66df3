// Sums test results over native (JUnit XML from ctest) and managed (TRX from dotnet test) runs.
//   dotnet run .ci/test-summary.cs -- FOLDER
// Names what failed and what was skipped with its reason, and ends with the line "N passed, M failed[, K skipped]".
// Exit code 1 if anything failed, if there was no test, or if a result file cannot be read; 2 if called wrongly.

using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run .ci/test-summary.cs -- FOLDER");
    return 2;
}
if (!Directory.Exists(args[0]))
{
    Console.Error.WriteLine($"test-summary: there is no folder {args[0]}");
    return 1;
}
var cases = new List<TestCase>();
bool unreadable = false;
foreach (string file in Directory.GetFiles(args[0]).Order(StringComparer.Ordinal))
{
    string run = Path.GetFileNameWithoutExtension(file);
    try
    {
        if (file.EndsWith(".xml", StringComparison.Ordinal))
            cases.AddRange(ReadJunit(Load(file), run.StartsWith("ctest-", StringComparison.Ordinal) ? run[6..] : run));
        else if (file.EndsWith(".trx", StringComparison.Ordinal))
            cases.AddRange(ReadTrx(Load(file), run));
    }
    catch (XmlException error)
    {
        Console.WriteLine($"FAILED   {Path.GetFileName(file)} cannot be read ({error.Message})");
        unreadable = true;
    }
}
Print("skipped ", Outcome.Skipped);
Print("FAILED  ", Outcome.Failed);
int skipped = Count(Outcome.Skipped);
Console.WriteLine($"{Count(Outcome.Passed)} passed, {Count(Outcome.Failed)} "
    + $"failed{(skipped > 0 ? $", {skipped} skipped" : "")}");
return unreadable || cases.Count == 0 || Count(Outcome.Failed) > 0 ? 1 : 0;

int Count(Outcome outcome) => cases.Count(one => one.Outcome == outcome);

void Print(string word, Outcome outcome)
{
    foreach (var one in cases.Where(one => one.Outcome == outcome))
        Console.WriteLine($"{word} {one.Name}{(one.Reason.Length > 0 ? $" ({one.Reason})" : "")}");
}

// What tests printed may hold characters that XML does not allow.
static XDocument Load(string file)
{
    using var reader = XmlReader.Create(file, new XmlReaderSettings { CheckCharacters = false });
    return XDocument.Load(reader);
}

// <testcase name status="run|fail|notrun|disabled"> with <skipped message>, and what the test printed in <system-out>.
static IEnumerable<TestCase> ReadJunit(XDocument document, string run) =>
    from test in document.Descendants("testcase")
    let status = (string?)test.Attribute("status")
    // GoogleTest prints why before it skips.
    let printed = Regex.Match(test.Value, @"Skipped\s*\n([^\n]*)")
    let reason = printed.Success ? printed.Groups[1].Value : (string?)test.Element("skipped")?.Attribute("message")
    let outcome = status switch { "run" => Outcome.Passed, "fail" => Outcome.Failed, _ => Outcome.Skipped }
    select new TestCase($"{run}: {(string?)test.Attribute("name")}", outcome, FirstLine(reason));

// <UnitTestResult testName outcome> with <Output> of <StdOut> and <ErrorInfo><Message>.
static IEnumerable<TestCase> ReadTrx(XDocument document, string run) =>
    from test in document.Descendants()
    where test.Name.LocalName == "UnitTestResult"
    let status = (string?)test.Attribute("outcome")
    let reason = Inner(test, "Message") ?? Inner(test, "StdOut")
    let outcome = status switch { "Passed" => Outcome.Passed, "NotExecuted" => Outcome.Skipped, _ => Outcome.Failed }
    select new TestCase($"{run}: {(string?)test.Attribute("testName")}", outcome, FirstLine(reason));

static string? Inner(XElement element, string name) =>
    element.Descendants().FirstOrDefault(inner => inner.Name.LocalName == name)?.Value;

static string FirstLine(string? text) => (text ?? "").Trim().Split('\n')[0].TrimEnd();

internal enum Outcome { Passed, Failed, Skipped }

internal sealed record TestCase(string Name, Outcome Outcome, string Reason);
