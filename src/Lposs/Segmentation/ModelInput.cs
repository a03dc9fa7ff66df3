using Lposs.Imaging;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>The picture as the encoders see it.</summary>
internal static class ModelInput
{
    private const int LargestSide = 65_536;

    /// <summary>
    /// Its size: short side as asked for, unless the long side would be too long; rounded as mmcv's imrescale does,
    /// whose sizes the published numbers were made with.
    /// </summary>
    public static (int Width, int Height) SizeFor(int width, int height, PictureSpec bundle, SegmentationSettings settings)
    {
        int shortSide = Checked(settings.ShortSide ?? bundle.ShortSide, nameof(settings.ShortSide));
        // A picture in the bundle's proportions is not held back by a limit that was meant for its own short side.
        long inProportion = Math.Max(bundle.LongSide, (long)shortSide * bundle.LongSide / bundle.ShortSide);
        int longSide = Checked(settings.LongSide ?? (int)Math.Min(inProportion, LargestSide), nameof(settings.LongSide));
        double scale = Math.Min((double)longSide / Math.Max(width, height), (double)shortSide / Math.Min(width, height));
        return (Math.Max(1, (int)(width * scale + 0.5)), Math.Max(1, (int)(height * scale + 0.5)));
    }

    /// <summary>The picture in another size: bilinear, half-pixel centres, 8 bits.</summary>
    public static RgbImage Resize(LpossContext context, RgbImage picture, int width, int height)
    {
        if (picture.Width == width && picture.Height == height)
            return picture;
        RequireSize(picture, width, height);
        byte[] pixels = new byte[width * height * 3];
        context.Resize(picture.View(), new TensorView<byte>(pixels, height, width, 3));
        return new RgbImage(width, height, pixels);
    }

    /// <summary>The same on the device of a context: the picture goes there once, at its own size.</summary>
    public static DeviceTensor<byte> Upload(LpossContext context, RgbImage picture, int width, int height)
    {
        RequireSize(picture, width, height);
        var whole = context.Allocate<byte>(picture.Height, picture.Width, 3);
        try
        {
            whole.CopyFrom(picture.View());
            if (picture.Width == width && picture.Height == height)
                return whole;
            var input = context.Allocate<byte>(height, width, 3);
            try
            {
                context.Resize(whole.View.AsReadOnly(), input.View);
            }
            catch
            {
                input.Dispose();
                throw;
            }
            whole.Dispose();
            return input;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>The picture as the core takes it, [H, W, 3].</summary>
    public static ReadOnlyTensorView<byte> View(this RgbImage picture) =>
        new(picture.Pixels.Span, picture.Height, picture.Width, 3);

    private static void RequireSize(RgbImage picture, int width, int height)
    {
        if ((long)width * height > RgbImage.MaximumPixels)
            throw new ArgumentException(
                $"the picture of {picture.Width} x {picture.Height} pixels would be {width} x {height} for the encoders, more than {RgbImage.MaximumPixels} pixels; choose a smaller ShortSide.");
    }

    private static int Checked(int side, string name) =>
        side is >= 1 and <= LargestSide ? side : throw new ArgumentException($"{name} is {side}; it may be 1 to {LargestSide}.");
}
