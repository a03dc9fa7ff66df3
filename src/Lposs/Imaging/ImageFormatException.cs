namespace Lposs.Imaging;

/// <summary>Why a picture could not be read.</summary>
public enum ImageFormatError
{
    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>The path is a folder.</summary>
    IsFolder,

    /// <summary>The file may not be read by this user, or the system failed to read it.</summary>
    Unreadable,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The contents are not those of a picture, whatever the name says.</summary>
    NotAPicture,

    /// <summary>A picture in a format that is not read here.</summary>
    UnsupportedFormat,

    /// <summary>A picture in a format that is read, but with samples or colours that are not.</summary>
    UnsupportedPixels,

    /// <summary>More pixels than the limit.</summary>
    TooLarge,

    /// <summary>The file ends before the picture does.</summary>
    Truncated,

    /// <summary>The contents contradict their format.</summary>
    Damaged,
}

/// <summary>A picture could not be read. The message is one sentence, fit for the command line, that names the file, what
/// it is and what would be right.</summary>
public sealed class ImageFormatException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">The sentence.</param>
    /// <param name="innerException">What failed beneath, if anything.</param>
    public ImageFormatException(ImageFormatError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why the picture could not be read.</summary>
    public ImageFormatError Error { get; }

    /// <summary>The decoder's own words, for a programmer; null where no decoder spoke. Pictures that fail at the same
    /// instant on several threads may mix theirs.</summary>
    public string? DecoderMessage { get; init; }
}
