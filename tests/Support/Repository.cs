using System.Reflection;

namespace Lposs.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } =
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot")
            .Value!;

    /// <summary>A file of it, its name with forward slashes.</summary>
    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>A folder of data that is not part of it: below LPOSS_SHARED_DATA or, if that is not set, below
    /// ../shared/data beside it.</summary>
    public static string SharedData(string folder) =>
        Path.GetFullPath(
            Path.Combine(
                Environment.GetEnvironmentVariable("LPOSS_SHARED_DATA") is { Length: > 0 } data
                    ? data
                    : Path.Combine(Root, "..", "shared", "data"),
                folder
            )
        );
}
