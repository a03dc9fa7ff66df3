namespace Lposs.Pipeline;

/// <summary>
/// Finds out from sizes alone that scores or labels do not lie as they are taken, before they are stretched onto the
/// image.
/// </summary>
internal static class ScoresOrder
{
    /// <summary>The scores as [h, w, C].</summary>
    /// <param name="scores">Three dimensions.</param>
    /// <param name="image">What they are of.</param>
    /// <param name="layout">How they lie; null to find out that they do not lie as [h, w, C].</param>
    /// <exception cref="LpossException">Only another order or orientation fits the image.</exception>
    public static NdArray<float> HeightWidthClasses(NdArray<float> scores, Image image, ScoresLayout? layout)
    {
        var (first, second, third) = (scores.Shape[0], scores.Shape[1], scores.Shape[2]);
        if (layout is null && !Fits(first, second, image) && Fits(second, third, image))
            throw new LpossException(
                LpossErrorCode.InvalidArgument,
                $"scores is [{first}, {second}, {third}], which fits the image of {image.Height} x {image.Width} as "
                    + "[classes, height, width] and not as [height, width, classes]; transpose it (in NumPy "
                    + "scores.transpose(1, 2, 0))"
            )
            {
                Argument = nameof(RefinementSettings.Layout),
            };
        if (layout == ScoresLayout.ClassesHeightWidth)
            scores = Transposed(scores);
        RequireOrientation("scores", scores.Shape[0], scores.Shape[1], image);
        return scores;
    }

    /// <exception cref="LpossException">A size fits the image only as it is stored, before it was turned.</exception>
    public static void RequireOrientation(string what, int height, int width, Image image)
    {
        const int FirstThatExchangesSides = 5;
        if (image.Orientation < FirstThatExchangesSides || Fits(height, width, image) || !Fits(width, height, image))
            return;
        throw new LpossException(
            LpossErrorCode.InvalidArgument,
            $"{what} has {height} x {width} (height first), which fits the image as it is stored, "
                + $"{image.Width} x {image.Height}, and not as its EXIF orientation turns it, {image.Height} x "
                + $"{image.Width}; read the image as it is stored, or make {what} of the upright one"
        )
        {
            Argument = nameof(ImageReadOptions.AsStored),
        };
    }

    /// <summary>Whether a grid of these sizes can lie on the image: its sides have the image's ratio, to one
    /// cell.</summary>
    private static bool Fits(int height, int width, Image image) =>
        Math.Abs(height - ((double)width * image.Height / image.Width)) <= 1
        || Math.Abs(width - ((double)height * image.Width / image.Height)) <= 1;

    private static NdArray<float> Transposed(NdArray<float> scores)
    {
        var (classes, height, width) = (scores.Shape[0], scores.Shape[1], scores.Shape[2]);
        float[] turned = new float[scores.Length];
        var source = scores.Span;
        int pixels = height * width;
        // A block of pixels at a time, so that what is written stays near.
        const int Block = 1024;
        for (int start = 0; start < pixels; start += Block)
        {
            int end = Math.Min(start + Block, pixels);
            for (int c = 0; c < classes; c++)
            {
                var plane = source.Slice(c * pixels, pixels);
                for (int pixel = start; pixel < end; pixel++)
                    turned[(pixel * classes) + c] = plane[pixel];
            }
        }
        return new NdArray<float>([height, width, classes], turned);
    }
}
