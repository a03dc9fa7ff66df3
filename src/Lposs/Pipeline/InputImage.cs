using Lposs.Bundles;
using Lposs.Encoders;

namespace Lposs.Pipeline;

/// <summary>An image as the encoders see it, where they run: an image of their size, or a tensor on their
/// device.</summary>
internal sealed class InputImage : IDisposable
{
    private const int LargestSide = 65_536;

    private readonly Image? _image;
    private readonly DeviceTensor<byte>? _tensor;

    private InputImage(Image? image, DeviceTensor<byte>? tensor) => (_image, _tensor) = (image, tensor);

    /// <summary>[H, W, 3], as the core takes it.</summary>
    public ReadOnlyTensorView<byte> View => _tensor is null ? _image!.View() : _tensor.View;

    /// <summary>
    /// The size for the encoders: short side as asked for, unless the long side would be too long; rounded as mmcv's
    /// imrescale does, whose sizes the published numbers were made with.
    /// </summary>
    /// <exception cref="ArgumentException">A side that was asked for is out of range.</exception>
    public static PixelSize SizeFor(int width, int height, ImageSpec bundle, SegmentationSettings settings)
    {
        int shortSide = Checked(settings.ShortSide ?? bundle.ShortSide, nameof(settings.ShortSide));
        // An image in the bundle's proportions is not held back by a limit that was meant for its own short side.
        long inProportion = Math.Max(bundle.LongSide, (long)shortSide * bundle.LongSide / bundle.ShortSide);
        int longSide = Checked(
            settings.LongSide ?? (int)Math.Min(inProportion, LargestSide),
            nameof(settings.LongSide)
        );
        double scale = Math.Min(
            (double)longSide / Math.Max(width, height),
            (double)shortSide / Math.Min(width, height)
        );
        return new PixelSize(Math.Max(1, (int)(height * scale + 0.5)), Math.Max(1, (int)(width * scale + 0.5)));
    }

    /// <summary>Brings an image to the encoders' size: bilinear, half-pixel centres, 8 bits.</summary>
    /// <param name="context">Resizes.</param>
    /// <param name="placement">Where the encoders' tensors lie.</param>
    /// <param name="image">At its own size.</param>
    /// <param name="size">For the encoders.</param>
    public static InputImage Of(LpossContext context, EncoderPlacement placement, Image image, PixelSize size)
    {
        bool isAsItIs = size == new PixelSize(image.Height, image.Width);
        if (isAsItIs && !placement.IsOnDevice)
            return new InputImage(image, null);
        if ((long)size.Width * size.Height > Image.MaximumPixels)
            throw new ArgumentException(
                $"the image of {image.Width} x {image.Height} pixels would be {size.Width} x {size.Height} for the "
                    + $"encoders, more than {Image.MaximumPixels} pixels; choose a smaller ShortSide."
            );
        if (placement.IsOnDevice)
            return new InputImage(null, Upload(context, image, isAsItIs ? null : size));
        byte[] pixels = new byte[size.Width * size.Height * 3];
        context.Resize(image.View(), new TensorView<byte>(pixels, size.Height, size.Width, 3));
        return new InputImage(new Image(size.Width, size.Height, pixels), null);
    }

    /// <summary>The image itself, or a copy of what is on the device.</summary>
    public Image ToImage()
    {
        if (_tensor is null)
            return _image!;
        var (height, width) = ((int)_tensor.Shape[0], (int)_tensor.Shape[1]);
        byte[] pixels = new byte[height * width * 3];
        _tensor.CopyTo(new TensorView<byte>(pixels, height, width, 3));
        return new Image(width, height, pixels);
    }

    public void Dispose() => _tensor?.Dispose();

    /// <summary>The image goes to the device once, at its own size, and is resized there if it is to be.</summary>
    private static DeviceTensor<byte> Upload(LpossContext context, Image image, PixelSize? size)
    {
        var whole = context.Allocate<byte>(image.Height, image.Width, 3);
        DeviceTensor<byte>? resized = null;
        try
        {
            whole.CopyFrom(image.View());
            if (size is not { } other)
                return whole;
            resized = context.Allocate<byte>(other.Height, other.Width, 3);
            context.Resize(whole.View.AsReadOnly(), resized.View);
        }
        catch
        {
            resized?.Dispose();
            whole.Dispose();
            throw;
        }
        whole.Dispose();
        return resized;
    }

    private static int Checked(int side, string name) =>
        side is >= 1 and <= LargestSide
            ? side
            : throw new ArgumentException($"{name} is {side}; it may be 1 to {LargestSide}.");
}
