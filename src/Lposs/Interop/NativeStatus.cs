using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>Turns a status of the library into a typed exception.</summary>
internal static unsafe class NativeStatus
{
    /// <summary>Returns if the status is OK, else throws the exception of its kind with the library's own text.</summary>
    public static void Check(LpossStatus status)
    {
        if (status != LpossStatus.Ok)
            throw Exception(status, LastError());
    }

    /// <summary>The text of this thread's last failure; empty if there was none.</summary>
    public static string LastError() => Text(NativeMethods.LastError());

    /// <summary>The exception for a status and a text.</summary>
    public static LpossException Exception(LpossStatus status, string text)
    {
        // Another thread's disposal can end on this one and clear the text; the name is always there.
        string message = text.Length > 0 ? text : Text(NativeMethods.StatusName(status));
        return status switch
        {
            LpossStatus.InvalidArgument or LpossStatus.NotFinite => new LpossArgumentException(status, message),
            LpossStatus.OutOfMemory or LpossStatus.MemoryLimit => new LpossMemoryException(status, message),
            LpossStatus.BackendUnavailable or LpossStatus.Device => new LpossDeviceException(status, message),
            _ => new LpossException(status, message),
        };
    }

    /// <summary>A text of the library, copied.</summary>
    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
