using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Pipeline;

namespace Lposs.Tools.Evaluation;

/// <summary>
/// What the method would make of perfect patches: the true labels reduced to the patches of an image's windows, a score
/// of 1 for the class that most of a patch's pixels have, and from there the way of all scores: stitched, over the
/// pixels propagated or not, resized, and the largest taken. The upper bound of any encoder with these patches. Not
/// thread-safe.
/// </summary>
/// <param name="spec">How images are brought before encoders.</param>
/// <param name="patchSize">Side of a patch in pixels.</param>
/// <param name="parameters">Of the propagation over pixels.</param>
/// <param name="compute">What to compute on.</param>
internal sealed class PatchOracle(
    ImageSpec spec,
    int patchSize,
    PropagationParameters parameters,
    ComputeOptions? compute = null
) : IDisposable
{
    private readonly LpossContext _context = ComputeDevice
        .Open(compute ?? new ComputeOptions(), withEncoders: false)
        .Context;

    /// <summary>Labels from the true ones.</summary>
    /// <param name="image">The image.</param>
    /// <param name="truth">Its true labels, 0 to <paramref name="classCount"/> - 1; all others are ignored.</param>
    /// <param name="classCount">C.</param>
    /// <param name="refines">Whether to propagate over the pixels, as LPOSS+ does.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public LabelMap Label(Image image, LabelMap truth, int classCount, bool refines)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(truth);
        if (image.Width != truth.Width || image.Height != truth.Height)
            throw new ArgumentException(
                $"truth has {truth.Width} x {truth.Height} pixels; it must have the {image.Width} x {image.Height} of "
                    + "image.",
                nameof(truth)
            );
        var size = InputImage.SizeFor(image.Width, image.Height, spec, new SegmentationSettings());
        var (height, width) = size;
        using var resized = InputImage.Of(_context, EncoderPlacement.Arrays, image, size);
        var input = resized.ToImage();
        var windows = Windows.Create(height, width, spec.Crop, spec.Stride);
        var patches = new ReadOnlyTensorView<float>(
            PatchScores(truth, windows, width, height, classCount),
            checked((int)Windows.CountPatches(windows, patchSize)),
            classCount
        );
        var buffers = new OutputBuffers(
            image.Height,
            image.Width,
            classCount,
            withScores: false,
            withConfidence: false
        );
        if (refines)
            Refine(patches, windows, input, buffers);
        else
            Segment(patches, windows, input, buffers);
        return buffers.Labels([]);
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    /// <summary>
    /// Labels from patches alone, as the core makes them in mode VLM: a score is the cosine of a patch and a text, and
    /// those of one-hot rows are their numbers. The core goes from block to block of the classes, so that no score is
    /// ever held for every pixel of the image and every class.
    /// </summary>
    private void Segment(ReadOnlyTensorView<float> patches, Window[] windows, Image input, OutputBuffers buffers)
    {
        int classCount = (int)patches.Shape[1];
        float[] classes = new float[checked(classCount * classCount)];
        for (int c = 0; c < classCount; c++)
            classes[c * classCount + c] = 1;
        _context.Segment(
            new SegmentInputs
            {
                PatchSize = patchSize,
                Image = input.View(),
                Windows = windows,
                Vlm = patches,
                Text = new ReadOnlyTensorView<float>(classes, classCount, classCount),
            },
            buffers.View(),
            SegmentationMode.Vlm,
            parameters,
            out _
        );
    }

    private void Refine(ReadOnlyTensorView<float> patches, Window[] windows, Image input, OutputBuffers buffers)
    {
        int classCount = (int)patches.Shape[1];
        float[] stitched = new float[checked(input.Width * input.Height * classCount)];
        _context.Stitch(
            patches,
            windows,
            patchSize,
            new TensorView<float>(stitched, input.Height, input.Width, classCount)
        );
        var scores = new ReadOnlyTensorView<float>(stitched, input.Height, input.Width, classCount);
        _context.Refine(
            new RefineInputs { Image = input.View(), Scores = scores },
            buffers.View(),
            parameters.PixelGraph,
            parameters.PixelSolver,
            out _
        );
    }

    /// <summary>[N, C]: 1 for the class that most pixels of a patch have, the first of equals; none where all are
    /// ignored.</summary>
    private float[] PatchScores(LabelMap truth, Window[] windows, int width, int height, int classCount)
    {
        float[] scores = new float[checked((int)Windows.CountPatches(windows, patchSize) * classCount)];
        int[] counts = new int[classCount];
        int patch = 0;
        foreach (var window in windows)
        {
            for (int top = window.Top; top < window.Bottom; top += patchSize)
            {
                for (int left = window.Left; left < window.Right; left += patchSize, patch++)
                {
                    Array.Clear(counts);
                    for (int y = top; y < Math.Min(top + patchSize, window.Bottom); y++)
                    {
                        // The true label at the middle of a pixel that the encoders see.
                        int row = (int)((y + 0.5) * truth.Height / height);
                        for (int x = left; x < Math.Min(left + patchSize, window.Right); x++)
                        {
                            int label = truth[(int)((x + 0.5) * truth.Width / width), row];
                            if (label < classCount)
                                counts[label]++;
                        }
                    }
                    int most = Array.IndexOf(counts, counts.Max());
                    if (counts[most] > 0)
                        scores[patch * classCount + most] = 1;
                }
            }
        }
        return scores;
    }
}
