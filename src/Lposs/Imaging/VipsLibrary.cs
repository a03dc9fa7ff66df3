using NetVips;
using Vips = NetVips.NetVips;

namespace Lposs.Imaging;

/// <summary>Starts libvips, once in a process, with the settings under which it decodes files that nobody vouches
/// for.</summary>
internal static class VipsLibrary
{
    // libvips keeps this delegate.
    private static readonly Log.LogDelegate s_drop = static (_, _, _) => { };

    private static readonly Lazy<string> s_version = new(Start);

    /// <summary>Version of libvips, such as "8.18.7".</summary>
    /// <exception cref="DllNotFoundException">libvips is not beside the program.</exception>
    /// <exception cref="InvalidOperationException">libvips did not start.</exception>
    public static string Version => s_version.Value;

    /// <summary>Starts libvips where that has not been done.</summary>
    public static void Require() => _ = s_version.Value;

    /// <summary>Empties libvips' list of errors, which is kept for the whole process and also takes up what was wrong
    /// with images that could be read all the same.</summary>
    // The exception takes the list into its message and empties it; there is no other way to do that.
    public static void ForgetErrors() => _ = new VipsException("");

    private static string Start()
    {
        if (!ModuleInitializer.VipsInitialized)
            throw ModuleInitializer.Exception switch
            {
                DllNotFoundException error => new DllNotFoundException(
                    "libvips.so.42, which decodes images, was not found beside the program",
                    error
                ),
                var error => new InvalidOperationException($"libvips did not start: {error?.Message.Trim()}", error),
            };
        // A library does not print: what matters comes back as an exception.
        Log.SetLogHandler(
            "VIPS",
            Enums.LogLevelFlags.Warning
                | Enums.LogLevelFlags.Message
                | Enums.LogLevelFlags.Info
                | Enums.LogLevelFlags.Debug,
            s_drop
        );
        Vips.BlockUntrusted = true;
        Vips.Concurrency = 1;
        Cache.Max = 0;
        return $"{Vips.Version(0)}.{Vips.Version(1)}.{Vips.Version(2)}";
    }
}
