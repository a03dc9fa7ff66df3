using System.Runtime.InteropServices;

namespace Lposs.Imaging;

/// <summary>The two steps, header and pixels, and every refusal that lies between them.</summary>
internal static class PictureDecoder
{
    private const int TextSize = 512;

    public delegate PictureStatus Open(out PictureHandle picture, out PictureInfo info, Span<byte> text);

    /// <summary>Decodes a picture that <paramref name="open"/> opens.</summary>
    /// <param name="name">What the messages call it.</param>
    /// <param name="format">The format its first bytes name.</param>
    /// <param name="options">The limits.</param>
    /// <param name="open">Opens it as that format.</param>
    /// <param name="endIsMissing">Asked after a failure: was the file cut off? null: cannot be known.</param>
    public static RgbImage Decode(
        string name, PictureFormat format, ImageReadOptions options, Open open, Func<bool?> endIsMissing)
    {
        Span<byte> text = stackalloc byte[TextSize];
        text[0] = 0;
        PictureStatus status = open(out PictureHandle picture, out PictureInfo info, text);
        using (picture)
        {
            if (status != PictureStatus.Ok) throw Failure(name, format, status, text, endIsMissing);
            CheckSize(name, info, options);
            CheckPixels(name, info);
            byte[] pixels = GC.AllocateUninitializedArray<byte>(info.Width * info.Height * 3);
            status = NativePictures.Decode(picture, pixels, (nuint)pixels.Length, text, TextSize);
            if (status != PictureStatus.Ok) throw Failure(name, format, status, text, endIsMissing);
            return new RgbImage(info.Width, info.Height, pixels);
        }
    }

    /// <summary>The size of a picture from its header, checked as <see cref="Decode"/> does; nothing is decoded.</summary>
    public static (int Width, int Height) Measure(
        string name, PictureFormat format, ImageReadOptions options, Open open, Func<bool?> endIsMissing)
    {
        Span<byte> text = stackalloc byte[TextSize];
        text[0] = 0;
        PictureStatus status = open(out PictureHandle picture, out PictureInfo info, text);
        using (picture)
        {
            if (status != PictureStatus.Ok) throw Failure(name, format, status, text, endIsMissing);
            CheckSize(name, info, options);
            return (info.Width, info.Height);
        }
    }

    private static void CheckSize(string name, in PictureInfo info, ImageReadOptions options)
    {
        if ((long)info.Width * info.Height > options.MaximumPixels)
            throw TooLarge($"cannot read '{name}'", info.Width, info.Height, options);
    }

    /// <summary>The refusal of a picture above the limit.</summary>
    public static ImageFormatException TooLarge(string what, long width, long height, ImageReadOptions options) =>
        new(ImageFormatError.TooLarge,
            $"{what}: it has {width} x {height} pixels ({width * height / 1e6:0.#} megapixels), more than the limit of {options.MaximumPixels / 1e6:0.######} megapixels; the limit can be raised");

    private static void CheckPixels(string name, in PictureInfo info)
    {
        string? refused = info switch
        {
            { Colour: PictureColour.Other } => $"{info.Channels} channels that are neither gray, RGB nor CMYK",
            { Sample: PictureSample.Float } => $"{info.Bits}-bit floating-point samples",
            { Sample: PictureSample.Complex } => "complex samples",
            { Sample: PictureSample.Signed } => $"{info.Bits}-bit signed samples",
            { Bits: > 16 } => $"{info.Bits}-bit samples",
            _ => null,
        };
        if (refused != null)
            throw new ImageFormatException(
                ImageFormatError.UnsupportedPixels,
                $"cannot read '{name}': it holds {refused}; gray, RGB and CMYK pictures with up to 16 unsigned bits per sample can be read");
    }

    private static Exception Failure(
        string name, PictureFormat format, PictureStatus status, ReadOnlySpan<byte> text, Func<bool?> endIsMissing)
    {
        string words = System.Text.Encoding.UTF8.GetString(text[..Math.Max(0, text.IndexOf((byte)0))]).Trim();
        if (status == PictureStatus.NoLibrary)
            return new InvalidOperationException($"libvips did not start: {words}");
        if (status == PictureStatus.BadCall)
            return new InvalidOperationException($"liblposs_imaging refused a call for '{name}': {words}");

        (ImageFormatError error, string what) = endIsMissing() switch
        {
            true => (ImageFormatError.Truncated, $"the file ends early (truncated {format.Name()})"),
            false => (ImageFormatError.Damaged, $"its {format.Name()} data is damaged"),
            null => (ImageFormatError.Damaged, $"its {format.Name()} data is damaged, ends early, or is of a kind that cannot be read"),
        };
        return new ImageFormatException(error, $"cannot read '{name}': {what}") { DecoderMessage = words };
    }

    /// <summary>Runs a call into the native library and says what to do where that library is missing.</summary>
    public static T WithLibrary<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (DllNotFoundException error)
        {
            throw new DllNotFoundException(
                "liblposs_imaging.so, or libvips-cpp.so which it needs, was not found beside the program; run ./build.sh build",
                error);
        }
    }

    /// <summary>Version of libvips, such as "8.18.7".</summary>
    public static string LibraryVersion() =>
        WithLibrary(() => Marshal.PtrToStringUTF8(NativePictures.VipsVersion()) ?? "unknown");
}
