using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lposs.Json;

namespace Lposs.Bundles;

/// <summary>What an encoder said when the bundle was made.</summary>
/// <param name="Shape">[windows, rows, columns, D], or [prompts, D].</param>
/// <param name="Values">Row-major.</param>
internal sealed record SelfTestOutput(ImmutableArray<int> Shape, ReadOnlyMemory<float> Values)
{
    private const int LargestSide = 65_536;

    internal static SelfTestOutput Read(JsonObjectReader reader, int rank)
    {
        float[] shape = reader.Numbers(
            "shape",
            rank,
            size => size is >= 1 and <= LargestSide && size == MathF.Floor(size),
            $"from 1 to {LargestSide}, whole"
        );
        var sizes = shape.Select(size => (int)size).ToImmutableArray();
        string text = reader.Text("values");
        reader.RejectUnknown();
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            throw reader.Error("values", "is no base64; it must be float32 numbers, little-endian, in base64.");
        var wanted = sizes.Aggregate((Int128)sizeof(float), (product, size) => product * size);
        if (length != wanted)
            throw reader.Error("values", $"has {length} bytes; the shape {string.Join(" x ", sizes)} needs {wanted}.");
        float[] values = new float[length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values.All(float.IsFinite)
            ? new SelfTestOutput(sizes, values)
            : throw reader.Error("values", "has a number that is not finite.");
    }

    internal void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteStartArray("shape");
        foreach (int size in Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        byte[] bytes = new byte[Values.Length * sizeof(float)];
        for (int i = 0; i < Values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), Values.Span[i]);
        json.WriteBase64String("values", bytes);
        json.WriteEndObject();
    }
}

/// <summary>
/// What the encoders of a bundle said of windows and prompts that anybody can make again, recorded when the bundle was
/// made. Hashes show that files are whole; this shows that they compute the same on another machine.
/// </summary>
/// <param name="Rows">Of the windows, in patches.</param>
/// <param name="Columns">Of the windows, in patches.</param>
/// <param name="Prompts">One or more; they go through the bundle's templates.</param>
/// <param name="Tolerance">The most that an output may differ, as relative L2.</param>
/// <param name="Vlm">Of the vision-language model, [windows, rows, columns, D].</param>
/// <param name="Vm">Of the vision model, [windows, rows, columns, D].</param>
/// <param name="Text">Of the text encoder, [prompts, D].</param>
internal sealed record SelfTest(
    int Rows,
    int Columns,
    ImmutableArray<string> Prompts,
    float Tolerance,
    SelfTestOutput Vlm,
    SelfTestOutput Vm,
    SelfTestOutput Text
)
{
    /// <summary>The version of the file.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The file's name in bundles that are made here.</summary>
    public const string FileName = "self_test.json";

    /// <summary>For float32: other processors add in another order, 1e-6, and GPUs may round factors to 11 bits, up to
    /// 1e-3.</summary>
    public const float SingleTolerance = 1e-3f;

    /// <summary>For float16, which rounds every number to 11 bits, on every device in other places.</summary>
    public const float HalfTolerance = 2e-2f;

    private const long MaxBytes = 64 << 20;

    /// <summary>Reads that of a bundle.</summary>
    /// <exception cref="LpossException">The bundle has none, or it is not as it should be; the message names
    /// what.</exception>
    public static SelfTest Read(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (bundle.SelfTestFile is not { } file)
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{bundle.Folder} has no self-test, so nothing says what its encoders should give."
            )
            {
                Argument = "SelfTest",
            };
        string path = bundle.PathOf(file);
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.InvalidBundle);
        var reader = JsonObjectReader.Of(json, path, LpossErrorCode.InvalidBundle);
        int schema = reader.Integer("schema", 1, int.MaxValue);
        if (schema != SchemaVersion)
            throw reader.Error("schema", $"is {schema}; this version reads {SchemaVersion}.");
        var test = new SelfTest(
            reader.Integer("rows", 1, 64),
            reader.Integer("columns", 1, 64),
            [.. reader.Texts("prompts")],
            reader.OptionalNumber("tolerance", tolerance => tolerance is > 0 and < 1, "above 0 and below 1")
                ?? SingleTolerance,
            SelfTestOutput.Read(reader.Object("vlm"), rank: 4),
            SelfTestOutput.Read(reader.Object("vm"), rank: 4),
            SelfTestOutput.Read(reader.Object("text"), rank: 2)
        );
        reader.RejectUnknown();
        return test;
    }

    /// <summary>Writes the file.</summary>
    internal void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", SchemaVersion);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("columns", Columns);
        json.WriteStartArray("prompts");
        foreach (string prompt in Prompts)
            json.WriteStringValue(prompt);
        json.WriteEndArray();
        json.WritePropertyName("tolerance");
        json.WriteRawValue(Tolerance.ToString("R", CultureInfo.InvariantCulture));
        Vlm.Write(json, "vlm");
        Vm.Write(json, "vm");
        Text.Write(json, "text");
        json.WriteEndObject();
    }
}
