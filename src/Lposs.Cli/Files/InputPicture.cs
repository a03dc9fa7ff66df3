using Lposs.Arrays;
using Lposs.Imaging;

namespace Lposs.Cli.Files;

/// <summary>Pictures as the command takes them: picture files, or .npy arrays [H, W, 3] uint8.</summary>
internal static class InputPicture
{
    public static RgbImage Read(string path, ImageReadOptions options)
    {
        if (!path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return ImageFile.Read(path, options);
        var array = NpyFile.Read<byte>(path);
        if (array.Rank != 3 || array.Shape[2] != 3 || array.Length == 0)
            throw new InputException($"cannot read '{path}' as a picture: its shape is {Shapes.Text(array.Shape)}; it must be [height, width, 3]");
        long pixels = array.Length / 3;
        if (pixels > options.MaximumPixels)
            throw new InputException(
                $"cannot read '{path}': it has {pixels} pixels, and the limit is {options.MaximumPixels}; --max-pixels raises it");
        return new RgbImage(array.Shape[1], array.Shape[0], array.Span.ToArray());
    }
}
