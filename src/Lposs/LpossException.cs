namespace Lposs;

/// <summary>
/// Something could not be done. The message is one sentence that names the argument or file, what it was and what it
/// may be. Callers decide by <see cref="Code"/>: with <see cref="LpossErrorCode.DeviceUnavailable"/> another device may
/// serve, with <see cref="LpossErrorCode.OutOfMemory"/> a smaller image.
/// </summary>
/// <param name="code">Why.</param>
/// <param name="message">The sentence, without the names of any program's options.</param>
/// <param name="innerException">What failed beneath, if anything.</param>
public sealed class LpossException(LpossErrorCode code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Why.</summary>
    public LpossErrorCode Code { get; } = code;

    /// <summary>The argument, property or file that is wrong, as the library calls it, such as "ShortSide"; null where
    /// none is.</summary>
    public string? Argument { get; init; }

    /// <summary>What it was; null where the message says it alone.</summary>
    public object? Value { get; init; }

    /// <summary>What it may be, such as "1 to 65536"; null where the message says it alone.</summary>
    public string? Allowed { get; init; }

    /// <summary>What the core or a decoder said, in its own words and without the argument; null where neither was
    /// asked.</summary>
    public string? Detail { get; init; }

    /// <summary>An argument or setting that is out of its range.</summary>
    /// <param name="argument">As the library calls it.</param>
    /// <param name="value">What it was.</param>
    /// <param name="allowed">What it may be, such as "1 to 65536".</param>
    internal static LpossException OutOfRange(string argument, object value, string allowed) =>
        new(LpossErrorCode.InvalidArgument, FormattableString.Invariant($"{argument} is {value}; it may be {allowed}."))
        {
            Argument = argument,
            Value = value,
            Allowed = allowed,
        };
}

/// <summary>Why something could not be done. The numbers up to 99 are those of the core's <c>lposs_status</c>; all of
/// them stay.</summary>
public enum LpossErrorCode
{
    /// <summary>An argument, a setting, a size or a shape is wrong.</summary>
    InvalidArgument = 1,

    /// <summary>Numbers are NaN or infinite.</summary>
    NotFinite = 2,

    /// <summary>The system or the device has no more memory.</summary>
    OutOfMemory = 3,

    /// <summary>More than the memory limit would be needed.</summary>
    MemoryLimit = 4,

    /// <summary>There is no such device, driver, backend or provider.</summary>
    DeviceUnavailable = 5,

    /// <summary>The device reported a failure.</summary>
    DeviceFailed = 6,

    /// <summary>Valid, but this build or backend cannot do it.</summary>
    Unsupported = 7,

    /// <summary>A fault of the library.</summary>
    Internal = 8,

    /// <summary>The core was asked to stop. A cancelled call throws
    /// <see cref="OperationCanceledException"/>.</summary>
    Cancelled = 9,

    /// <summary>Another call on the same context is not over yet.</summary>
    Busy = 10,

    /// <summary>A native library is not there, is damaged, or is of another version.</summary>
    LibraryUnavailable = 100,

    /// <summary>There is no such file or folder.</summary>
    FileNotFound = 200,

    /// <summary>The path is a folder, where a file is expected.</summary>
    FileIsFolder = 201,

    /// <summary>The file may not be read, or the system failed to read it.</summary>
    FileUnreadable = 202,

    /// <summary>The file has no bytes.</summary>
    FileEmpty = 203,

    /// <summary>The contents are not those of an image, whatever the name says.</summary>
    NotAnImage = 210,

    /// <summary>An image in a format that is not read here.</summary>
    UnsupportedImage = 211,

    /// <summary>An image in a format that is read, but with samples or colours that are not.</summary>
    UnsupportedPixels = 212,

    /// <summary>The image has more pixels, or its file more bytes, than the limit.</summary>
    ImageTooLarge = 213,

    /// <summary>The file ends before the image does.</summary>
    TruncatedImage = 214,

    /// <summary>The image's contents contradict its format.</summary>
    DamagedImage = 215,

    /// <summary>Class names, prompts, ids or colours are wrong.</summary>
    InvalidClasses = 220,

    /// <summary>A .npy file is not as it should be.</summary>
    InvalidArray = 221,

    /// <summary>A model bundle or an encoder of it is not as its manifest says.</summary>
    InvalidBundle = 230,

    /// <summary>A file of weights is not as it should be.</summary>
    InvalidWeights = 231,

    /// <summary>Published files cannot become a bundle.</summary>
    ImportFailed = 232,

    /// <summary>A published model cannot be fetched.</summary>
    DownloadFailed = 240,

    /// <summary>A batch cannot begin or go on.</summary>
    BatchFailed = 250,

    /// <summary>A data set, or a folder of label maps, is not as it should be.</summary>
    InvalidDataset = 260,
}
