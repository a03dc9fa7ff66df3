using Lposs.Interop;

namespace Lposs;

/// <content>The building blocks of the method, each alone.</content>
public sealed unsafe partial class LpossContext
{
    /// <summary>Cosines of patches and prompts: scores = unit rows of features times text^T; a zero row gives
    /// zeros.</summary>
    /// <param name="features">[N, D].</param>
    /// <param name="text">[P, D], unit rows.</param>
    /// <param name="scores">[N, P], written.</param>
    public void Similarity(ReadOnlyTensorView<float> features, ReadOnlyTensorView<float> text, TensorView<float> scores)
    {
        fixed (
            float* featureData = features,
                textData = text,
                scoreData = scores
        )
        {
            NativeTensor nativeFeatures = features.At(featureData),
                nativeText = text.At(textData),
                nativeScores = scores.At(scoreData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.Similarity(_handle, &nativeFeatures, &nativeText, &nativeScores));
        }
    }

    /// <summary>
    /// Exact nearest neighbours by inner product of the features as they are, the point itself included, best first,
    /// ties to the lower index.
    /// </summary>
    /// <param name="features">[N, D].</param>
    /// <param name="similarities">[N, k], written; 1 to N neighbours.</param>
    /// <param name="indices">[N, k], written.</param>
    public void NearestNeighbours(
        ReadOnlyTensorView<float> features,
        TensorView<float> similarities,
        TensorView<int> indices
    )
    {
        fixed (
            float* featureData = features,
                similarityData = similarities
        )
        fixed (int* indexData = indices)
        {
            NativeTensor nativeFeatures = features.At(featureData),
                nativeSimilarities = similarities.At(similarityData),
                nativeIndices = indices.At(indexData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.Knn(_handle, &nativeFeatures, &nativeSimilarities, &nativeIndices));
        }
    }

    /// <summary>
    /// Pixel scores from patch scores: each window's grid resized to the window (bilinear, half-pixel centres),
    /// summed and divided by the number of windows over the pixel.
    /// </summary>
    /// <param name="patchScores">[N, C], window after window, row by row.</param>
    /// <param name="windows">They cover H x W.</param>
    /// <param name="patchSize">In pixels, 1 to 256.</param>
    /// <param name="scores">[H, W, C], written.</param>
    public void Stitch(
        ReadOnlyTensorView<float> patchScores,
        ReadOnlySpan<Window> windows,
        int patchSize,
        TensorView<float> scores
    )
    {
        fixed (
            float* patchData = patchScores,
                scoreData = scores
        )
        fixed (Window* windowData = windows)
        {
            NativeTensor nativePatches = patchScores.At(patchData),
                nativeScores = scores.At(scoreData);
            NativeTensor nativeWindows = Windows.View(windowData, windows.Length);
            lock (_calls)
                NativeStatus.Check(
                    NativeMethods.Stitch(_handle, &nativePatches, &nativeWindows, patchSize, &nativeScores)
                );
        }
    }

    /// <summary>Bilinear resize with half-pixel centres and clamped edges, without antialiasing.</summary>
    /// <param name="input">[H, W, C].</param>
    /// <param name="output">[H', W', C], written.</param>
    public void Resize(ReadOnlyTensorView<float> input, TensorView<float> output)
    {
        fixed (
            float* inputData = input,
                outputData = output
        )
        {
            NativeTensor nativeInput = input.At(inputData),
                nativeOutput = output.At(outputData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.Resize(_handle, &nativeInput, &nativeOutput));
        }
    }

    /// <summary>The same for 8-bit images, rounded half up.</summary>
    /// <param name="input">[H, W, C].</param>
    /// <param name="output">[H', W', C], written.</param>
    public void Resize(ReadOnlyTensorView<byte> input, TensorView<byte> output)
    {
        fixed (
            byte* inputData = input,
                outputData = output
        )
        {
            NativeTensor nativeInput = input.At(inputData),
                nativeOutput = output.At(outputData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.Resize(_handle, &nativeInput, &nativeOutput));
        }
    }

