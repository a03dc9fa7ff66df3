namespace Lposs;

/// <summary>A label map laid over its image.</summary>
public static class Overlay
{
    /// <summary>Mixes each pixel with the colour of its label: (1 - opacity) * pixel + opacity * colour, rounded.
    /// Pixels without a class stay as they are.</summary>
    /// <param name="image">The image.</param>
    /// <param name="labels">Labels of the same width and height.</param>
    /// <param name="palette">The colours of the labels.</param>
    /// <param name="opacity">0 (the image alone) to 1 (the colours alone).</param>
    /// <returns>A new image of the same size.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or the opacity is out of range.</exception>
    public static Image Blend(Image image, LabelMap labels, Palette palette, float opacity = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        if (image.Width != labels.Width || image.Height != labels.Height)
            throw new ArgumentException(
                $"labels has {labels.Width} x {labels.Height} pixels; it must have the image's {image.Width} x "
                    + $"{image.Height}.",
                nameof(labels)
            );
        if (!(opacity >= 0 && opacity <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), $"opacity is {opacity}; it may be 0 to 1.");

        // 16.16 fixed point; the sum stays below 2^31 since the two weights add up to 2^16.
        int colourWeight = (int)MathF.Round(opacity * 65536);
        int pixelWeight = 65536 - colourWeight;
        ReadOnlySpan<byte> source = image.Pixels.Span;
        ReadOnlySpan<ushort> label = labels.Labels.Span;
        RgbColour[] colours = new RgbColour[labels.Maximum() + 1];
        for (int i = 0; i < colours.Length; i++)
            colours[i] = palette[(ushort)i];
        byte[] blended = new byte[source.Length];
        for (int i = 0, at = 0; i < label.Length; i++, at += 3)
        {
            if (label[i] == labels.NoData)
            {
                source.Slice(at, 3).CopyTo(blended.AsSpan(at));
                continue;
            }
            RgbColour colour = colours[label[i]];
            blended[at] = Mix(source[at], colour.R);
            blended[at + 1] = Mix(source[at + 1], colour.G);
            blended[at + 2] = Mix(source[at + 2], colour.B);
        }
        return new Image(image.Width, image.Height, blended);

        byte Mix(byte pixel, byte colour) => (byte)((pixel * pixelWeight + colour * colourWeight + 32768) >> 16);
    }
}
