using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Lposs.Imaging;

/// <summary>
/// Reads picture files: JPEG, PNG, WebP, TIFF and GIF, told apart by their contents, never by their names.
/// </summary>
/// <remarks>
/// Every picture becomes sRGB with 8 bits a channel, upright (EXIF orientations 1 to 8 are applied). Gray is repeated;
/// of 16 bits the upper 8 are kept; CMYK goes through its ICC profile, or a standard one; of an animation or of several
/// pages the first is read. Alpha is left out, not composed: a pixel keeps the colour that is stored, however transparent
/// it is, as in Pillow's <c>convert("RGB")</c> and OpenCV's <c>imread</c>, with which encoders are trained (a transparent
/// pixel of a GIF has no colour of its own and is black). For the same reason profiles of RGB pictures are not applied.
/// The size is checked when only the header has been read; no decoder outside the five formats can be reached. Safe to
/// call from several threads; each call decodes on its own thread.
/// </remarks>
public static class ImageFile
{
    private const long MaximumStreamBytes = 1L << 30;

    /// <summary>Version of the libvips library that decodes, such as "8.18.7".</summary>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static string LibraryVersion => PictureDecoder.LibraryVersion();

    /// <summary>Reads a picture file.</summary>
    /// <param name="path">The file, or a pipe such as /dev/stdin. Taken literally: no wildcards, no options.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The picture, [height, width, 3].</returns>
    /// <exception cref="ImageFormatException">The picture cannot be read; <see cref="ImageFormatException.Error"/> says
    /// why.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static RgbImage Read(string path, ImageReadOptions? options = null)
    {
        using FileStream file = InputFile.Open(path, $"cannot read '{path}'");
        if (!file.CanSeek) return Decode(file, path, options);

        SafeFileHandle handle = file.SafeFileHandle;
        long length = file.Length;
        byte[] head = ReadAt(handle, 0, FileSignature.Length);
        PictureFormat format = Identify(path, head);
        return PictureDecoder.WithLibrary(() => PictureDecoder.Decode(
            path, format, options ?? new ImageReadOptions(),
            (out PictureHandle picture, out PictureInfo info, Span<byte> text) =>
                NativePictures.OpenDescriptor(handle, format, out picture, out info, text, (nuint)text.Length),
            () => PictureEnd.IsMissing(
                format, head, ReadAt(handle, Math.Max(0, length - PictureEnd.Length), PictureEnd.Length), length)));
    }

    /// <summary>Reads a picture from bytes in memory.</summary>
    /// <param name="bytes">The contents of a picture file. Not copied, not kept.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The picture, [height, width, 3].</returns>
    /// <exception cref="ImageFormatException">The picture cannot be read.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> bytes, string name, ImageReadOptions? options = null) =>
        WithMemory(bytes, name, (format, open, endIsMissing) =>
            PictureDecoder.Decode(name, format, options ?? new ImageReadOptions(), open, endIsMissing));

    /// <summary>The size that <see cref="Decode(ReadOnlyMemory{byte}, string, ImageReadOptions?)"/> would give a picture, from its header alone.</summary>
    /// <param name="bytes">The contents of a picture file. Not copied, not kept.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The header cannot be read, or the picture is above the limit.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static (int Width, int Height) Measure(ReadOnlyMemory<byte> bytes, string name, ImageReadOptions? options = null) =>
        WithMemory(bytes, name, (format, open, endIsMissing) =>
            PictureDecoder.Measure(name, format, options ?? new ImageReadOptions(), open, endIsMissing));

    /// <summary>Reads a picture from a stream, from where it stands to its end, 1 GiB at most.</summary>
    /// <param name="stream">The stream; it need not seek and stays open.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The picture, [height, width, 3].</returns>
    /// <exception cref="ImageFormatException">The picture cannot be read.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static RgbImage Decode(Stream stream, string name, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using MemoryStream contents = new();
        byte[] block = new byte[81920];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (contents.Length + read > MaximumStreamBytes)
                throw new ImageFormatException(
                    ImageFormatError.TooLarge, $"cannot read '{name}': it is a stream of more than 1 GiB; save it as a file");
            contents.Write(block, 0, read);
        }
        return Decode(contents.GetBuffer().AsMemory(0, (int)contents.Length), name, options);
    }

    private static T WithMemory<T>(
        ReadOnlyMemory<byte> bytes, string name, Func<PictureFormat, PictureDecoder.Open, Func<bool?>, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte[] head = bytes.Span[..Math.Min(bytes.Length, FileSignature.Length)].ToArray();
        PictureFormat format = Identify(name, head);
        // The decoder reads from these bytes until the picture is closed, so they may not move until then.
        using MemoryHandle pinned = bytes.Pin();
        return PictureDecoder.WithLibrary(() => read(
            format,
            (out PictureHandle picture, out PictureInfo info, Span<byte> text) => NativePictures.OpenMemory(
                bytes.Span, (nuint)bytes.Length, format, out picture, out info, text, (nuint)text.Length),
            () => PictureEnd.IsMissing(
                format, head, bytes.Span[Math.Max(0, bytes.Length - PictureEnd.Length)..], bytes.Length)));
    }

    private static PictureFormat Identify(string name, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            throw new ImageFormatException(ImageFormatError.Empty, $"cannot read '{name}': the file is empty");
        FileSignature signature = FileSignature.Of(head);
        if (signature.Format is { } format) return format;
        throw signature.IsPicture
            ? new ImageFormatException(
                ImageFormatError.UnsupportedFormat,
                $"cannot read '{name}': it is {signature.Description}; {PictureFormatNames.All} can be read")
            : new ImageFormatException(
                ImageFormatError.NotAPicture,
                $"cannot read '{name}': by its contents it is not a picture{(signature.Description is { } known ? $" but {known}" : "")}; {PictureFormatNames.All} can be read");
    }

    private static byte[] ReadAt(SafeFileHandle file, long offset, int count)
    {
        byte[] bytes = new byte[count];
        int filled = 0;
        for (int read; filled < count && (read = RandomAccess.Read(file, bytes.AsSpan(filled), offset + filled)) > 0;)
            filled += read;
        return bytes[..filled];
    }
}
