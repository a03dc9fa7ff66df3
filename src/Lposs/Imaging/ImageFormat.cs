namespace Lposs.Imaging;

/// <summary>The formats that are read.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Tiff,
    Gif,
    Avif,
}

internal static class ImageFormatNames
{
    public const string All = "JPEG, PNG, WebP, TIFF, GIF and AVIF";

    public static string Name(this ImageFormat format) =>
        format switch
        {
            ImageFormat.Jpeg => "JPEG",
            ImageFormat.Png => "PNG",
            ImageFormat.WebP => "WebP",
            ImageFormat.Tiff => "TIFF",
            ImageFormat.Gif => "GIF",
            _ => "AVIF",
        };
}
