using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Lposs.Json;

namespace Lposs.Tools.Import.Weights;

/// <summary>
/// The header of a safetensors file: JSON that maps each tensor's name to its type, shape and place, and "__metadata__"
/// to texts. Whatever does not add up is refused, so that what it describes can be read blindly: every tensor has
/// exactly the bytes that its shape and type say, and the tensors fill the file without a gap or overlap.
/// </summary>
internal sealed record SafetensorsHeader(
    FrozenDictionary<string, TensorEntry> Tensors,
    FrozenDictionary<string, string> Metadata
)
{
    /// <summary>The format's own limit for a header.</summary>
    public const long MostBytes = 100_000_000;

    private const int MostDimensions = 8;
    private const string MetadataName = "__metadata__";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private static readonly FrozenDictionary<string, int> s_elementBytes = new Dictionary<string, int>
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["F8_E5M2"] = 1,
        ["F8_E4M3"] = 1,
        ["U16"] = 2,
        ["I16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["U32"] = 4,
        ["I32"] = 4,
        ["F32"] = 4,
        ["U64"] = 8,
        ["I64"] = 8,
        ["F64"] = 8,
    }.ToFrozenDictionary();

    /// <param name="json">The header, UTF-8.</param>
    /// <param name="dataStart">Where the tensors' bytes begin in the file.</param>
    /// <param name="dataBytes">How many bytes of tensors the file holds.</param>
    /// <param name="error">Makes the exception of a sentence.</param>
    public static SafetensorsHeader Read(
        ReadOnlyMemory<byte> json,
        long dataStart,
        long dataBytes,
        Func<string, Exception> error
    )
    {
        if (!Utf8.IsValid(json.Span))
            throw error("has a header that is not UTF-8 text; it is no safetensors file.");
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw error("has a header that is no JSON object; it is no safetensors file.");
            var tensors = new List<TensorEntry>();
            var metadata = FrozenDictionary<string, string>.Empty;
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name == MetadataName)
                    metadata = ReadMetadata(member.Value, error);
                else
                    tensors.Add(ReadTensor(member.Name, member.Value, dataStart, dataBytes, error));
            }
            RequireWithoutGaps(tensors, dataStart, dataBytes, error);
            return new SafetensorsHeader(tensors.ToFrozenDictionary(tensor => tensor.Name), metadata);
        }
        catch (JsonException invalid)
        {
            throw error(
                $"has a header that is not valid JSON ({JsonFile.Reason(invalid)}); it is damaged or "
                    + "no safetensors file."
            );
        }
        catch (InvalidOperationException)
        {
            // The search for names that are there twice stumbles over half a surrogate pair.
            throw error("has a name with a broken Unicode escape in its header; it is damaged.");
        }
    }

    private static FrozenDictionary<string, string> ReadMetadata(JsonElement value, Func<string, Exception> error)
    {
        if (
            value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Any(text => text.Value.ValueKind != JsonValueKind.String)
        )
            throw error($"has a {MetadataName} that is not an object of texts; it is damaged.");
        return value.EnumerateObject().ToFrozenDictionary(text => text.Name, text => text.Value.GetString()!);
    }

    private static TensorEntry ReadTensor(
        string name,
        JsonElement value,
        long dataStart,
        long dataBytes,
        Func<string, Exception> error
    )
    {
        Exception Error(string sentence) => error($"says that tensor '{name}' {sentence}");
        if (
            value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var type)
            || type.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shape)
            || shape.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out var offsets)
            || offsets.ValueKind != JsonValueKind.Array
        )
        {
            throw error($"describes tensor '{name}' without dtype, shape and data_offsets; it is damaged.");
        }
        if (!s_elementBytes.TryGetValue(type.GetString()!, out int elementBytes))
            throw Error($"has the type '{type.GetString()}', which the format does not know.");
        if (shape.GetArrayLength() > MostDimensions)
            throw Error($"has {shape.GetArrayLength()} dimensions; at most {MostDimensions} are read.");
        Int128 bytes = elementBytes;
        var dimensions = ImmutableArray.CreateBuilder<long>(shape.GetArrayLength());
        foreach (var side in shape.EnumerateArray())
        {
            if (!IsPlace(side, out long length))
                throw Error("has a dimension that is no whole number of 0 or more.");
            dimensions.Add(length);
            bytes *= length;
            if (bytes > long.MaxValue)
                throw Error($"is {shape.GetRawText()}, more than a file can hold.");
        }
        if (
            offsets.GetArrayLength() != 2
            || !IsPlace(offsets[0], out long begin)
            || !IsPlace(offsets[1], out long end)
            || end < begin
        )
            throw Error($"lies at {Shortened(offsets)}; that must be a beginning and an end.");
        if (end > dataBytes)
            throw Error($"ends at byte {end} of its data, which has {dataBytes}; the file is cut short.");
        if (end - begin != bytes)
            throw Error(
                $"has {end - begin} bytes; {TensorEntry.Describe(dimensions)} of {type.GetString()} are {bytes}."
            );
        return new TensorEntry(name, type.GetString()!, dimensions.DrainToImmutable(), dataStart + begin, end - begin);
    }

    private static void RequireWithoutGaps(
        List<TensorEntry> tensors,
        long dataStart,
        long dataBytes,
        Func<string, Exception> error
    )
    {
        long at = dataStart;
        TensorEntry? before = null;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Bytes))
        {
            if (tensor.Offset < at)
                throw error($"has the tensors '{before!.Name}' and '{tensor.Name}' in the same bytes; it is damaged.");
            if (tensor.Offset > at)
                throw error(
                    $"has {tensor.Offset - at} bytes before tensor '{tensor.Name}' that belong to none; it is damaged."
                );
            at = tensor.Offset + tensor.Bytes;
            before = tensor;
        }
        if (at != dataStart + dataBytes)
            throw error($"has {dataStart + dataBytes - at} bytes at its end that belong to no tensor; it is damaged.");
    }

    private static bool IsPlace(JsonElement value, out long number)
    {
        number = -1;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number) && number >= 0;
    }

    private static string Shortened(JsonElement value) =>
        value.GetRawText() is { Length: <= 60 } raw ? raw : value.GetRawText()[..60] + "...";
}
