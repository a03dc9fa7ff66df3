using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Lposs.Interop;
using Lposs.Tools.Import.Exporter;
using Xunit;

namespace Lposs.Tests.Interop;

public sealed partial class ImportTableTests
{
    private static readonly string[] s_imports =
    [
        .. typeof(NativeMethods)
            .GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method =>
                method.GetCustomAttribute<LibraryImportAttribute>()?.EntryPoint
                ?? method.GetCustomAttribute<DllImportAttribute>()?.EntryPoint
            )
            .OfType<string>(),
    ];

    [Fact]
    public void Every_function_of_the_header_is_bound_once()
    {
        string header = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "lposs.h"));
        string[] declared = [.. Declaration().Matches(header).Select(match => match.Groups[1].Value)];

        Assert.True(declared.Length > 40, $"only {declared.Length} functions were found in lposs.h");
        Assert.Equal(declared.Order(), s_imports.Order());
    }

    [Fact]
    public void Every_bound_function_is_in_the_library()
    {
        nint library = NativeLibrary.Load(NativeMethods.Library, typeof(NativeMethods).Assembly, null);

        Assert.All(
            s_imports,
            name => Assert.True(NativeLibrary.TryGetExport(library, name, out _), $"liblposs.so has no {name}")
        );
        NativeLibrary.Free(library);
    }

    [Fact]
    public void The_version_of_the_header_is_the_one_that_is_asked_for()
    {
        string header = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "lposs.h"));

        Assert.Contains($"#define LPOSS_VERSION_MAJOR {LpossLibrary.HeaderMajor}\n", header, StringComparison.Ordinal);
        Assert.Contains($"#define LPOSS_VERSION_MINOR {LpossLibrary.HeaderMinor}\n", header, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^LPOSS_API [^(]*?\b(lposs_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
