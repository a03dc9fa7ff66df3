using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NetVips;

namespace Lposs.Imaging;

/// <summary>
/// Reads image files: JPEG, PNG, WebP, TIFF, GIF and AVIF, told apart by their contents, never by their names.
/// </summary>
internal static class ImageReader
{
    private const long MaximumStreamBytes = 1L << 30;

    /// <summary>Reads an image file.</summary>
    /// <param name="path">The file, or a pipe such as /dev/stdin. Taken literally: no wildcards, no options.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The image, [height, width, 3].</returns>
    /// <exception cref="LpossException">The image cannot be read; <see cref="LpossException.Code"/> says
    /// why.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static Image Read(string path, ImageReadOptions? options = null)
    {
        using FileStream file = InputFile.Open(path, $"cannot read '{path}'");
        if (!file.CanSeek)
            return Decode(file, path, options);

        SafeFileHandle handle = file.SafeFileHandle;
        byte[] ReadPart(long offset, int count) => ReadAt(handle, offset, count);
        return ImageDecoder.Decode(
            new ImageSource(
                path,
                Identify(path, ReadPart(0, FileSignature.Length)),
                file.Length,
                // The source duplicates the descriptor; what reads from it begins by going to offset 0.
                () => Source.NewFromDescriptor((int)handle.DangerousGetHandle()),
                ReadPart
            ),
            options ?? new ImageReadOptions()
        );
    }

    /// <summary>Reads an image from bytes in memory.</summary>
    /// <param name="bytes">The contents of an image file; copied where they are a part of an array. Not kept.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The image, [height, width, 3].</returns>
    /// <exception cref="LpossException">The image cannot be read.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static Image Decode(ReadOnlyMemory<byte> bytes, string name, ImageReadOptions? options = null) =>
        ImageDecoder.Decode(SourceOf(bytes, name), options ?? new ImageReadOptions());

    /// <summary>The size that <see cref="Decode(ReadOnlyMemory{byte}, string, ImageReadOptions?)"/> would give a
    /// image, from its header alone.</summary>
    /// <param name="bytes">The contents of an image file; copied where they are a part of an array. Not kept.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="LpossException">The header cannot be read, or the image is above the limit.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static (int Width, int Height) Measure(
        ReadOnlyMemory<byte> bytes,
        string name,
        ImageReadOptions? options = null
    ) => ImageDecoder.Measure(SourceOf(bytes, name), options ?? new ImageReadOptions());

    /// <summary>Reads an image from a stream, from where it stands to its end, 1 GiB at most.</summary>
    /// <param name="stream">The stream; it need not seek and stays open.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The image, [height, width, 3].</returns>
    /// <exception cref="LpossException">The image cannot be read.</exception>
    /// <exception cref="DllNotFoundException">The native library is not beside the program.</exception>
    public static Image Decode(Stream stream, string name, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using MemoryStream contents = new();
        byte[] block = new byte[81920];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (contents.Length + read > MaximumStreamBytes)
                throw new LpossException(
                    LpossErrorCode.ImageTooLarge,
                    $"cannot read '{name}': it is a stream of more than 1 GiB; save it as a file"
                );
            contents.Write(block, 0, read);
        }
        return Decode(contents.GetBuffer().AsMemory(0, (int)contents.Length), name, options);
    }

    private static ImageSource SourceOf(ReadOnlyMemory<byte> bytes, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        byte[] ReadPart(long offset, int count) =>
            offset < bytes.Length
                ? bytes.Slice((int)offset, Math.Min(count, bytes.Length - (int)offset)).ToArray()
                : [];
        return new ImageSource(
            name,
            Identify(name, ReadPart(0, FileSignature.Length)),
            bytes.Length,
            () => SourceOf(bytes),
            ReadPart
        );
    }

    // A whole array is pinned and read where it is; a part of one is copied.
    private static Source SourceOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> part) && part.Count == part.Array!.Length
            ? Source.NewFromMemory(part.Array)
            : Source.NewFromMemory(bytes.Span);

    private static ImageFormat Identify(string name, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            throw new LpossException(LpossErrorCode.FileEmpty, $"cannot read '{name}': the file is empty");
        FileSignature signature = FileSignature.Of(head);
        if (signature.Format is { } format)
            return format;
        throw signature.IsImage
            ? new LpossException(
                LpossErrorCode.UnsupportedImage,
                $"cannot read '{name}': it is {signature.Description}; {ImageFormatNames.All} can be read"
            )
            : new LpossException(
                LpossErrorCode.NotAnImage,
                $"cannot read '{name}': by its contents it is not an image"
                    + (signature.Description is { } known ? $" but {known}" : "")
                    + $"; {ImageFormatNames.All} can be read"
            );
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
