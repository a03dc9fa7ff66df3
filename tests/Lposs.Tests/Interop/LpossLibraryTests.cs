using System.Runtime.InteropServices;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

public sealed class LpossLibraryTests
{
    [Fact]
    public void The_loaded_library_has_a_version_and_a_path()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+$", LpossLibrary.Version);
        Assert.NotNull(LpossLibrary.Path);
        Assert.True(File.Exists(LpossLibrary.Path), LpossLibrary.Path);
    }

    [Theory]
    [InlineData(3_000, "0.3.0")]
    [InlineData(1_001_000, "1.1.0")]
    public void A_library_of_another_version_is_refused_with_both_versions(int number, string text)
    {
        var error = Failing.With(LpossErrorCode.LibraryUnavailable, () => LpossLibrary.RequireVersion(number, text));

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("0.2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_release_is_not_another_version() => LpossLibrary.RequireVersion(2_009, "0.2.9");

    [Fact]
    public void A_library_that_is_not_there_is_one_sentence_with_cause_and_cure()
    {
        var cause = Assert.Throws<DllNotFoundException>(() =>
            NativeLibrary.Load("no_such_lposs", typeof(LpossLibrary).Assembly, null)
        );

        var error = LpossLibrary.LoadFailure(cause);

        Assert.StartsWith("liblposs.so cannot be loaded (", error.Message, StringComparison.Ordinal);
        Assert.Contains(AppContext.BaseDirectory, error.Message, StringComparison.Ordinal);
        Assert.Contains("LD_LIBRARY_PATH", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_that_is_no_library_says_so() =>
        Assert.Contains(
            "not a library",
            LpossLibrary.LoadFailure(new BadImageFormatException()).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_processor_is_always_there()
    {
        var probe = LpossLibrary.Probe(LpossDevice.Cpu);

        Assert.True(probe.IsAvailable);
        Assert.False(string.IsNullOrWhiteSpace(probe.Name));
    }

    [Fact]
    public void A_device_that_is_not_there_has_a_reason()
    {
        var probe = LpossLibrary.Probe(LpossDevice.Cuda, 999);

        Assert.False(probe.IsAvailable);
        Assert.Null(probe.Name);
        Assert.False(string.IsNullOrWhiteSpace(probe.Problem));
    }
}
