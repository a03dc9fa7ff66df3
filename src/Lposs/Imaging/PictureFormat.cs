namespace Lposs.Imaging;

/// <summary>The formats that are read; the values are those of lposs_picture_format.</summary>
internal enum PictureFormat
{
    Jpeg = 0,
    Png = 1,
    WebP = 2,
    Tiff = 3,
    Gif = 4,
}

internal static class PictureFormatNames
{
    public const string All = "JPEG, PNG, WebP, TIFF and GIF";

    public static string Name(this PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => "JPEG",
        PictureFormat.Png => "PNG",
        PictureFormat.WebP => "WebP",
        PictureFormat.Tiff => "TIFF",
        _ => "GIF",
    };
}
