namespace Lposs.Cli.Output;

/// <summary>What <c>lposs classes --json</c> prints.</summary>
/// <param name="Command">"classes".</param>
/// <param name="Sets">The benchmarks, or the one that was asked for.</param>
internal sealed record ClassesDocument(string Command, IReadOnlyList<ClassSetDocument> Sets);

/// <param name="Name">The benchmark.</param>
/// <param name="Classes">Its classes, in order of ids.</param>
internal sealed record ClassSetDocument(string Name, IReadOnlyList<ClassDocument> Classes);
