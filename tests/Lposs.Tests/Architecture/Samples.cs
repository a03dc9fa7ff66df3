using Lposs.Tests.Architecture.Samples.Bundles;

// Two types that break the table of ArchitectureTests, and one that does not.
#pragma warning disable IDE0130 // the namespaces are those of rooms

namespace Lposs.Tests.Architecture.Samples.Bundles
{
    internal sealed class SampleBundle
    {
        public static string Open() => "open";
    }
}

namespace Lposs.Tests.Architecture.Samples.Tokenization
{
    internal static class TokenizerThatOpensBundles
    {
        public static string Open() => SampleBundle.Open();
    }

    internal sealed class TokenizerWithABundle
    {
        public List<SampleBundle[]> Bundles { get; } = [];
    }
}

namespace Lposs.Tests.Architecture.Samples.Pipeline
{
    internal static class PipelineThatOpensBundles
    {
        public static string Open() => SampleBundle.Open();
    }
}
