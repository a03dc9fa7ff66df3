using Lposs.Encoding;
using Lposs.Imaging;

namespace Lposs.Segmentation;

/// <summary>The picture as the encoders see it, where they run: an image, or a tensor on their device.</summary>
internal sealed class InputPicture : IDisposable
{
    private readonly RgbImage? _image;
    private readonly DeviceTensor<byte>? _tensor;

    private InputPicture(RgbImage? image, DeviceTensor<byte>? tensor) => (_image, _tensor) = (image, tensor);

    /// <summary>[H, W, 3], as the core takes it.</summary>
    public ReadOnlyTensorView<byte> View => _tensor is null ? _image!.View() : _tensor.View;

    /// <summary>Brings a picture to the encoders' size.</summary>
    /// <param name="context">Resizes.</param>
    /// <param name="placement">Where the encoders' tensors lie.</param>
    /// <param name="picture">At its own size.</param>
    /// <param name="width">For the encoders.</param>
    /// <param name="height">For the encoders.</param>
    public static InputPicture Of(LpossContext context, EncoderPlacement placement, RgbImage picture, int width, int height) => placement.IsOnDevice
        ? new InputPicture(null, ModelInput.Upload(context, picture, width, height))
        : new InputPicture(ModelInput.Resize(context, picture, width, height), null);

    /// <summary>The image itself, or a copy of what is on the device.</summary>
    public RgbImage ToImage()
    {
        if (_tensor is null)
            return _image!;
        var (height, width) = ((int)_tensor.Shape[0], (int)_tensor.Shape[1]);
        byte[] pixels = new byte[height * width * 3];
        _tensor.CopyTo(new TensorView<byte>(pixels, height, width, 3));
        return new RgbImage(width, height, pixels);
    }

    public void Dispose() => _tensor?.Dispose();
}
