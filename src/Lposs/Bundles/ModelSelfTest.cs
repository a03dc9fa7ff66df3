using System.Collections.Immutable;
using Lposs.Encoders;

namespace Lposs.Bundles;

/// <summary>How one encoder did in a self-test.</summary>
/// <param name="Output">"vlm", "vm" or "text".</param>
/// <param name="Values">Numbers compared.</param>
/// <param name="Distance">Relative L2: the length of the difference over that of what was recorded.</param>
/// <param name="Tolerance">The most that it may be.</param>
internal sealed record SelfTestOutcome(string Output, int Values, double Distance, double Tolerance)
{
    /// <summary>Whether the encoder gives what it gave when the bundle was made.</summary>
    public bool Holds => Distance <= Tolerance;
}

/// <summary>
/// Runs a bundle's encoders on windows and prompts that are always the same. The pixel of channel c at row y and column
/// x
/// of window w is (37 x + 59 y + 83 c + 101 w + x y) mod 256, a byte, normalised as the manifest says.
/// </summary>
internal static class ModelSelfTest
{
    private const int Windows = 2;
    private const int Rows = 3;
    private const int Columns = 2;

    private static readonly ImmutableArray<string> s_prompts = ["sky", "road"];

    /// <summary>What the encoders give on this machine's processor.</summary>
    /// <param name="bundle">Its encoders must take windows of 3 by 2 patches.</param>
    /// <param name="tolerance">The most that a later run may differ, as relative L2.</param>
    /// <param name="cancellationToken">Looked at between runs of an encoder.</param>
    /// <exception cref="LpossException">An encoder does not run, or gives what is not finite.</exception>
    public static SelfTest Record(
        ModelBundle bundle,
        float tolerance = SelfTest.SingleTolerance,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var (vlm, vm, text) = Compute(bundle, Rows, Columns, s_prompts, new EncoderOptions(), cancellationToken);
        foreach (var (name, output) in new[] { ("vlm", vlm), ("vm", vm), ("text", text) })
        {
            if (!output.Values.ToArray().All(float.IsFinite))
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{bundle.Folder}: the encoder {name} gives numbers that are not finite."
                );
        }
        return new SelfTest(Rows, Columns, s_prompts, tolerance, vlm, vm, text);
    }

    /// <summary>Compares what the encoders give with what was recorded.</summary>
    /// <exception cref="LpossException">The bundle has no self-test, an encoder does not run, or an output has another
    /// shape.</exception>
    /// <exception cref="LpossException">The device cannot be used.</exception>
    public static IReadOnlyList<SelfTestOutcome> Run(
        ModelBundle bundle,
        EncoderOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var test = SelfTest.Read(bundle);
        var (vlm, vm, text) = Compute(
            bundle,
            test.Rows,
            test.Columns,
            test.Prompts,
            options ?? new EncoderOptions(),
            cancellationToken
        );
        return [Compare("vlm", test.Vlm, vlm), Compare("vm", test.Vm, vm), Compare("text", test.Text, text)];

        SelfTestOutcome Compare(string name, SelfTestOutput recorded, SelfTestOutput given) =>
            recorded.Shape.SequenceEqual(given.Shape)
                ? new SelfTestOutcome(
                    name,
                    given.Values.Length,
                    Distance(recorded.Values.Span, given.Values.Span),
                    test.Tolerance
                )
                : throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{bundle.Folder}: the encoder {name} gives {string.Join(" x ", given.Shape)} numbers, and its "
                        + $"self-test has {string.Join(" x ", recorded.Shape)}."
                );
    }

    private static (SelfTestOutput Vlm, SelfTestOutput Vm, SelfTestOutput Text) Compute(
        ModelBundle bundle,
        int rows,
        int columns,
        IEnumerable<string> prompts,
        EncoderOptions options,
        CancellationToken cancellationToken
    )
    {
        SelfTestOutput text;
        using (var encoder = new TextEncoder(bundle, options))
        {
            var embeddings = encoder.Encode(
                new ClassList(prompts.Select(prompt => new ClassDefinition(prompt))),
                cancellationToken
            );
            text = new SelfTestOutput([embeddings.Prompts, embeddings.Dimensions], embeddings.Values);
        }
        var (vlm, vm) = EncodeImages(bundle, rows, columns, options, cancellationToken);
        return (Output(vlm), Output(vm), text);

        SelfTestOutput Output(PatchGrid features) =>
            new([Windows, rows, columns, features.Dimensions], features.Values.ToArray());
    }

    /// <summary>Encoders that are two files are opened one after the other, since they may be large.</summary>
    private static (PatchGrid Vlm, PatchGrid Vm) EncodeImages(
        ModelBundle bundle,
        int rows,
        int columns,
        EncoderOptions options,
        CancellationToken cancellationToken
    )
    {
        PatchGrid[] Encode(params ImageEncoderSpec[] encoders)
        {
            using var encoder = new PatchEncoder(bundle, options, encoders);
            PatchGrid[] features =
            [
                .. encoders.Select(_ => new PatchGrid(EncoderPlacement.Arrays, Windows, rows, columns)),
            ];
            encoder.Encode(
                EncoderPlacement.Arrays,
                Pattern(encoders[0], rows, columns),
                features,
                0,
                cancellationToken
            );
            return features;
        }
        if (!bundle.Vlm.SharesInput(bundle.Vm))
            return (Encode(bundle.Vlm)[0], Encode(bundle.Vm)[0]);
        var both = Encode(bundle.Vlm, bundle.Vm);
        return (both[0], both[1]);
    }

    private static EncoderTensor<float> Pattern(ImageEncoderSpec encoder, int rows, int columns)
    {
        int height = rows * encoder.PatchSize;
        int width = columns * encoder.PatchSize;
        float[] pixels = new float[checked(Windows * 3 * height * width)];
        int at = 0;
        for (int w = 0; w < Windows; w++)
            for (int c = 0; c < 3; c++)
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                    {
                        float value = (37 * x + 59 * y + 83 * c + 101 * w + x * y) % 256 / 255f;
                        pixels[at++] = (value - encoder.Mean[c]) / encoder.Std[c];
                    }
        return new EncoderTensor<float>(pixels, Windows, 3, height, width);
    }

    /// <summary>Infinite where numbers are not finite.</summary>
    private static double Distance(ReadOnlySpan<float> recorded, ReadOnlySpan<float> given)
    {
        double difference = 0,
            norm = 0;
        for (int i = 0; i < recorded.Length; i++)
        {
            difference += ((double)given[i] - recorded[i]) * ((double)given[i] - recorded[i]);
            norm += (double)recorded[i] * recorded[i];
        }
        double distance = Math.Sqrt(difference / norm);
        return double.IsNaN(distance) ? double.PositiveInfinity : distance;
    }
}
