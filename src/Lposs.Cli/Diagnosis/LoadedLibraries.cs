using Lposs.Cli.Output;

namespace Lposs.Cli.Diagnosis;

/// <summary>The native libraries of interest that this process has loaded, and from where.</summary>
internal static class LoadedLibraries
{
    private const string Maps = "/proc/self/maps";

    private static readonly string[] s_names =
        ["liblposs", "libonnxruntime", "libvips", "libcuda", "libcublas", "libcudnn"];

    /// <summary>Empty where the system does not say.</summary>
    public static IReadOnlyList<LibraryDocument> List()
    {
        if (!File.Exists(Maps))
            return [];
        // "address permissions offset device inode path", a line for each mapped part of a file.
        return
        [
            .. File.ReadLines(Maps)
                .Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : "")
                .Where(path => s_names.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)))
                .Distinct()
                .Select(path => new LibraryDocument(Path.GetFileName(path), path)),
        ];
    }
}