    /// <summary>Class scores from prompt scores: for each class the largest of its prompts' scores.</summary>
    /// <param name="scores">[M, P].</param>
    /// <param name="promptClasses">[P]: the class of each prompt, 0 to C - 1, every class at least once.</param>
    /// <param name="output">[M, C], written.</param>
    public void MergePrompts(
        ReadOnlyTensorView<float> scores,
        ReadOnlySpan<int> promptClasses,
        TensorView<float> output
    )
    {
        fixed (
            float* scoreData = scores,
                outputData = output
        )
        fixed (int* classData = promptClasses)
        {
            NativeTensor nativeScores = scores.At(scoreData),
                nativeOutput = output.At(outputData);
            NativeTensor nativeClasses = TensorElement.View(
                classData,
                NativeMemoryKind.Host,
                new TensorShape(promptClasses.Length)
            );
            lock (_calls)
                NativeStatus.Check(NativeMethods.MergePrompts(_handle, &nativeScores, &nativeClasses, &nativeOutput));
        }
    }

    /// <summary>The class with the largest score, ties to the lower class.</summary>
    /// <param name="scores">[M, C], C &gt;= 1.</param>
    /// <param name="labels">[M] bytes, unsigned shorts or ints, written; C must fit.</param>
    /// <param name="confidence">[M], written if given: largest score minus second largest; 0 for one class.</param>
    public void ArgMax(ReadOnlyTensorView<float> scores, LabelTensorView labels, TensorView<float> confidence = default)
    {
        fixed (
            float* scoreData = scores,
                confidenceData = confidence
        )
        fixed (byte* labelData = labels)
        {
            NativeTensor nativeScores = scores.At(scoreData),
                nativeLabels = labels.At(labelData),
                nativeConfidence = confidence.At(confidenceData);
            lock (_calls)
            {
                NativeStatus.Check(
                    NativeMethods.ArgMax(
                        _handle,
                        &nativeScores,
                        &nativeLabels,
                        confidence.Shape.Rank == 0 ? null : &nativeConfidence
                    )
                );
            }
        }
    }

    /// <summary>sRGB to CIE Lab (D65): L from 0 to 100, a, b.</summary>
    /// <param name="image">[H, W, 3], 0 to 255.</param>
    /// <param name="lab">[H, W, 3], written.</param>
    public void RgbToLab(ReadOnlyTensorView<byte> image, TensorView<float> lab)
    {
        fixed (byte* imageData = image)
        fixed (float* labData = lab)
        {
            NativeTensor nativeImage = image.At(imageData),
                nativeLab = lab.At(labData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.RgbToLab(_handle, &nativeImage, &nativeLab));
        }
    }

    /// <summary>sRGB to CIE Lab (D65): L from 0 to 100, a, b.</summary>
    /// <param name="image">[H, W, 3], 0 to 1.</param>
    /// <param name="lab">[H, W, 3], written.</param>
    public void RgbToLab(ReadOnlyTensorView<float> image, TensorView<float> lab)
    {
        fixed (
            float* imageData = image,
                labData = lab
        )
        {
            NativeTensor nativeImage = image.At(imageData),
                nativeLab = lab.At(labData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.RgbToLab(_handle, &nativeImage, &nativeLab));
        }
    }

    /// <summary>
    /// What image encoders take: each window as (image / 255 - mean) / std, channels first; zeros beyond a window.
    /// </summary>
    /// <param name="image">[H, W, 3], 0 to 255.</param>
    /// <param name="windows">Inside the image.</param>
    /// <param name="mean">3 numbers for red, green and blue, in units of 0 to 1.</param>
    /// <param name="std">3 numbers above 0, likewise.</param>
    /// <param name="batch">[windows, 3, h, w], written; h and w are at least every window's size.</param>
    public void CutWindows(
        ReadOnlyTensorView<byte> image,
        ReadOnlySpan<Window> windows,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> std,
        TensorView<float> batch
    )
    {
        if (mean.Length != 3 || std.Length != 3)
            throw new ArgumentException($"mean has {mean.Length} and std {std.Length} numbers; each must have 3.");
        fixed (byte* imageData = image)
        fixed (
            float* batchData = batch,
                meanData = mean,
                stdData = std
        )
        fixed (Window* windowData = windows)
        {
            NativeTensor nativeImage = image.At(imageData),
                nativeBatch = batch.At(batchData);
            NativeTensor nativeWindows = Windows.View(windowData, windows.Length);
            lock (_calls)
                NativeStatus.Check(
                    NativeMethods.CutWindows(_handle, &nativeImage, &nativeWindows, meanData, stdData, &nativeBatch)
                );
        }
    }
}
