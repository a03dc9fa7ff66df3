using Lposs.Interop;

namespace Lposs;

/// <summary>The core's native library, liblposs.so, as it was loaded.</summary>
public static unsafe class LpossLibrary
{
    // What this assembly was written against: LPOSS_VERSION_MAJOR and _MINOR of lposs.h.
    internal const int HeaderMajor = 0;
    internal const int HeaderMinor = 2;

    private static readonly Lazy<string> s_version = new(Load);

    /// <summary>Its version, such as "0.1.0".</summary>
    /// <exception cref="LpossException">It cannot be loaded, or is of another version than this assembly.</exception>
    public static string Version => s_version.Value;

    /// <summary>The file that was loaded, as a full path; null where the system does not say.</summary>
    /// <exception cref="LpossException">It cannot be loaded, or is of another version than this assembly.</exception>
    public static string? Path
    {
        get
        {
            Require();
            const string Maps = "/proc/self/maps";
            if (!File.Exists(Maps))
                return null;
            // "address permissions offset device inode path"; the library is the only one of its name.
            return File.ReadLines(Maps)
                .Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : "")
                .FirstOrDefault(path =>
                    System.IO.Path.GetFileName(path).StartsWith("liblposs.so", StringComparison.Ordinal)
                );
        }
    }

    /// <summary>Says whether there is a device that a context can be made on.</summary>
    /// <param name="device">The kind.</param>
    /// <param name="deviceIndex">Which of its kind, from 0.</param>
    /// <exception cref="LpossException">The core's library cannot be used.</exception>
    /// <exception cref="LpossException">The index is negative.</exception>
    public static DeviceProbe Probe(LpossDevice device, int deviceIndex = 0)
    {
        Require();
        const int Capacity = 256;
        byte* name = stackalloc byte[Capacity];
        var status = NativeMethods.DeviceProbe(device, deviceIndex, name, Capacity);
        if (status == NativeStatusCode.BackendUnavailable)
            return new DeviceProbe(device, deviceIndex, null, NativeStatus.LastError());
        NativeStatus.Check(status);
        return new DeviceProbe(device, deviceIndex, NativeStatus.Text(name), null);
    }

    /// <summary>Loads the library if it was not; returns if it can be used.</summary>
    internal static void Require() => _ = s_version.Value;

    internal static void RequireVersion(int number, string text)
    {
        if (number / 1000 != HeaderMajor * 1000 + HeaderMinor)
            throw new LpossException(
                LpossErrorCode.LibraryUnavailable,
                $"liblposs.so is version {text}, and this program was built for {HeaderMajor}.{HeaderMinor}; "
                    + "put the library of the same release beside the program."
            );
    }

    internal static LpossException LoadFailure(Exception cause) =>
        new(
            LpossErrorCode.LibraryUnavailable,
            cause switch
            {
                BadImageFormatException => "liblposs.so is not a library for this processor",
                EntryPointNotFoundException =>
                    "liblposs.so lacks functions that this program calls, so it is another library or version",
                _ => $"liblposs.so cannot be loaded ({FirstLine(cause.Message)})",
            } + $"; it belongs beside the program in {AppContext.BaseDirectory} or in a folder of LD_LIBRARY_PATH.",
            cause
        );

    private static string Load()
    {
        try
        {
            string text = NativeStatus.Text(NativeMethods.VersionString());
            RequireVersion(NativeMethods.Version(), text);
            return text;
        }
        catch (Exception error)
            when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw LoadFailure(error);
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.');
}

/// <summary>Whether a device can be used.</summary>
/// <param name="Device">The kind.</param>
/// <param name="DeviceIndex">Which of its kind, from 0.</param>
/// <param name="Name">The processor or card; null where it cannot be used.</param>
/// <param name="Problem">Why it cannot be used, in one sentence that names what is missing; null where it can.</param>
public sealed record DeviceProbe(LpossDevice Device, int DeviceIndex, string? Name, string? Problem)
{
    /// <summary>Whether a context can be made on it.</summary>
    public bool IsAvailable => Problem is null;
}
