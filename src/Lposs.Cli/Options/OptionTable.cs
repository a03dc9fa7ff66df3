using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>
/// Which option stands for which argument of the library, and which one helps where the library could not do something.
/// The library knows no option; these tables are the only place that knows both.
/// </summary>
internal static class OptionTable
{
    /// <summary>What helps where memory is short.</summary>
    public const string LessMemory =
        "--memory-limit lets classes run in blocks; fewer classes or a smaller image need less";

    /// <summary>What helps where ONNX Runtime has no CUDA provider.</summary>
    public const string CudaProvider = "./build.sh build --cuda-encoders puts one with it beside the program";

    private static readonly Dictionary<string, string> s_options = new()
    {
        ["Alpha"] = "--alpha",
        ["Crop"] = "--window",
        ["DistancePower"] = "--distance-power",
        ["Gamma"] = "--gamma",
        ["K"] = "--k",
        ["Labels"] = "--labels",
        ["MaxSteps"] = "--steps",
        ["PatchSize"] = "--patch",
        ["PromptClasses"] = "--mapping",
        ["Radius"] = "--radius",
        ["Scores"] = "--scores",
        ["Shard"] = "--shard",
        ["ShortSide"] = "--short-side",
        ["Sigma"] = "--sigma",
        ["Size"] = "--size",
        ["Stride"] = "--stride",
        ["Tau"] = "--tau",
        ["Templates"] = "--templates",
        ["Text"] = "--text",
        ["Threads"] = "--threads",
        ["Tolerance"] = "--tolerance",
        ["Vlm"] = "--vlm",
        ["Vm"] = "--vm",
        ["Window"] = "--window",
    };

    // Behind the library's sentence and a semicolon.
    private static readonly Dictionary<string, (string Option, string Hint)> s_hints = new()
    {
        ["Accept"] = ("--accept-licence", "--accept-licence accepts them"),
        ["Activation"] = ("--activation", "--clip-config or --activation says it"),
        ["Device"] = ("--device", "--device cpu computes on the processor"),
        ["DownloadCache"] = ("--cache", "--cache names another folder"),
        ["IsOffline"] = ("--offline", "without --offline it is fetched"),
        ["MaxErrors"] = ("--max-errors", "--max-errors allows more"),
        ["MemoryLimit"] = ("--memory-limit", "--memory-limit, in MiB, raises it"),
        ["Merges"] = ("--merges", "--merges names it"),
        ["Overwrite"] = ("--force", "--force replaces it"),
        ["AsStored"] = ("--orientation", "--orientation stored takes the image as it is stored"),
        ["Scale"] = ("--scale", "--scale auto or --scale MIN,MAX takes it"),
        ["IsStrict"] = ("--strict", "without --strict it is read as far as it can be"),
        ["Layout"] = ("--layout", "--layout chw takes it as it is"),
        ["CudaProvider"] = ("--device", CudaProvider),
        ["SelfTest"] = ("--record", "lposs models check --record makes one of what they give here"),
    };

    // An option that is null: the hint helps in every command.
    private static readonly Dictionary<LpossErrorCode, (string? Option, string Hint)> s_hintsByCode = new()
    {
        [LpossErrorCode.DeviceUnavailable] = ("--device", "lposs doctor says what is missing"),
        [LpossErrorCode.LibraryUnavailable] = (null, "./build.sh build makes it"),
        [LpossErrorCode.ImageTooLarge] = ("--max-pixels", "--max-pixels raises the limit"),
        [LpossErrorCode.MemoryLimit] = ("--memory-limit", "--memory-limit, in MiB, raises it"),
        [LpossErrorCode.OutOfMemory] = ("--memory-limit", LessMemory),
    };

    private static readonly HashSet<string> s_files = ["--labels", "--mapping", "--scores", "--text", "--vlm", "--vm"];

    /// <summary>The option that sets an argument of the library; null where there is none.</summary>
    public static string? OptionOf(string argument) =>
        s_options.GetValueOrDefault(argument) ?? (s_hints.TryGetValue(argument, out var hint) ? hint.Option : null);

    public static bool TakesFile(string option) => s_files.Contains(option);

    /// <summary>What helps, of the options that the command has; null where nothing is known.</summary>
    public static string? HintFor(LpossException failure, Command command)
    {
        if (failure.Argument is { } argument && s_hints.TryGetValue(argument, out var byArgument))
            return Has(command, byArgument.Option) ? byArgument.Hint : null;
        return s_hintsByCode.TryGetValue(failure.Code, out var byCode) && Has(command, byCode.Option)
            ? byCode.Hint
            : null;
    }

    private static bool Has(Command command, string? option) =>
        option is null || command.Options.Any(known => known.Name == option);
}
