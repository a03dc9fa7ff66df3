using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Lposs.ImageSharp;

/// <summary>Images of ImageSharp in, label images out.</summary>
public static class ImageSharpExtensions
{
    /// <summary>Segments an image of ImageSharp, as <see cref="Segmenter"/> does with one of its own.</summary>
    /// <param name="segmenter">The segmenter.</param>
    /// <param name="image">Of any size; must neither be changed nor disposed before this returns. Its pixels are copied
    /// only where ImageSharp keeps them in several pieces.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="settings">null for the bundle's, mode LPOSS+ and labels alone.</param>
    /// <param name="cancellationToken">Looked at between the stages and between runs of an encoder.</param>
    /// <exception cref="LpossException">An encoder failed, a parameter is out of range, or the memory is too
    /// small.</exception>
    public static SegmentationResult Segment(
        this Segmenter segmenter,
        Image<Rgb24> image,
        ClassList classes,
        SegmentationSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(segmenter);
        ArgumentNullException.ThrowIfNull(image);
        return segmenter.Segment(View(image), classes, settings, cancellationToken);
    }

    /// <summary>A copy of an image of ImageSharp.</summary>
    public static Image ToLpossImage(this Image<Rgb24> image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Copy(image);
    }

    /// <summary>The labels as gray levels of 8 bits.</summary>
    /// <exception cref="ArgumentException">A label is above 255.</exception>
    public static Image<L8> ToL8(this LabelMap labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Maximum() > byte.MaxValue)
            throw new ArgumentException(
                $"a label is {labels.Maximum()}; 8 bits hold 0 to {byte.MaxValue}, and ToL16 holds it.",
                nameof(labels)
            );
        return Paint(labels, label => new L8((byte)label));
    }

    /// <summary>The labels as gray levels of 16 bits.</summary>
    public static Image<L16> ToL16(this LabelMap labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Paint(labels, label => new L16(label));
    }

    /// <summary>The labels in the colours of a palette.</summary>
    public static Image<Rgb24> ToRgb24(this LabelMap labels, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        return Paint(
            labels,
            label =>
            {
                var colour = palette[label];
                return new Rgb24(colour.R, colour.G, colour.B);
            }
        );
    }

    private static Image View(Image<Rgb24> image) =>
        image.DangerousTryGetSinglePixelMemory(out var pixels)
            ? new Image(image.Width, image.Height, new PixelBytes(pixels).Memory)
            : Copy(image);

    private static Image Copy(Image<Rgb24> image)
    {
        byte[] bytes = new byte[checked(image.Width * image.Height * 3)];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
                MemoryMarshal.AsBytes(rows.GetRowSpan(y)).CopyTo(bytes.AsSpan(y * rows.Width * 3));
        });
        return new Image(image.Width, image.Height, bytes);
    }

    private static Image<TPixel> Paint<TPixel>(LabelMap labels, Func<ushort, TPixel> colourOf)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = new Image<TPixel>(labels.Width, labels.Height);
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                var from = labels.Row(y);
                var to = rows.GetRowSpan(y);
                for (int x = 0; x < to.Length; x++)
                    to[x] = colourOf(from[x]);
            }
        });
        return image;
    }
}
