using NetVips;

namespace Lposs.Imaging;

/// <summary>The bytes of an image file, to be read as often as wanted.</summary>
/// <param name="Name">What the messages call it.</param>
/// <param name="Format">The format its first bytes name.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Open">Opens it for the decoder, at its beginning.</param>
/// <param name="ReadAt">Gives bytes from an offset, fewer at the end.</param>
internal sealed record ImageSource(
    string Name,
    ImageFormat Format,
    long Length,
    Func<Source> Open,
    Func<long, int, byte[]> ReadAt
)
{
    /// <summary>Asked after a failure: was the file cut off? null: cannot be known.</summary>
    public bool? EndIsMissing() =>
        ImageEnd.IsMissing(
            Format,
            ReadAt(0, FileSignature.Length),
            ReadAt(Math.Max(0, Length - ImageEnd.Length), ImageEnd.Length),
            Length
        );

    /// <summary>What a TIFF says beside its pixels; nothing for other formats.</summary>
    public TiffTags Tags() => Format == ImageFormat.Tiff ? TiffTags.Read(ReadAt) : default;
}
