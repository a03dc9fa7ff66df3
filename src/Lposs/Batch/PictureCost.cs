using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Batch;

/// <summary>What a picture takes on its way, reckoned from its size: arrays of this library, not the core's scratch memory.</summary>
internal static class PictureCost
{
    // Until an encoder has run, its dimensions are not known: what ViT-B gives, for both encoders.
    private const int Dimensions = 768;

    /// <summary>Bytes.</summary>
    public static long Of(int width, int height, ModelBundle bundle, SegmentationSettings settings, int classes)
    {
        long pixels = (long)width * height;
        var (inputWidth, inputHeight) = ModelInput.SizeFor(width, height, bundle.Picture, settings);
        long input = (long)inputWidth * inputHeight;
        int patch = Math.Min(bundle.Vlm.PatchSize, bundle.Vm.PatchSize);
        // Windows overlap: each pixel is in (crop / stride)^2 of them.
        double overlap = Math.Pow((double)bundle.Picture.Crop / bundle.Picture.Stride, 2);
        double features = input * overlap / (patch * patch) * 2 * Dimensions * sizeof(float);
        // The picture, and its overlay while it is written; labels, and their file.
        long results = pixels * (3 + 3 + sizeof(ushort) + sizeof(ushort));
        if (settings.WithScores)
            results += 2 * pixels * classes * sizeof(float);
        if (settings.WithConfidence)
            results += 2 * pixels * sizeof(float);
        return (long)Math.Min(long.MaxValue / 4, results + 3.0 * input + features);
    }
}
