using System.Buffers.Binary;

namespace Lposs.Imaging;

/// <summary>What a file is by its first bytes, so that contents decide and not names.</summary>
/// <param name="Format">The format, if it is one that is read.</param>
/// <param name="Description">With an article, such as "a BMP image", for refusals; null: unknown.</param>
/// <param name="IsImage">Whether it is an image in any format.</param>
internal readonly record struct FileSignature(ImageFormat? Format, string? Description, bool IsImage)
{
    /// <summary>How many first bytes <see cref="Of"/> looks at.</summary>
    public const int Length = 512;

    /// <summary>Looks at the first bytes of a file, up to <see cref="Length"/>.</summary>
    public static FileSignature Of(ReadOnlySpan<byte> head)
    {
        if (FormatOf(head) is { } format)
            return new FileSignature(
                format,
                $"{(format == ImageFormat.Avif ? "an" : "a")} {format.Name()} image",
                IsImage: true
            );
        if (OtherImageOf(head) is { } image)
            return new FileSignature(null, image, IsImage: true);
        return new FileSignature(null, OtherFileOf(head), IsImage: false);
    }

    private static ImageFormat? FormatOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ImageFormat.Jpeg;
        if (head.StartsWith(PngFormat.Signature))
            return ImageFormat.Png;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            return ImageFormat.WebP;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return ImageFormat.Gif;
        // 42 is TIFF, 43 is BigTIFF.
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
            return ImageFormat.Tiff;
        if (head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8))
            return ImageFormat.Tiff;
        // "avif", and "avis" for sequences, whose first image is read.
        if (head.Length >= 12 && head[4..].StartsWith("ftypavi"u8))
            return ImageFormat.Avif;
        return null;
    }

    private static string? OtherImageOf(ReadOnlySpan<byte> head)
    {
        // BMP: the four bytes after the size are reserved zeros; "BM" alone could begin a text.
        if (head.Length >= 14 && head.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[6..]) == 0)
            return "a BMP image";
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8))
        {
            ReadOnlySpan<byte> brand = head.Slice(8, 4);
            if (
                brand.StartsWith("hei"u8)
                || brand.StartsWith("hev"u8)
                || brand.StartsWith("mif1"u8)
                || brand.StartsWith("msf1"u8)
            )
                return "a HEIF image";
            return null;
        }
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || head.StartsWith("\0\0\0\x0CJXL "u8))
            return "a JPEG XL image";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) || head.StartsWith("\0\0\0\x0CjP  "u8))
            return "a JPEG 2000 image";
        if (head.StartsWith("8BPS"u8))
            return "a Photoshop image";
        if (head.StartsWith("qoif"u8))
            return "a QOI image";
        if (head.StartsWith("DDS "u8))
            return "a DDS image";
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) && head.Length >= 22)
            return "an ICO image";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x76, 0x2F, 0x31, 0x01]))
            return "an OpenEXR image";
        if (head.StartsWith("#?RADIANCE"u8) || head.StartsWith("#?RGBE"u8))
            return "a Radiance HDR image";
        if (
            head.Length >= 3
            && head[0] == 'P'
            && head[1] is >= (byte)'1' and <= (byte)'7'
            && head[2] is (byte)'\n' or (byte)' '
        )
            return "a Netpbm image";
        return head.IndexOf("<svg"u8) >= 0 ? "an SVG drawing" : null;
    }

    private static string? OtherFileOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("%PDF"u8))
            return "a PDF document";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
            return "a NumPy array";
        if (head.StartsWith("PK\x03\x04"u8))
            return "a ZIP archive";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return "a gzip archive";
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8))
            return "a video";
        return IsText(head) ? "text" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte b in head)
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
                return false;
        // The cut may fall into a character, so up to three last bytes are left out.
        for (int cut = 0; cut <= 3 && cut < head.Length; cut++)
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut]))
                return true;
        return false;
    }
}
