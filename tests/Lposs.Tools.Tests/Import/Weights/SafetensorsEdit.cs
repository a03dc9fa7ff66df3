using System.Buffers.Binary;
using System.Text.Json;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Tools.Tests.Import.Weights;

/// <summary>A tensor of a safetensors file, to be changed.</summary>
internal sealed class EditedTensor(string name, string dtype, long[] shape, byte[] data)
{
    public string Name { get; set; } = name;

    public string Dtype { get; } = dtype;

    public long[] Shape { get; } = shape;

    public byte[] Data { get; } = data;
}

/// <summary>Writes a safetensors file anew with other tensors; reads it by itself, so that the reader under test is not
/// its own judge.</summary>
internal static class SafetensorsEdit
{
    public static void Rewrite(string from, string to, Action<List<EditedTensor>> edit)
    {
        byte[] file = File.ReadAllBytes(from);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        var tensors = new List<EditedTensor>();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            int[] offsets =
            [
                .. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32()),
            ];
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            tensors.Add(
                new EditedTensor(
                    entry.Name,
                    entry.Value.GetProperty("dtype").GetString()!,
                    shape,
                    file[(8 + length + offsets[0])..(8 + length + offsets[1])]
                )
            );
        }
        edit(tensors);

        var entries = new List<string>();
        using var data = new MemoryStream();
        foreach (var tensor in tensors)
        {
            long begin = data.Length;
            data.Write(tensor.Data);
            entries.Add(
                $"{JsonSerializer.Serialize(tensor.Name)}:{{\"dtype\":\"{tensor.Dtype}\","
                    + $"\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{begin},{data.Length}]}}"
            );
        }
        File.WriteAllBytes(to, SafetensorsBuilder.File("{" + string.Join(',', entries) + "}", data.ToArray()));
    }
}
