namespace Lposs.Tests.Imaging;

/// <summary>The pictures in samples/; its README says what they show.</summary>
internal static class Samples
{
    public static string At(string name) => Path.Combine(AppContext.BaseDirectory, "Imaging", "samples", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(At(name));
}
