namespace Lposs.Tests.Support;

/// <summary>The images in samples/; its README says what they show.</summary>
internal static class Samples
{
    public static string At(string name) => Path.Combine(Repository.Root, "tests/Lposs.Tests/Imaging/samples", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(At(name));
}
