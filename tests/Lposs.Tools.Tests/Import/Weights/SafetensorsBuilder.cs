using System.Buffers.Binary;

namespace Lposs.Tools.Tests.Import.Weights;

/// <summary>Writes safetensors files byte by byte, whole and broken ones.</summary>
internal static class SafetensorsBuilder
{
    /// <summary>A file of a header and the bytes behind it, whatever they are.</summary>
    public static byte[] File(string header, params byte[] data)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        return file;
    }

    /// <summary>A file of float32 tensors.</summary>
    public static byte[] Floats(params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        var entries = new List<string>();
        var data = new List<byte>();
        foreach (var (name, shape, values) in tensors)
        {
            int begin = data.Count;
            data.AddRange(values.SelectMany(BitConverter.GetBytes));
            entries.Add(
                $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],"
                    + $"\"data_offsets\":[{begin},{data.Count}]}}"
            );
        }
        return File("{" + string.Join(',', entries) + "}", [.. data]);
    }
}
