namespace Lposs.Imaging;

/// <summary>The formats that are read.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Tiff,
    Gif,
}

internal static class ImageFormatNames
{
    public const string All = "JPEG, PNG, WebP, TIFF and GIF";

    public static string Name(this ImageFormat format) =>
        format switch
        {
            ImageFormat.Jpeg => "JPEG",
            ImageFormat.Png => "PNG",
            ImageFormat.WebP => "WebP",
            ImageFormat.Tiff => "TIFF",
            _ => "GIF",
        };
}
