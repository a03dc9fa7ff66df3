using System.Buffers.Binary;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Tests.Support;

/// <summary>
/// Writes small ONNX models byte by byte (protocol buffers: field number and wire type, then the value), so that
/// tests can have an encoder of any shape whose right answer is known by hand.
/// </summary>
internal static class OnnxModelFile
{
    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int64 = 7;

    private const int Ints = 7;

    /// <summary>
    /// "image" [batch, 3, height, width] -> "mean" [batch, gh, gw, 3]: per channel the mean over each patch, or over
    /// the square of <paramref name="reach"/> pixels that begins with the patch. -1 is a free dimension, also as the
    /// number of
    /// channels that the file declares.
    /// </summary>
    public static byte[] PatchMeans(
        int patch,
        int batch = -1,
        int height = -1,
        int width = -1,
        int? reach = null,
        int dimensions = 3
    ) =>
        PatchMeans(
            patch,
            batch,
            height,
            width,
            reach,
            dimensions,
            Node("Transpose", ["planes"], ["mean"], ("perm", [0, 2, 3, 1]))
        );

    /// <summary>As <see cref="PatchMeans(int, int, int, int, int?, int)"/>, less the mean over all windows of the
    /// run.</summary>
    public static byte[] PatchMeansLessThoseOfTheRun(int patch) =>
        PatchMeans(
            patch,
            -1,
            -1,
            -1,
            null,
            3,
            Node("Transpose", ["planes"], ["own"], ("perm", [0, 2, 3, 1])),
            Node("ReduceMean", ["own"], ["common"], ("axes", [0])),
            Node("Sub", ["own", "common"], ["mean"])
        );

    /// <summary>As <see cref="PatchMeans(int, int, int, int, int?, int)"/>, but a run gives one window's features,
    /// whatever the number of windows.</summary>
    public static byte[] PatchMeansOfOneWindow(int patch) =>
        PatchMeans(
            patch,
            -1,
            -1,
            -1,
            null,
            3,
            Node("Transpose", ["planes"], ["own"], ("perm", [0, 2, 3, 1])),
            Node("ReduceMean", ["own"], ["mean"], ("axes", [0]))
        );

    private static byte[] PatchMeans(
        int patch,
        int batch,
        int height,
        int width,
        int? reach,
        int dimensions,
        params byte[][] nodesAfter
    )
    {
        int side = reach ?? patch;
        float[] weights = new float[3 * 3 * side * side];
        for (int channel = 0; channel < 3; channel++)
            weights.AsSpan((channel * 3 + channel) * side * side, side * side).Fill(1f / (side * side));
        int beyond = side - patch;
        return Model([
            .. Message(
                1,
                Node(
                    "Conv",
                    ["image", "weights"],
                    ["planes"],
                    ("kernel_shape", [side, side]),
                    ("strides", [patch, patch]),
                    ("pads", [0, 0, beyond, beyond])
                )
            ),
            .. nodesAfter.SelectMany(node => Message(1, node)),
            .. Message(5, Tensor("weights", [3, 3, side, side], weights)),
            .. Message(11, Value("image", Float, [batch, 3, height, width])),
            .. Message(12, Value("mean", Float, [-1, -1, -1, dimensions])),
        ]);
    }

    /// <summary>Gives its first input back as "same"; further inputs are not used.</summary>
    public static byte[] Identity(int type, int[] shape, params string[] inputs) =>
        Model([
            .. Message(1, Node("Identity", [inputs[0]], ["same"])),
            .. inputs.SelectMany(input => Message(11, Value(input, type, shape))),
            .. Message(12, Value("same", type, shape)),
        ]);

    private static byte[] Model(byte[] graph) =>
        [
            .. Number(1, 8), // IR version
            .. Message(8, Number(2, 14)), // operator set
            .. Message(7, [.. graph, .. Text(2, "test")]),
        ];

    private static byte[] Node(
        string type,
        string[] inputs,
        string[] outputs,
        params (string Name, int[] Values)[] attributes
    ) =>
        [
            .. inputs.SelectMany(input => Text(1, input)),
            .. outputs.SelectMany(output => Text(2, output)),
            .. Text(4, type),
            .. attributes.SelectMany(attribute =>
                Message(
                    5,
                    [
                        .. Text(1, attribute.Name),
                        .. attribute.Values.SelectMany(value => Number(8, value)),
                        .. Number(20, Ints),
                    ]
                )
            ),
        ];

    private static byte[] Tensor(string name, int[] shape, float[] values)
    {
        byte[] raw = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * sizeof(float)), values[i]);
        return
        [
            .. shape.SelectMany(side => Number(1, side)),
            .. Number(2, Float),
            .. Text(8, name),
            .. Message(9, raw),
        ];
    }

    private static byte[] Value(string name, int type, int[] shape)
    {
        byte[] dimensions =
        [
            .. shape.SelectMany((side, i) => Message(1, side < 0 ? Text(2, $"{name}{i}") : Number(1, side))),
        ];
        return [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, type), .. Message(2, dimensions)]))];
    }

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string text) => Message(field, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) =>
        [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
