using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Lposs.Interop;

/// <summary>Turns a status of the library into a typed exception.</summary>
internal static unsafe partial class NativeStatus
{
    /// <summary>Returns if the status is OK, else throws the exception of its kind with the library's own
    /// text.</summary>
    public static void Check(NativeStatusCode status)
    {
        if (status != NativeStatusCode.Ok)
            throw Exception(status, LastError());
    }

    /// <summary>The text of this thread's last failure; empty if there was none.</summary>
    public static string LastError() => Text(NativeMethods.LastError());

    /// <summary>The exception for a status and a text.</summary>
    public static LpossException Exception(NativeStatusCode status, string text)
    {
        // Another thread's disposal can end on this one and clear the text; the name is always there.
        string message = text.Length > 0 ? text : Text(NativeMethods.StatusName(status));
        var code = (LpossErrorCode)status;
        // By lposs.h the text of these begins with the argument's name and a colon: "inputs.vm: ...".
        bool namesArgument =
            code is LpossErrorCode.InvalidArgument or LpossErrorCode.NotFinite or LpossErrorCode.MemoryLimit;
        return namesArgument && ArgumentAndRest().Match(message) is { Success: true } match
            ? new LpossException(code, message)
            {
                Argument = string.Concat(
                    match.Groups["argument"].Value.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])
                ),
                Detail = match.Groups["rest"].Value,
            }
            : new LpossException(code, message);
    }

    [GeneratedRegex(@"^([a-z_]+\.)*(?<argument>[a-z]+(_[a-z]+)*): (?<rest>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex ArgumentAndRest();

    /// <summary>A text of the library, copied.</summary>
    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
