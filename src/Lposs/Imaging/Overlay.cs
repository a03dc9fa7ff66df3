namespace Lposs.Imaging;

/// <summary>A label map laid over its picture.</summary>
public static class Overlay
{
    /// <summary>Mixes each pixel with the colour of its label: (1 - opacity) * pixel + opacity * colour, rounded.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="labels">Labels of the same width and height.</param>
    /// <param name="palette">The colours of the labels.</param>
    /// <param name="opacity">0 (the picture alone) to 1 (the colours alone).</param>
    /// <returns>A new picture of the same size.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or the opacity is out of range.</exception>
    public static RgbImage Blend(RgbImage picture, LabelMap labels, Palette palette, float opacity = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        if (picture.Width != labels.Width || picture.Height != labels.Height)
            throw new ArgumentException(
                $"labels has {labels.Width} x {labels.Height} pixels; it must have the picture's {picture.Width} x {picture.Height}.",
                nameof(labels));
        if (!(opacity >= 0 && opacity <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), $"opacity is {opacity}; it may be 0 to 1.");

        // 16.16 fixed point; the sum stays below 2^31 since the two weights add up to 2^16.
        int colourWeight = (int)MathF.Round(opacity * 65536);
        int pixelWeight = 65536 - colourWeight;
        ReadOnlySpan<byte> source = picture.Pixels.Span;
        ReadOnlySpan<ushort> label = labels.Labels.Span;
        RgbColour[] colours = new RgbColour[labels.Maximum() + 1];
        for (int i = 0; i < colours.Length; i++) colours[i] = palette[(ushort)i];
        byte[] blended = new byte[source.Length];
        for (int i = 0, at = 0; i < label.Length; i++, at += 3)
        {
            RgbColour colour = colours[label[i]];
            blended[at] = Mix(source[at], colour.R);
            blended[at + 1] = Mix(source[at + 1], colour.G);
            blended[at + 2] = Mix(source[at + 2], colour.B);
        }
        return new RgbImage(picture.Width, picture.Height, blended);

        byte Mix(byte pixel, byte colour) => (byte)((pixel * pixelWeight + colour * colourWeight + 32768) >> 16);
    }
}
