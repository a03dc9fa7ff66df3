using System.Collections.Immutable;
using Lposs.Json;

namespace Lposs.Encoders;

/// <summary>
/// One image encoder of a bundle: an ONNX file that takes windows [B, 3, h, w] float32 and gives patch features
/// [B, gh, gw, D] or [B, gh * gw, D] float32, patches row by row, gh = h / patch, gw = w / patch. B is free; h and w
/// are free or fixed.
/// </summary>
/// <param name="File">The ONNX file, relative to the bundle's folder.</param>
/// <param name="Input">The name of its input.</param>
/// <param name="Output">The name of the output with the patch features; a file may have others.</param>
/// <param name="Mean">Per channel (red, green, blue), for values from 0 to 1: x' = (x - mean) / std.</param>
/// <param name="Std">Per channel, above 0.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
internal sealed record ImageEncoderSpec(
    string File,
    string Input,
    string Output,
    ImmutableArray<float> Mean,
    ImmutableArray<float> Std,
    int PatchSize
)
{
    internal static ImageEncoderSpec Read(JsonObjectReader reader)
    {
        var encoder = new ImageEncoderSpec(
            reader.Text("file"),
            reader.Text("input"),
            reader.Text("output"),
            [.. reader.Numbers("mean", 3, mean => mean is >= -1000 and <= 1000, "from -1000 to 1000")],
            [.. reader.Numbers("std", 3, std => std is >= 1e-6f and <= 1000, "from 0.000001 to 1000")],
            reader.Integer("patch_size", 1, 256)
        );
        reader.RejectUnknown();
        return encoder;
    }

    /// <summary>Whether both are outputs of one run: the same input of the same file.</summary>
    internal bool SharesInput(ImageEncoderSpec other) => File == other.File && Input == other.Input;

    /// <summary>Whether windows for one may be given to the other.</summary>
    internal bool TakesWindowsOf(ImageEncoderSpec other) =>
        PatchSize == other.PatchSize && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);
}
